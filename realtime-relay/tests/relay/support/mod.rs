//! The relay as built, a stand-in for the functions, and clients that use an independent library.

pub(crate) mod functions;
pub(crate) mod relay;
pub(crate) mod wait;

pub(crate) use functions::Functions;
pub(crate) use relay::{Client, Relay};
