//! Errors of Redis in the words that Spin has for them, since guests can only look at the text.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::bindings::spin::redis::redis::Error;

/// What a failed command is called.
pub(super) fn failed(error: &RedisError) -> Error {
    Error::Other(text(error))
}

fn text(error: &RedisError) -> String {
    let detail = error.detail().unwrap_or_default();
    let known = match error.kind() {
        ErrorKind::Server(ServerErrorKind::ResponseError) => "ResponseError",
        ErrorKind::Server(ServerErrorKind::ExecAbort) => "ExecAbortError",
        ErrorKind::Server(ServerErrorKind::BusyLoading) => "BusyLoadingError",
        ErrorKind::Server(ServerErrorKind::NoScript) => "NoScriptError",
        ErrorKind::Server(ServerErrorKind::ReadOnly) => "ReadOnly",
        _ => {
            return match error.code() {
                Some(code) => format!("{code}: {detail}"),
                None => error.to_string(),
            };
        }
    };
    format!("An error was signalled by the server - {known}: {detail}")
}
