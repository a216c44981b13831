//! `docs/authlib.md`, row by row: one test for each name of the server API of Authlib's Django integration.

mod by_hand;
mod declaration;
mod page;
mod protector;
mod revocation;
mod shop;
mod signals;
