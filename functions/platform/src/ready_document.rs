//! A board's document, ready to be sent except for its reader's role, as the cache keeps it
//! (docs/contract/realtime.md, RT-CACHE).
//!
//! The cache has one line, `BOARD SEQ UPDATED_AT EPOCH BYTES` or `BOARD SEQ UPDATED_AT EPOCH BYTES CHECKSUM SIZE`, and
//! that many bytes after it: all of the response that follows `{"role":"owner",`, as it is, or deflated, with
//! checksum and size of what it was. What precedes it replaces the line, so nothing is copied or compressed.

use crate::gzip;
use bytes::Bytes;
use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use shared::models::{BoardId, Seq};
use std::io::Write as _;

/// For how many seconds a document is kept.
pub const SECONDS: u64 = 3600;

/// How many bytes a document may have to be kept.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The state of a board: its newest event, when that was, and the history of the database. The
/// time distinguishes what the number cannot: a database that was set back, unnoticed, has other
/// events under the same numbers.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The board.
    pub board: BoardId,
    /// Its newest event.
    pub seq: Seq,
    /// The time of that event, or of the board's making (RFC 3339).
    pub updated_at: String,
    /// The database's epoch.
    pub epoch: String,
}

impl Moment {
    fn line(&self) -> String {
        let Self { board, seq, updated_at, epoch } = self;
        format!("{board} {seq} {updated_at} {epoch} ")
    }
}

/// The document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadyDocument {
    value: Vec<u8>,
    /// Where the line has ended.
    begins: usize,
    deflated: Option<Deflated>,
}

/// What was deflated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Deflated {
    checksum: u32,
    size: u32,
}

impl ReadyDocument {
    /// The document of a moment, from all of its JSON that follows the role. With `gzip` a large one is
    /// compressed.
    #[must_use]
    pub fn new(moment: &Moment, rest: &str, gzip: bool) -> Self {
        let whole = opening("viewer").len() + rest.len();
        if gzip
            && whole >= gzip::LEAST
            && let Some((deflated, bytes)) = deflated(rest.as_bytes())
        {
            return Self::of(moment, Some(deflated), &bytes);
        }
        Self::of(moment, None, rest.as_bytes())
    }

    fn of(moment: &Moment, deflated: Option<Deflated>, bytes: &[u8]) -> Self {
        let mut line = format!("{}{}", moment.line(), bytes.len());
        if let Some(Deflated { checksum, size }) = deflated {
            line.push_str(&format!(" {checksum} {size}"));
        }
        line.push('\n');
        Self { value: [line.as_bytes(), bytes].concat(), begins: line.len(), deflated }
    }

    /// What the cache has, if that is a whole document of this moment.
    #[must_use]
    pub fn kept(value: Vec<u8>, moment: &Moment) -> Option<Self> {
        let (line, of) = (value.split(|byte| *byte == b'\n').next()?, moment.line());
        let sizes = std::str::from_utf8(line.strip_prefix(of.as_bytes())?).ok()?;
        let mut sizes = sizes.split(' ');
        let bytes: usize = sizes.next()?.parse().ok()?;
        let deflated = match (sizes.next(), sizes.next(), sizes.next()) {
            (None, ..) => None,
            (Some(checksum), Some(size), None) => {
                Some(Deflated { checksum: checksum.parse().ok()?, size: size.parse().ok()? })
            }
            _ => return None,
        };
        let begins = line.len() + 1;
        (value.len().checked_sub(begins) == Some(bytes)).then_some(Self { value, begins, deflated })
    }

    /// What the cache is to keep; nothing where it is too large.
    #[must_use]
    pub fn value(&self) -> Option<&[u8]> {
        (self.value.len() <= MOST_BYTES).then_some(&self.value)
    }

    /// Whether the body is compressed.
    #[must_use]
    pub fn is_gzip(&self) -> bool {
        self.deflated.is_some()
    }

    /// The answer's body for a reader of this role.
    #[must_use]
    pub fn body(self, role: &str) -> Bytes {
        let opening = opening(role);
        let Some(Deflated { checksum, size }) = self.deflated else {
            return self.between(opening.as_bytes(), &[]);
        };
        // RFC 1952: a member's head, the opening as a block that is not compressed (RFC 1951, section
        // 3.2.4), the blocks of the rest, then checksum and size of all of it.
        const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff];
        let length = u16::try_from(opening.len()).unwrap_or_default();
        let [low, high] = length.to_le_bytes();
        let head = [&HEAD[..], &[0, low, high, !low, !high], opening.as_bytes()].concat();
        let mut all = Hasher::new();
        all.update(opening.as_bytes());
        all.combine(&Hasher::new_with_initial_len(checksum, u64::from(size)));
        let size = size.wrapping_add(u32::from(length));
        let tail = [all.finalize().to_le_bytes(), size.to_le_bytes()].concat();
        self.between(&head, &tail)
    }

    /// The bytes with this before and that after them.
    fn between(mut self, head: &[u8], tail: &[u8]) -> Bytes {
        self.value.extend_from_slice(tail);
        let Some(from) = self.begins.checked_sub(head.len()) else {
            return [head, &self.value[self.begins..]].concat().into();
        };
        self.value[from..self.begins].copy_from_slice(head);
        Bytes::from(self.value).slice(from..)
    }
}

/// How the document begins for a reader of this role, which is a word.
fn opening(role: &str) -> String {
    format!("{{\"role\":\"{role}\",")
}

/// Deflates; nothing where that is not possible.
fn deflated(bytes: &[u8]) -> Option<(Deflated, Vec<u8>)> {
    let size = u32::try_from(bytes.len()).ok()?;
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 8), Compression::fast());
    encoder.write_all(bytes).ok()?;
    Some((Deflated { checksum: crc32fast::hash(bytes), size }, encoder.finish().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn moment(seq: u64) -> Moment {
        Moment {
            board: BoardId::new(7).expect("an id"),
            seq: Seq::new(seq).expect("a seq"),
            updated_at: "2026-01-02T03:04:05.678Z".to_owned(),
            epoch: "1d08bd32-d2af-4f2a-8d2b-0f6f6f0b7c11".to_owned(),
        }
    }

    fn rest(size: usize) -> String {
        let words: String = (0..size / 8).map(|n| format!("{n:07},")).collect();
        format!("\"id\":7,\"tasks\":\"é{words}\"}}")
    }

    fn text(document: ReadyDocument, role: &str) -> String {
        let (gzip, body, mut text) = (document.is_gzip(), document.body(role), String::new());
        if gzip {
            let mut decoder = flate2::read::GzDecoder::new(&body[..]);
            let _ = decoder.read_to_string(&mut text).expect("gzip");
            assert!(decoder.into_inner().is_empty(), "nothing after the only member");
        } else {
            text.push_str(std::str::from_utf8(&body).expect("UTF-8"));
        }
        text
    }

    #[test]
    fn rt_cache_a_document_is_answered_alike_when_it_is_made_and_when_it_was_kept() {
        for (size, gzip) in [(10, false), (10, true), (100_000, false), (100_000, true)] {
            let made = ReadyDocument::new(&moment(5), &rest(size), gzip);
            assert_eq!(made.is_gzip(), gzip && size > 10);
            let value = made.value().expect("not too large").to_vec();
            let kept = ReadyDocument::kept(value, &moment(5));
            assert_eq!(kept.as_ref(), Some(&made));
            for role in ["owner", "editor", "viewer"] {
                let expected = format!("{{\"role\":\"{role}\",{}", rest(size));
                assert_eq!(text(made.clone(), role), expected);
                assert_eq!(made.clone().body(role), kept.clone().expect("kept").body(role));
            }
        }
    }

    #[test]
    fn api_gzip_a_document_is_compressed_from_16_kib_on_whoever_reads_it() {
        for role in ["owner", "editor", "viewer"] {
            let rest = "x".repeat(gzip::LEAST - opening(role).len());
            assert!(ReadyDocument::new(&moment(5), &rest, true).is_gzip(), "{role}");
        }
        let smaller = "x".repeat(gzip::LEAST - opening("viewer").len() - 1);
        assert!(!ReadyDocument::new(&moment(5), &smaller, true).is_gzip());
    }

    #[test]
    fn rt9_what_is_not_a_whole_document_of_the_moment_is_not_taken() {
        for gzip in [false, true] {
            let value = ReadyDocument::new(&moment(5), &rest(100_000), gzip);
            let value = value.value().expect("not too large").to_vec();
            let is_taken =
                |value: &[u8], moment| ReadyDocument::kept(value.to_vec(), &moment).is_some();
            assert!(is_taken(&value, moment(5)));
            for other in [
                moment(4),
                moment(50),
                Moment { board: BoardId::new(77).expect("an id"), ..moment(5) },
                Moment { updated_at: "2026-01-02T03:04:05.679Z".to_owned(), ..moment(5) },
                Moment { epoch: "2".to_owned(), ..moment(5) },
            ] {
                assert!(!is_taken(&value, other.clone()), "{other:?}");
            }
            let line = value.iter().position(|byte| *byte == b'\n').expect("a line");
            for end in [0, 1, line - 1, line, line + 1, value.len() - 1] {
                assert!(!is_taken(&value[..end], moment(5)), "{end}");
            }
            assert!(!is_taken(&[&value[..], b"}"].concat(), moment(5)));
            for wrong in ["", "x", "3 ", "3 1", "3 1 2 3", "-1", "3 x 2", "18446744073709551615"] {
                let value = format!("{}{wrong}\nabc", moment(5).line());
                assert!(!is_taken(value.as_bytes(), moment(5)), "{wrong}");
            }
        }
        for garbage in [&b""[..], b"\n", b"\xff\xfe", b"something else"] {
            assert_eq!(ReadyDocument::kept(garbage.to_vec(), &moment(5)), None);
        }
    }

    #[test]
    fn limit_document_a_larger_one_is_answered_and_not_kept() {
        let rest = "x".repeat(MOST_BYTES);
        let large = ReadyDocument::new(&moment(5), &rest, false);
        assert_eq!(large.value(), None);
        assert_eq!(large.body("owner").len(), opening("owner").len() + rest.len());
        assert!(ReadyDocument::new(&moment(5), &rest, true).value().is_some(), "it is small");
    }
}
