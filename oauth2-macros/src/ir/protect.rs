use syn::{LitStr, Path};

use crate::attr::protect::{ProtectAttr, Requirement};
use crate::item::Handler;
use crate::paths::Runtime;

/// A protected handler.
pub(crate) struct Protect {
    pub(crate) server: Path,
    pub(crate) requirement: Requirement,
    pub(crate) when: Option<Path>,
    pub(crate) realm: Option<LitStr>,
    pub(crate) handler: Handler,
    pub(crate) runtime: Runtime,
}

impl Protect {
    /// The handler back when the attribute is not complete.
    pub(crate) fn lower(attr: ProtectAttr, handler: Handler) -> Result<Self, Box<(Handler, Runtime)>> {
        let runtime = Runtime::new(attr.runtime);
        match (attr.server, attr.requirement) {
            (Some(server), Some(requirement)) => {
                Ok(Self { server, requirement, when: attr.when, realm: attr.realm, handler, runtime })
            }
            _ => Err(Box::new((handler, runtime))),
        }
    }
}
