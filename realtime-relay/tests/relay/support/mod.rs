//! The relay as built, a stand-in for the functions, and clients of an independent library.

mod functions;
mod relay;
mod wait;

pub(crate) use functions::Functions;
pub(crate) use relay::{Client, Relay};
