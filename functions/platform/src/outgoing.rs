//! An answer as `wasi:http` takes it: its body is one write, and an answer without a body has no
//! stream to write it to.

use crate::Answer;
use http::StatusCode;
use spin_sdk::wasip3::http::types::Fields;
use spin_sdk::wasip3::{spawn, wit_future, wit_stream};

/// What a component's entry gives back to the host.
pub use spin_sdk::wasip3::http::types::Response;

/// The answer as a response, whose body is sent when the host has taken it; of an answer to HEAD only
/// the head is.
pub(crate) fn respond(answer: Answer, head_only: bool) -> Response {
    let Answer { status, headers, body } = answer;
    let fields: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    // Names and values are what headers may have: `http` has seen to it.
    let fields = Fields::from_list(&fields).unwrap_or_else(|_| Fields::new());
    let (trailers, end) = wit_future::new(|| Ok(None));
    let response = if head_only || body.is_empty() {
        Response::new(fields, None, end).0
    } else {
        let (mut writer, reader) = wit_stream::new();
        spawn(async move {
            // If the host accepts no more, its client is gone.
            writer.write_all(body.into()).await;
            drop(writer);
            // There are none, which is to be said last.
            drop(trailers);
        });
        Response::new(fields, Some(reader), end).0
    };
    if status != StatusCode::OK {
        // Every status that there is can be set.
        let _ = response.set_status_code(status.as_u16());
    }
    response
}
