//! Observability that every program has: its process's use of the machine, and the traces of what
//! passes through it.

#![warn(missing_docs)]

pub mod process;
pub mod traces;
