//! The cache of a board's analytics. PostgreSQL says whether it is what would be
//! told now, so that a cache can have anything and is never wrong (RT9); and who may not know of the board waits
//! for two short texts, whatever is there.

use crate::closed::Closed;
use platform::redis::{self, Argument, Script, Value};
use platform::{Bytes, Call};
use shared::data::{keys, scripts};
use shared::models::{BoardId, TimeZone};

static KEEP: Script = Script::new(scripts::ANALYTICS_KEEP);

/// For how many seconds. An answer is shown for a minute, which PostgreSQL sees to; what it tells of days that
/// are over, for as long as it is true.
const SECONDS: u64 = 3600;
/// How many answers of a board at once.
const ANSWERS: u64 = 8;
/// Larger ones are made each time.
const BYTES: usize = 512 * 1024;

/// The place of one answer.
pub(crate) struct Place {
    key: String,
    asked: String,
}

#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) answer: Option<String>,
    /// What its part is of that tells of days that are over.
    pub(crate) closed: Option<String>,
}

impl Place {
    /// Of what is asked; clients that take another coding have another one.
    pub(crate) fn of(
        call: &Call,
        board: BoardId,
        [from, to]: &[String; 2],
        zone: &TimeZone,
    ) -> Self {
        let coding = if call.accepts_gzip() { "gzip" } else { "identity" };
        let asked = format!("{from}/{to}/{coding}/{}", zone.as_str());
        Self { key: keys::board_analytics(board), asked }
    }

    /// Looks what is there.
    pub(crate) async fn look(&self, call: &Call) -> Seen {
        let of = self.read(call, "of").await.and_then(|of| String::from_utf8(of).ok());
        of.map_or_else(Seen::default, |of| {
            let mut lines = of.split('\n').map(|line| Some(line.to_owned()));
            let mut line = || lines.next().flatten().filter(|line| !line.is_empty());
            Seen { answer: line(), closed: line() }
        })
    }

    /// The answer, where it is of this moment.
    pub(crate) async fn answer(&self, call: &Call, moment: &str) -> Option<Bytes> {
        let value = Bytes::from(self.read(call, "answer").await?);
        let rest = value.strip_prefix(moment.as_bytes())?.strip_prefix(b"\n")?;
        Some(value.slice_ref(rest))
    }

    /// What it tells of days that are over, where it is this one.
    pub(crate) async fn closed(&self, call: &Call, of: &str) -> Option<Closed> {
        Closed::kept(&self.read(call, "closed").await?).filter(|closed| closed.of == of)
    }

    async fn read(&self, call: &Call, what: &str) -> Option<Vec<u8>> {
        let words = [&self.key, &self.field(what)].map(|word| redis::text(word));
        // Of several fields, though it is one: none is nothing then, and no error.
        match redis::execute(call, "HMGET", &words).await {
            Ok(values) => match values.into_iter().next() {
                Some(Value::Binary(value)) => Some(value),
                _ => None,
            },
            Err(failure) => {
                failure.log(call.request_id());
                None
            }
        }
    }

    fn field(&self, what: &str) -> String {
        format!("{what} {}", self.asked)
    }

    /// Keeps an answer of this moment, and what it tells of days that are over, where that is not there already.
    pub(crate) fn keep(
        &self,
        call: &Call,
        moment: &str,
        answer: &Bytes,
        closed: &Closed,
        is_new: bool,
    ) {
        let whole = [moment.as_bytes(), b"\n", answer].concat();
        let (moment, whole) = kept(moment, whole);
        let (of, part) = match is_new {
            true if closed.is_small() => ("", Vec::new()),
            true => kept(&closed.of, closed.value()),
            false => (&*closed.of, Vec::new()),
        };
        let arguments = [
            redis::text(&self.asked),
            redis::text(&format!("{moment}\n{of}")),
            Argument::Binary(whole),
            Argument::Binary(part),
            redis::number(SECONDS),
            redis::number(ANSWERS),
        ];
        KEEP.run_beside(call, &[&self.key], &arguments);
    }
}

/// A value and what it is of, or nothing of either where it is too large.
fn kept(of: &str, value: Vec<u8>) -> (&str, Vec<u8>) {
    if value.len() > BYTES { ("", Vec::new()) } else { (of, value) }
}
