//! What the days tell that are over for the reader: most of an answer, and the same whatever happens on the
//! board today, so it is kept on its own. PostgreSQL says which one it is (RT9).

use platform::gzip::{self, Deflated};
use platform::redis::{self, Script, Value};
use platform::{Bytes, Call};
use shared::data::{keys, scripts};
use shared::models::BoardId;

static KEEP: Script = Script::new(scripts::ANALYTICS_KEEP);

/// For how many seconds.
const SECONDS: u64 = 3600;
/// How many of a board at once.
const ANSWERS: u64 = 8;
/// Larger ones are made each time.
const BYTES: usize = 512 * 1024;

/// Where it is kept.
pub(crate) struct Place<'asked> {
    pub(crate) board: BoardId,
    /// What is asked for, on which day, and by what client.
    pub(crate) asked: &'asked str,
}

/// The middle part of an answer.
#[derive(Debug)]
pub(crate) struct Closed {
    /// Which one it is, in one word.
    pub(crate) of: String,
    text: Text,
}

/// As the client takes it.
#[derive(Debug)]
enum Text {
    Plain(Vec<u8>),
    Deflated(Deflated),
}

impl Closed {
    pub(crate) fn new(of: &str, text: &str, call: &Call) -> Self {
        let is_compressed = text.len() >= gzip::LEAST && call.accepts_gzip();
        let text = text.as_bytes();
        let text = match is_compressed {
            true => Text::Deflated(Deflated::of(text)),
            false => Text::Plain(text.to_vec()),
        };
        Self { of: of.to_owned(), text }
    }

    /// Whether it is as well made each time: below what is compressed.
    fn is_small(&self) -> bool {
        matches!(&self.text, Text::Plain(text) if text.len() < gzip::LEAST)
    }

    /// The whole answer.
    pub(crate) fn between(&self, opening: &str, ending: &str) -> Bytes {
        let around = [opening, ending].map(str::as_bytes);
        match &self.text {
            Text::Plain(text) => [around[0], text, around[1]].concat().into(),
            Text::Deflated(deflated) => {
                let [opening, ending] = around.map(Deflated::of);
                Deflated::joined(&[&opening, deflated, &ending]).into()
            }
        }
    }

    /// One line, `OF BYTES` or `OF BYTES CHECKSUM SIZE`, and so many bytes after it.
    fn value(&self) -> Vec<u8> {
        let (sizes, bytes) = match &self.text {
            Text::Plain(text) => (String::new(), text),
            Text::Deflated(it) => (format!(" {} {}", it.checksum, it.size), &it.blocks),
        };
        [format!("{} {}{sizes}\n", self.of, bytes.len()).as_bytes(), bytes].concat()
    }

    /// What [`Self::value`] gave, if it is whole.
    fn kept(value: &[u8]) -> Option<Self> {
        let end = value.iter().position(|byte| *byte == b'\n')?;
        let (line, bytes) = (std::str::from_utf8(&value[..end]).ok()?, value[end + 1..].to_vec());
        let words: Vec<&str> = line.split(' ').collect();
        let text = match words[..] {
            [_, _] => Text::Plain(bytes),
            [_, _, checksum, size] => {
                let (checksum, size) = (checksum.parse().ok()?, size.parse().ok()?);
                Text::Deflated(Deflated { blocks: bytes, checksum, size })
            }
            _ => return None,
        };
        let closed = Self { of: words[0].to_owned(), text };
        (closed.value() == value).then_some(closed)
    }
}

impl Place<'_> {
    /// What is kept there, if anything is.
    pub(crate) async fn find(&self, call: &Call) -> Option<Closed> {
        let words = [&keys::board_analytics_closed(self.board), self.asked].map(redis::text);
        let values = redis::execute(call, "HMGET", &words).await;
        match values.map(<[Value; 1]>::try_from) {
            Ok(Ok([Value::Binary(value)])) => Closed::kept(&value),
            Ok(_) => None,
            Err(failure) => {
                failure.log(call.request_id());
                None
            }
        }
    }

    /// Keeps it there.
    pub(crate) async fn keep(&self, call: &Call, closed: &Closed) {
        let value = closed.value();
        if closed.is_small() || value.len() > BYTES {
            return;
        }
        let arguments = [
            redis::text("closed"),
            redis::text(self.asked),
            redis::Argument::Binary(value),
            redis::number(SECONDS),
            redis::number(ANSWERS),
        ];
        let key = keys::board_analytics_closed(self.board);
        if let Err(failure) = KEEP.run(call, &[&key], &arguments).await {
            failure.log(call.request_id());
        }
    }
}
