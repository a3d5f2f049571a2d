//! The Lua scripts that run inside Redis.

/// Asks for permission to try a password; `login_begin.lua` describes keys, arguments and answers.
pub const LOGIN_BEGIN: &str = include_str!("login_begin.lua");

/// Notes how the try ended; `login_end.lua` describes keys and arguments.
pub const LOGIN_END: &str = include_str!("login_end.lua");

/// Asks for permission to hash a password; `hash_begin.lua` describes keys, arguments and answers.
pub const HASH_BEGIN: &str = include_str!("hash_begin.lua");

/// Counts a registration or a mail; `registration_count.lua` describes keys, arguments and answers.
pub const REGISTRATION_COUNT: &str = include_str!("registration_count.lua");

/// Publishes events of a board; `publish.lua` describes keys, arguments and answers.
pub const PUBLISH: &str = include_str!("publish.lua");

/// Begins the stream of a new board; `stream_begin.lua` describes keys and answers.
pub const STREAM_BEGIN: &str = include_str!("stream_begin.lua");

/// Removes a stream from before a restore; `stream_forget.lua` describes keys, arguments and answers.
pub const STREAM_FORGET: &str = include_str!("stream_forget.lua");

/// Removes a key that has another type than it must have; `remove_other_type.lua` describes keys and arguments.
pub const REMOVE_OTHER_TYPE: &str = include_str!("remove_other_type.lua");

/// Lets a relay say that it is alive; `presence_beat.lua` describes keys, arguments and answers.
pub const PRESENCE_BEAT: &str = include_str!("presence_beat.lua");

/// Counts entries of a feed; `monitor_count.lua` describes keys, arguments and answers.
pub const MONITOR_COUNT: &str = include_str!("monitor_count.lua");

/// Removes consumers that are gone; `monitor_tidy.lua` describes keys, arguments and answers.
pub const MONITOR_TIDY: &str = include_str!("monitor_tidy.lua");

/// Reads what was counted of a shard; `read_statistics.lua` describes keys, arguments and answers.
pub const READ_STATISTICS: &str = include_str!("read_statistics.lua");

/// Stores a relay's report; `relay_report.lua` describes keys, arguments and answers.
pub const RELAY_REPORT: &str = include_str!("relay_report.lua");

/// Keeps an answer of a board's analytics; `analytics_keep.lua` describes keys and arguments.
pub const ANALYTICS_KEEP: &str = include_str!("analytics_keep.lua");

/// Counts reads of boards; `reads_count.lua` describes keys, arguments and answers.
pub const READS_COUNT: &str = include_str!("reads_count.lua");
