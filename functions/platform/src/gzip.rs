//! Large answers are compressed where the client takes that (docs/contract/api.md, API-GZIP).

use crate::{Answer, Call};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderValue, header};
use std::io::Write as _;
use std::time::Instant;

/// How it begins, and no text does.
const BEGINNING: [u8; 2] = [0x1f, 0x8b];

/// From how many bytes on: below that the network takes them in a few packets either way.
pub(crate) const LEAST: usize = 16 * 1024;

impl Answer {
    /// The same, compressed where it is large and the client takes that. What was compressed for a client
    /// that takes it, and kept, stays as it is.
    #[must_use]
    pub fn gzipped(mut self, call: &Call) -> Self {
        self.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if self.body.starts_with(&BEGINNING) {
            self.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            return self;
        }
        if self.body.len() < LEAST || !call.accepts_gzip() {
            return self;
        }
        let start = Instant::now();
        let mut encoder =
            GzEncoder::new(Vec::with_capacity(self.body.len() / 8), Compression::fast());
        let compressed = encoder.write_all(&self.body).and_then(|()| encoder.finish());
        // Nothing can fail that writes to memory, and as it is the answer is right as well.
        if let Ok(compressed) = compressed {
            self.body = compressed.into();
            self.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            call.took("gzip", start.elapsed());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::StatusCode;
    use std::io::Read as _;

    fn answer(size: usize, accepted: &str) -> Answer {
        let request = http::Request::get("/api/boards/7").header("accept-encoding", accepted);
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let call = Call::new(parts.into(), Bytes::new(), || "fresh".to_owned());
        Answer::json(StatusCode::OK, "x".repeat(size)).gzipped(&call)
    }

    #[test]
    fn api_gzip_a_large_answer_is_compressed_for_who_takes_it_and_comes_back_whole() {
        for accepted in ["gzip", "br, gzip;q=0.5", "*"] {
            let answer = answer(LEAST, accepted);
            assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip", "{accepted}");
            let mut text = String::new();
            flate2::read::GzDecoder::new(&answer.body[..]).read_to_string(&mut text).expect("gzip");
            assert_eq!(text, "x".repeat(LEAST));
        }
    }

    #[test]
    fn api_gzip_what_was_compressed_before_is_not_compressed_again() {
        let kept = answer(LEAST, "gzip");
        let request = http::Request::get("/").header("accept-encoding", "gzip");
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let call = Call::new(parts.into(), Bytes::new(), || "fresh".to_owned());
        let again = Answer::json(StatusCode::OK, kept.body.clone()).gzipped(&call);
        assert_eq!((&again.body, &again.headers), (&kept.body, &kept.headers));
    }

    #[test]
    fn api_gzip_small_answers_and_other_clients_get_it_as_it_is() {
        for (size, accepted) in
            [(LEAST - 1, "gzip"), (LEAST, ""), (LEAST, "br"), (LEAST, "gzip;q=0")]
        {
            let answer = answer(size, accepted);
            assert!(!answer.headers.contains_key(header::CONTENT_ENCODING), "{accepted}");
            assert_eq!(
                (answer.body.len(), &answer.headers[header::VARY]),
                (size, &HeaderValue::from_static("Accept-Encoding"))
            );
        }
    }
}
