//! The schema and its write functions against a real PostgreSQL: one program, so that its tests
//! share one server.

mod boards;
mod bounds;
mod comments;
mod flow;
mod import;
mod limits;
mod long_log;
mod members;
mod migrating;
mod names;
mod positions;
mod races;
mod reading;
mod recovery;
mod replay;
mod roles;
mod search;
mod short_positions;
mod support;
mod tasks;
mod undo;
