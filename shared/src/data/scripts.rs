//! The Lua scripts that run inside Redis.

/// Asks for leave to try a password; `login_begin.lua` tells keys, arguments and answers.
pub const LOGIN_BEGIN: &str = include_str!("login_begin.lua");

/// Notes how the try ended; `login_end.lua` tells keys and arguments.
pub const LOGIN_END: &str = include_str!("login_end.lua");

/// Asks for leave to hash a password; `hash_begin.lua` tells keys, arguments and answers.
pub const HASH_BEGIN: &str = include_str!("hash_begin.lua");

/// Counts a registration or a mail; `registration_count.lua` tells keys, arguments and answers.
pub const REGISTRATION_COUNT: &str = include_str!("registration_count.lua");

/// Publishes events of a board; `publish.lua` tells keys, arguments and answers.
pub const PUBLISH: &str = include_str!("publish.lua");

/// Begins the stream of a new board; `stream_begin.lua` tells keys and answers.
pub const STREAM_BEGIN: &str = include_str!("stream_begin.lua");

/// Removes a stream of a lost future; `stream_forget.lua` tells keys, arguments and answers.
pub const STREAM_FORGET: &str = include_str!("stream_forget.lua");

/// Makes way for a key of which something else has the name; `make_way.lua` tells keys and arguments.
pub const MAKE_WAY: &str = include_str!("make_way.lua");

/// Lets a relay say that it lives; `presence_beat.lua` tells keys, arguments and answers.
pub const PRESENCE_BEAT: &str = include_str!("presence_beat.lua");

/// Counts entries of a feed; `monitor_count.lua` tells keys, arguments and answers.
pub const MONITOR_COUNT: &str = include_str!("monitor_count.lua");

/// Removes consumers that are gone; `monitor_tidy.lua` tells keys, arguments and answers.
pub const MONITOR_TIDY: &str = include_str!("monitor_tidy.lua");

/// Reads what was counted of a shard; `read_statistics.lua` tells keys, arguments and answers.
pub const READ_STATISTICS: &str = include_str!("read_statistics.lua");

/// Takes in what a relay says of itself; `relay_report.lua` tells keys, arguments and answers.
pub const RELAY_REPORT: &str = include_str!("relay_report.lua");

/// Keeps an answer of a board's analytics; `analytics_keep.lua` tells keys and arguments.
pub const ANALYTICS_KEEP: &str = include_str!("analytics_keep.lua");

/// Counts reads of boards; `reads_count.lua` tells keys, arguments and answers.
pub const READS_COUNT: &str = include_str!("reads_count.lua");
