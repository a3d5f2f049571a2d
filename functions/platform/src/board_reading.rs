//! A whole board: PostgreSQL says who may see it and its newest event, and the cache gives it if it
//! has just that board, else PostgreSQL, from which it goes into the cache (RT9).

use crate::postgres::Row;
use crate::ready_document::{self, Moment, ReadyDocument};
use crate::redis::{self, Argument, Script, Value};
use crate::{Answer, Call, Failure, HeaderName, StatusCode, header, postgres, token_checker};
use shared::auth::Claims;
use shared::data::{keys, scripts, sql};
use shared::http::problem::ProblemKind;
use shared::models::{BoardId, Seq};
use shared::preconditions::EntityTag;
use shared::validation::Invalid;
use std::cell::Cell;
use std::time::{Duration, Instant};

static COUNT: Script = Script::new(scripts::READS_COUNT);

/// There is no such board, or none that the caller may know of (404).
#[must_use]
pub fn unknown_board() -> Failure {
    Failure::refused(ProblemKind::NotFound, "There is no such board.")
}

/// There is no such task, or none that the caller may know of (404).
#[must_use]
pub fn unknown_task() -> Failure {
    Failure::refused(ProblemKind::NotFound, "There is no such task, or no such board.")
}

/// What PostgreSQL says of a board before anything of it is shown.
struct Head {
    role: String,
    version: u64,
    moment: Moment,
}

impl Head {
    /// From a row of [`sql::FIND_BOARD`] or [`sql::READ_BOARD`].
    fn of(board: BoardId, row: &Row) -> Result<Self, Failure> {
        let role = row.optional_text(0)?.ok_or_else(unknown_board)?;
        let moment = Moment {
            board,
            seq: Seq::new(row.number(1)?).ok_or_else(|| Failure::internal("a seq above all"))?,
            updated_at: row.text(2)?.to_owned(),
            epoch: row.text(4)?.to_owned(),
        };
        Ok(Self { role: role.to_owned(), version: row.number(3)?, moment })
    }

    fn tag(&self) -> EntityTag {
        EntityTag::of_board_parts(self.version, self.moment.seq, &self.moment.epoch)
    }
}

/// The board as its member sees it; 304 if they have it already. It has seen event `least`.
///
/// # Errors
/// 401 if the token is not valid; 404 for strangers; 422 if the board has not come to `least`
/// yet; 503 if PostgreSQL is unavailable.
pub async fn read(
    call: &Call,
    claims: &Claims,
    board: BoardId,
    least: Seq,
) -> Result<Answer, Failure> {
    let id = postgres::number(board.get())?;
    let row = token_checker::read_for(call, claims, sql::FIND_BOARD, [id.clone()]).await?;
    let head = Head::of(board, &row)?;
    if head.moment.seq < least {
        let detail = format!("is ahead of the board, whose newest event is {}", head.moment.seq);
        return Err(Invalid::query("min_seq", detail).into());
    }
    if call.if_none_match()?.is_some_and(|condition| condition.names(&head.tag())) {
        return Ok(tagged(Answer::empty(StatusCode::NOT_MODIFIED), &head, "hit"));
    }
    let key = keys::board_document(board, call.accepts_gzip());
    if let Some(document) = kept(call, &key, &head.moment).await {
        count(call, board, 0).await;
        return Ok(shown(document, &head, "hit"));
    }
    // What is newer than the head may be right, or from before a restore that lost it: there is no way to know.
    let row = token_checker::read_for(call, claims, sql::READ_BOARD, [id]).await?;
    let head = Head::of(board, &row)?;
    let start = Instant::now();
    let document = ReadyDocument::new(&head.moment, row.text(5)?, call.accepts_gzip());
    if document.is_gzip() {
        call.took("gzip", start.elapsed());
    }
    keep(call, &key, &document).await;
    count(call, board, 1).await;
    Ok(shown(document, &head, "miss"))
}

/// The document of this moment, where the cache has it and answers.
async fn kept(call: &Call, key: &str, moment: &Moment) -> Option<ReadyDocument> {
    // Of several keys, though it is one: what is of another type is nothing then, and no error.
    match redis::execute(call, "MGET", &[redis::text(key)]).await {
        Ok(values) => match values.into_iter().next() {
            Some(Value::Binary(value)) => ReadyDocument::kept(value, moment),
            _ => None,
        },
        Err(failure) => {
            failure.log(call.request_id());
            None
        }
    }
}

/// Has the cache keep a document in place of whatever is there. Where that was newer, the next reader
/// does the same.
async fn keep(call: &Call, key: &str, document: &ReadyDocument) {
    let Some(value) = document.value() else { return };
    let (key, value) = (redis::text(key), Argument::Binary(value.to_vec()));
    let words = [key, value, redis::text("EX"), redis::number(ready_document::SECONDS)];
    if let Err(failure) = redis::execute(call, "SET", &words).await {
        failure.log(call.request_id());
    }
}

thread_local! {
    /// The reads of this instance that the statistics do not have yet.
    static UNCOUNTED: Cell<u64> = const { Cell::new(0) };

    /// When hits were last reported.
    static COUNTED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Counts a read: with others of the same second, because that costs as much as to ask the cache. A miss is
/// counted at once. An instance that ends leaves a few hits uncounted.
async fn count(call: &Call, board: BoardId, misses: u64) {
    const MOST: u64 = 16;
    let reads = UNCOUNTED.get() + 1;
    let is_recent = COUNTED.get().is_some_and(|then| then.elapsed() < Duration::from_secs(1));
    if misses == 0 && reads < MOST && is_recent {
        UNCOUNTED.set(reads);
        return;
    }
    UNCOUNTED.set(0);
    if misses == 0 {
        COUNTED.set(Some(Instant::now()));
    }
    let key = keys::statistics(keys::shard(board));
    let counts = [redis::number(reads), redis::number(misses)];
    if let Err(failure) = COUNT.run(call, &[&key], &counts).await {
        failure.log(call.request_id());
    }
}

fn shown(document: ReadyDocument, head: &Head, cache: &str) -> Answer {
    let is_gzip = document.is_gzip();
    let answer = Answer::json(StatusCode::OK, document.body(&head.role));
    let answer = tagged(answer, head, cache);
    if is_gzip { answer.with(header::CONTENT_ENCODING, "gzip") } else { answer }
}

fn tagged(answer: Answer, head: &Head, cache: &str) -> Answer {
    answer
        .tagged(&head.tag())
        .with(header::VARY, "Accept-Encoding")
        .with(HeaderName::from_static("x-cache"), cache)
}
