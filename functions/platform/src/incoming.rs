//! A request as `wasi:http` gives it. Each question to the host costs as much as a handler, so what
//! nobody needs is not asked, and a body is opened only where there may be one.

use crate::head::{Head, Headers};
use crate::{Failure, Method};
use bytes::Bytes;
use shared::http::problem::{Problem, ProblemKind};
use spin_sdk::wasip3::http::types::{self, ErrorCode};
use spin_sdk::wasip3::wit_bindgen::StreamResult;
use spin_sdk::wasip3::wit_future;

/// A request whose body nobody has read yet.
#[derive(Debug)]
pub struct Request {
    head: Head,
    rest: types::Request,
}

impl Request {
    /// The request of the host.
    ///
    /// # Errors
    /// Its method is not a token, which a host lets nobody send.
    pub fn of(request: types::Request) -> Result<Self, ErrorCode> {
        let method = method(request.get_method())?;
        let target = request.get_path_with_query().unwrap_or_default();
        let mut headers = Headers::new(request.get_headers().copy_all());
        // HTTP/2 names it beside the headers.
        if headers.values("host").next().is_none()
            && let Some(authority) = request.get_authority()
        {
            headers.push("host", &authority);
        }
        Ok(Self { head: Head::new(method, target, headers), rest: request })
    }

    /// Its path, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.head.path
    }

    /// Its head, and its body where that has up to `most` bytes.
    pub(crate) async fn read(self, most: usize) -> (Head, Result<Bytes, Failure>) {
        let Self { head, rest } = self;
        let body = if head.may_have_body() {
            read_body(rest, head.announced_length(), most).await
        } else {
            Ok(Bytes::new())
        };
        (head, body)
    }
}

fn method(method: types::Method) -> Result<Method, ErrorCode> {
    Ok(match method {
        types::Method::Get => Method::GET,
        types::Method::Head => Method::HEAD,
        types::Method::Post => Method::POST,
        types::Method::Put => Method::PUT,
        types::Method::Delete => Method::DELETE,
        types::Method::Connect => Method::CONNECT,
        types::Method::Options => Method::OPTIONS,
        types::Method::Trace => Method::TRACE,
        types::Method::Patch => Method::PATCH,
        types::Method::Other(name) => {
            Method::from_bytes(name.as_bytes()).map_err(|_| ErrorCode::HttpRequestMethodInvalid)?
        }
    })
}

/// How many times its limit of a body is read, though not kept. A client that is still sending when
/// its connection closes may never see the answer, so moderate excess is read to the end.
const READ_FACTOR: u64 = 4;

/// How much of a body of unknown length is read at once, in bytes.
const PIECE: usize = 16 * 1024;

/// The whole body, up to the limit.
async fn read_body(
    request: types::Request,
    announced: Option<u64>,
    most: usize,
) -> Result<Bytes, Failure> {
    let (limit, most_read) = (most as u64, READ_FACTOR * most as u64);
    let too_large = || {
        let detail = format!("The body may have at most {most} bytes ({}).", binary_size(most));
        Failure::refused(ProblemKind::PayloadTooLarge, detail)
    };
    if announced.is_some_and(|length| length > most_read) {
        return Err(too_large());
    }
    let length = announced.and_then(|length| usize::try_from(length).ok());
    let mut kept = Vec::with_capacity(length.map_or(PIECE, |length| length.min(most)));
    let (_taken, taken) = wit_future::new(|| Ok(()));
    let (mut stream, end) = types::Request::consume_body(request, taken);
    let mut read = 0;
    // Nothing has to say that no more follows what was announced.
    while announced != Some(read) && read <= most_read {
        if kept.len() == kept.capacity() {
            kept.reserve(PIECE);
        }
        let before = kept.len();
        let (result, filled) = stream.read(kept).await;
        kept = filled;
        read += (kept.len() - before) as u64;
        if read > limit {
            kept.clear();
        }
        if matches!(result, StreamResult::Dropped | StreamResult::Cancelled) {
            end.await.map_err(|error| {
                let problem = Problem::new(ProblemKind::MalformedJson, "The body ended early.");
                Failure::Fault { problem, cause: format!("reading the body: {error}") }
            })?;
            break;
        }
    }
    if read > limit { Err(too_large()) } else { Ok(kept.into()) }
}

/// A size as people read it: `8 MiB`, `256 KiB`.
fn binary_size(bytes: usize) -> String {
    match bytes {
        _ if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ => format!("{} KiB", bytes >> 10),
    }
}
