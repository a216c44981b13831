//! The validated form of each declaration: the only thing that can be expanded.

pub(crate) mod column;
pub(crate) mod grant;
pub(crate) mod model;
pub(crate) mod protect;
pub(crate) mod role;
pub(crate) mod scope;
pub(crate) mod server;
