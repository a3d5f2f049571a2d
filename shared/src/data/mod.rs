//! The texts that both sides use: names of keys in Redis, scripts for it, statements for PostgreSQL.

pub mod analytics;
pub mod cluster;
pub mod keys;
pub mod publication;
pub mod reason;
pub mod redis_address;
pub mod scripts;
pub mod sql;
pub mod statistics;
