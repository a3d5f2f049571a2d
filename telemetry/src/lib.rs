//! What a program tells those who run it, whatever it does: what its process takes of the machine, and
//! the traces of what passes through it.

pub mod process;
pub mod traces;
