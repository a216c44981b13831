//! The real program from outside: its process, its files and what it answers over sockets.
#![cfg(unix)]

// For Clippy these are tests only with the attribute, although nothing else is ever built here.
#[cfg(test)]
mod api;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod check;
#[cfg(test)]
mod classic;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod metadata_refused;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod process;
#[cfg(test)]
mod races;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod site;
#[cfg(test)]
mod start;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod upgrade;
