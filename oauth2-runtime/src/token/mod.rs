//! Kinds of tokens: how their values are made. One kind a file.

pub(crate) mod opaque;
