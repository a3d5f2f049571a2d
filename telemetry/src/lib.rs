//! What a program tells those who run it, whatever it does: what its process takes of the machine.

pub mod process;
