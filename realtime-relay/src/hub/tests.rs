//! Boards over a source in memory that can lose, delay and refuse.
