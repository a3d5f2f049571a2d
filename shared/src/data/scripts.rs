//! The Lua scripts that run inside Redis.

/// Asks for leave to try a password; `login_begin.lua` tells keys, arguments and answers.
pub const LOGIN_BEGIN: &str = include_str!("login_begin.lua");

/// Notes how the try ended; `login_end.lua` tells keys and arguments.
pub const LOGIN_END: &str = include_str!("login_end.lua");
