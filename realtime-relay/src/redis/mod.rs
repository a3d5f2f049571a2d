//! Redis: connections that come back after they broke, and what streams answer.

pub(crate) mod entries;
pub(crate) mod link;

pub(crate) use link::Link;

/// The shards as a set of bits.
pub(crate) type Shards = u32;
