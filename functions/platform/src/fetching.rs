//! What a function asks of another server: within bounds of time and size, and without following where that leads.

use crate::host;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use spin_sdk::http::FullBody;
use std::time::Duration;

/// The most of an answer that is read, in bytes.
const MOST_BYTES: usize = 256 * 1024;

/// The status and the body of an answer. A redirection is an answer like any other.
///
/// # Errors
/// What went wrong, for the log: no answer within `patience`, or more than 256 KiB of it.
pub async fn fetch(
    request: Request<Bytes>,
    patience: Duration,
) -> Result<(StatusCode, Bytes), String> {
    let request = request.map(FullBody::new);
    let answered = host::within(patience, async {
        let response = spin_sdk::http::send(request).await.map_err(|error| error.to_string())?;
        let (head, mut body) = response.into_parts();
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| format!("the response ended early: {error}"))?;
            if let Some(piece) = frame.data_ref() {
                if read.len() + piece.len() > MOST_BYTES {
                    return Err(format!("the response has more than {MOST_BYTES} bytes"));
                }
                read.extend_from_slice(piece);
            }
        }
        Ok((head.status, Bytes::from(read)))
    });
    answered.await.unwrap_or_else(|| Err(format!("no answer within {patience:?}")))
}
