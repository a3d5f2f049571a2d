//! The relay over Redis and PostgreSQL, without the functions: events are written by the database's
//! functions, and published as the components would, or differently.

mod api_tokens;
mod delivery;
mod drain;
mod floods;
mod frames;
mod guests;
mod holes;
mod isolation;
mod messages;
mod metrics;
mod monitor;
mod outages;
mod presence;
mod sessions;
mod sse;
mod sse_readers;
#[expect(dead_code, reason = "the suite stress_readers uses the rest")]
mod support;
mod tokens;
