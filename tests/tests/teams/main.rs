//! State-of-the-art mode (docs/contract/api.md, API-BOARD and what follows it; RT-PUBLISH), tested
//! against real servers with their own databases.

mod admin;
mod analytics;
mod analytics_kept;
mod api_tokens;
mod at;
mod boards;
mod bounds;
mod cache;
mod checklists;
mod comments;
mod documents;
mod examples;
mod files;
mod heavy;
mod history;
mod idempotency;
mod invitations;
mod leaving;
mod lists;
mod members;
mod operators;
mod outages;
mod positions;
mod preconditions;
mod races;
mod redis_states;
mod roles;
mod round_trips;
mod scripts;
mod search;
mod strangers;
mod tasks;
mod traces;
mod undo;
mod undo_steps;
