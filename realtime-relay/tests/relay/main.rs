//! Black-box tests of the relay as built.

mod delivery;
mod support;
