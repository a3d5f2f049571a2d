//! Large answers are compressed where the client takes that (docs/contract/api.md, API-GZIP).

use crate::{Answer, Call};
use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use http::{HeaderValue, header};
use std::io::Write as _;
use std::time::Instant;

/// How it begins, and no text does.
const BEGINNING: [u8; 2] = [0x1f, 0x8b];

/// From how many bytes on: below that the network takes them in a few packets either way.
pub const LEAST: usize = 16 * 1024;

/// A part of an answer that was deflated by itself, so that it can be kept and others put around it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deflated {
    /// Blocks of RFC 1951, of which none is the last, up to a whole byte.
    pub blocks: Vec<u8>,
    /// The CRC-32 of what was deflated.
    pub checksum: u32,
    /// How many bytes that was.
    pub size: u64,
}

impl Deflated {
    /// Deflates.
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        let room = Vec::with_capacity(text.len() / 8);
        let mut encoder = DeflateEncoder::new(room, Compression::fast());
        // Nothing can fail that writes to memory.
        drop(encoder.write_all(text).and_then(|()| encoder.flush()));
        let blocks = std::mem::take(encoder.get_mut());
        Self { blocks, checksum: crc32fast::hash(text), size: text.len() as u64 }
    }

    /// The same without the work: what is too short to become much shorter.
    #[must_use]
    pub fn as_it_is(text: &[u8]) -> Self {
        let mut blocks = Vec::with_capacity(text.len() + 5);
        for block in text.chunks(0xffff) {
            // It is full.
            let size = u16::try_from(block.len()).unwrap_or(u16::MAX);
            blocks.push(0);
            blocks.extend_from_slice(&size.to_le_bytes());
            blocks.extend_from_slice(&(!size).to_le_bytes());
            blocks.extend_from_slice(block);
        }
        Self { blocks, checksum: crc32fast::hash(text), size: text.len() as u64 }
    }

    /// These parts as one gzip member (RFC 1952).
    #[must_use]
    pub fn joined(parts: &[&Self]) -> Vec<u8> {
        const HEAD: [u8; 10] = [BEGINNING[0], BEGINNING[1], 8, 0, 0, 0, 0, 0, 4, 0xff];
        /// An empty block that is the last.
        const END: [u8; 2] = [3, 0];
        let (mut member, mut all, mut size) = (HEAD.to_vec(), Hasher::new(), 0_u64);
        for part in parts {
            member.extend_from_slice(&part.blocks);
            all.combine(&Hasher::new_with_initial_len(part.checksum, part.size));
            size = size.wrapping_add(part.size);
        }
        member.extend_from_slice(&END);
        member.extend_from_slice(&all.finalize().to_le_bytes());
        // Modulo 2^32.
        member.extend_from_slice(&size.to_le_bytes()[..4]);
        member
    }
}

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
    fn api_gzip_parts_that_were_deflated_by_themselves_are_one_member() {
        let long = "What is there, and what was. ".repeat(9_000);
        for texts in [&["", "", ""][..], &["a", &long, "é"], &[&long, "", &long], &["", &long], &[]]
        {
            let of = [Deflated::of, Deflated::as_it_is];
            let parts: Vec<Deflated> =
                texts.iter().zip(of.iter().cycle()).map(|(text, of)| of(text.as_bytes())).collect();
            let member = Deflated::joined(&parts.iter().collect::<Vec<_>>());
            let mut decoder = flate2::read::GzDecoder::new(&member[..]);
            let mut text = String::new();
            let _ = decoder.read_to_string(&mut text).expect("gzip");
            assert_eq!(text, texts.concat());
            assert!(decoder.into_inner().is_empty(), "nothing after the only member");
        }
    }

    #[test]
    fn api_gzip_a_large_answer_is_compressed_for_who_takes_it_and_comes_back_whole() {
        for accepted in ["gzip", "br, gzip;q=0.5", "gzip;Q=0.5", "*", "*;q=0, GZIP"] {
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
        for (size, accepted) in [
            (LEAST - 1, "gzip"),
            (LEAST, ""),
            (LEAST, "br"),
            (LEAST, "gzip;q=0"),
            (LEAST, "gzip;q=0, *"),
        ] {
            let answer = answer(size, accepted);
            assert!(!answer.headers.contains_key(header::CONTENT_ENCODING), "{accepted}");
            assert_eq!(
                (answer.body.len(), &answer.headers[header::VARY]),
                (size, &HeaderValue::from_static("Accept-Encoding"))
            );
        }
    }
}
