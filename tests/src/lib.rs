//! Fixtures of the tests in this package: a declared server, a clock to step, and a small HTTP client.

// Programs of the guide are copied: one that the compiler warns of is not one to copy. What they leave unused is fine.
#![doc(test(attr(deny(warnings), allow(unused))))]

pub mod answer;
pub mod boom;
pub mod browser;
pub mod chrome;
pub mod classic;
pub mod clock;
pub mod cpu;
pub mod http;
pub mod lines;
pub mod log;
pub mod own_tokens;
pub mod portal;
pub mod provider;
pub mod running;
pub mod storm;
pub mod wrong_store;

/// The pages with code are compiled.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/guide/README.md")]
    struct Guide;
    #[doc = include_str!("../../docs/guide/first-server.md")]
    struct FirstServer;
    #[doc = include_str!("../../docs/guide/models.md")]
    struct Models;
    #[doc = include_str!("../../docs/guide/grants.md")]
    struct Grants;
    #[doc = include_str!("../../docs/guide/tokens.md")]
    struct Tokens;
    #[doc = include_str!("../../docs/guide/extensions.md")]
    struct Extensions;
    #[doc = include_str!("../../docs/guide/own-parts.md")]
    struct OwnParts;
    #[doc = include_str!("../../docs/guide/protecting-routes.md")]
    struct ProtectingRoutes;
    #[doc = include_str!("../../docs/guide/pages.md")]
    struct Pages;
    #[doc = include_str!("../../docs/guide/errors.md")]
    struct Errors;
    #[doc = include_str!("../../docs/guide/signals.md")]
    struct Signals;
    #[doc = include_str!("../../docs/guide/deployment.md")]
    struct Deployment;
    #[doc = include_str!("../../docs/guide/manifest.md")]
    struct Manifest;
}
