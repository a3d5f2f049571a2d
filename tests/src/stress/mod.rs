//! Stress: many clients that follow many boards over several relays, writers, and faults in
//! between; afterwards everything that each client received is checked against the stored state.
//!
//! A scenario starts an [`Arena`], lets clients [follow](Arena::follow) and writers
//! [write](Arena::write), injects its faults, and calls [`Arena::finish`], which fails with
//! every promise of docs/contract/realtime.md that was not kept.

mod arena;
mod client;
mod client_task;
mod finish;
mod people;
mod plan;
mod relays;
mod scale;
mod texts;
mod writer;
mod writer_commands;

pub use arena::Arena;
pub use client::{Client, ClientPlan, Conduct, Status};
pub use finish::Outcome;
pub use people::Person;
pub use plan::Plan;
pub use scale::{scale, scaled};
pub use writer::{Writer, WriterPlan, Written};
