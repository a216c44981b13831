use serde::Serialize;

use crate::endpoint::{Caller, Mount};
use crate::error::ErrorCode;
use crate::grant::Dispatch;
use crate::router::{DeclaredServer, is_own_page, mounts};

/// An endpoint of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Route {
    /// Its name: as in `endpoints(..)`, or that of its type.
    pub endpoint: String,
    /// The type that answers. `None` when the application does, with `sign_in = own_pages`.
    pub answered_by: Option<String>,
    /// Its path, below the issuer's.
    pub path: &'static str,
    /// The HTTP methods it answers. Where there is `GET` there is `HEAD` too.
    pub methods: Vec<&'static str>,
    /// The client authentication methods that count there; none where no client authenticates.
    pub client_auth: Vec<&'static str>,
    /// Whether there is a layer of yours around it.
    pub layer: bool,
    /// The error codes it answers with. Steps of extensions may add others; an endpoint of your own has those it names.
    pub error_codes: &'static [ErrorCode],
}

/// What the manifest calls an endpoint.
pub(super) fn name<S: Dispatch>(mount: &Mount<S>) -> String {
    if mount.name.is_empty() { plain((mount.answered_by)()) } else { mount.name.to_owned() }
}

/// Every endpoint, in the order of the names: that of `endpoints(..)` means nothing.
pub(super) fn routes<S: DeclaredServer>() -> Vec<Route> {
    let mut routes: Vec<_> = mounts::<S>().map(|mount| route(&mount)).collect();
    routes.sort_by(|a, b| (&a.endpoint, a.path).cmp(&(&b.endpoint, b.path)));
    routes
}

fn route<S: DeclaredServer>(mount: &Mount<S>) -> Route {
    let client_auth = mount.client_auth_methods().iter().filter(|method| match mount.caller {
        Caller::Anybody => false,
        Caller::AnyClient => true,
        Caller::ConfidentialClient => method.authenticates(),
    });
    Route {
        endpoint: name(mount),
        answered_by: (!is_own_page(mount)).then(|| plain((mount.answered_by)())),
        path: mount.path,
        methods: mount.method_names().collect(),
        client_auth: client_auth.map(|method| method.name).collect(),
        layer: mount.has_layer(),
        error_codes: mount.error_codes,
    }
}

/// A type's name without the modules it is in: moving a type changes nothing that anybody notices.
pub(super) fn plain(type_name: &str) -> String {
    let parts = type_name.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    parts.map(|part| part.rsplit("::").next().unwrap_or(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn modules_are_left_out_wherever_they_are() {
        assert_eq!(plain("Alone"), "Alone");
        assert_eq!(plain("shop::endpoints::Status"), "Status");
        assert_eq!(
            plain("oauth2_runtime::endpoint::Chain<shop::a::First, b::Last<[u8; 4], &str>>"),
            "Chain<First, Last<[u8; 4], &str>>"
        );
        assert_eq!(plain("(a::b::C, ())"), "(C, ())");
    }
}
