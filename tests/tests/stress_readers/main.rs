//! Slow readers (RT7), and who receives what until when (RT6), under steady writes over several
//! relays. Each scenario takes seconds, so they are ignored unless asked for, one after the other:
//! `cargo test -p contract-tests --test stress_readers -- --ignored --test-threads=1`.

mod accounts;
mod boards;
mod clocks;
mod dead;
mod drain;
mod field;
mod members;
mod raw;
mod reader;
mod secrets;
mod stage;
mod stopped;
mod thousand;
mod writer;

#[expect(dead_code, unused_imports, reason = "the suite that owns this module uses everything")]
#[path = "../relay/support/mod.rs"]
mod support;
