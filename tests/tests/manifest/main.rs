//! The surface of a server as data, as text, and pinned to a file.

mod declaration;
mod differences;
mod errors;
mod pin;
mod running;
