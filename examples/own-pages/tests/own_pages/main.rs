//! The example from outside: over sockets, with a browser's cookies and forms, and its database.

// For Clippy these are tests only with the attribute, although nothing else is ever built here.
#[cfg(test)]
mod flow;
#[cfg(test)]
mod forgery;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod prompt;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod site;
#[cfg(test)]
mod surface;
