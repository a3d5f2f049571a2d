//! Answers that are kept ready for whoever asks the same while nothing happens on the board: PostgreSQL
//! says at which moment that is, and what Redis has of another moment is not shown (RT9).

use platform::redis::{self, Script, Value};
use platform::{Bytes, Call};
use shared::data::{keys, scripts};
use shared::models::{BoardId, TimeZone};

static KEEP: Script = Script::new(scripts::ANALYTICS_KEEP);

/// For how many seconds. What has happened since is not the reason: an answer tells when it was made.
const SECONDS: u64 = 60;
/// How many of a board at once.
const ANSWERS: u64 = 8;
/// Larger ones are made each time.
const BYTES: usize = 512 * 1024;

/// The place of one answer.
pub(crate) struct Kept {
    key: String,
    asked: String,
}

impl Kept {
    /// Of what is asked on this day; clients that take another coding have another one.
    pub(crate) fn of(
        call: &Call,
        board: BoardId,
        [from, to]: &[String; 2],
        zone: &TimeZone,
        today: &str,
    ) -> Self {
        let coding = if call.accepts_gzip() { "gzip" } else { "identity" };
        let asked = format!("{from}/{to}/{today}/{coding}/{}", zone.as_str());
        Self { key: keys::board_analytics(board), asked }
    }

    /// What is asked for, on which day.
    pub(crate) fn asked(&self) -> &str {
        &self.asked
    }

    /// What is kept there, if it is of this moment.
    pub(crate) async fn find(&self, call: &Call, moment: &str) -> Option<Bytes> {
        let words = [&self.key, "moment", &self.asked].map(redis::text);
        let values = redis::execute(call, "HMGET", &words).await;
        match values.map(<[Value; 2]>::try_from) {
            Ok(Ok([Value::Binary(of), Value::Binary(answer)])) if of == moment.as_bytes() => {
                Some(answer.into())
            }
            Ok(_) => None,
            Err(failure) => {
                failure.log(call.request_id());
                None
            }
        }
    }

    /// Keeps it there.
    pub(crate) async fn keep(&self, call: &Call, moment: &str, answer: &Bytes) {
        if answer.len() > BYTES {
            return;
        }
        let arguments = [
            redis::text(moment),
            redis::text(&self.asked),
            redis::Argument::Binary(answer.to_vec()),
            redis::number(SECONDS),
            redis::number(ANSWERS),
        ];
        if let Err(failure) = KEEP.run(call, &[&self.key], &arguments).await {
            failure.log(call.request_id());
        }
    }
}
