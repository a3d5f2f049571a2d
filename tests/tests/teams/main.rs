//! State-of-the-art mode (api.md, "Boards" and what follows it; realtime.md, "Write path"), asked of
//! the real servers with databases of their own.

mod at;
mod boards;
mod cache;
mod comments;
mod documents;
mod heavy;
mod history;
mod idempotency;
mod lists;
mod members;
mod outages;
mod positions;
mod preconditions;
mod races;
mod roles;
mod scripts;
mod tasks;
mod undo;
mod with_json;
