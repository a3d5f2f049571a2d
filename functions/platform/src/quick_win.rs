//! The quick-win boards in the key-value store, and the events that go to the relay.

use crate::key_value::Bucket;
use crate::{Answer, Call, Failure, host, relay};
use shared::models::{BoardId, BoardName, Event};
use shared::preconditions::Condition;
use shared::problem::ProblemKind;
use shared::quick_win::{Applied, BoardState, Command, MAX_BOARDS, Refusal, StoredBoard};
use std::time::Instant;

/// Counts the boards that were ever made: the newest one's id.
const LAST_ID: &str = "quick-win:last-id";

/// Counts the boards that are there.
const LIVE: &str = "quick-win:live";

/// A board after a change that was asked for.
pub struct Outcome {
    /// The board as it is now.
    pub board: StoredBoard,
    /// The event it made; `None` where everything was already so.
    pub event: Option<Event>,
    /// Whether the relay has the event already. Where not, it finds it by itself.
    pub delivered: bool,
}

impl Outcome {
    /// The answer, told of the event; of none where everything was already so.
    #[must_use]
    pub fn mark(&self, answer: Answer) -> Answer {
        match &self.event {
            Some(event) => answer.after_event(event.seq, self.delivered),
            None => answer,
        }
    }
}

/// A stretch of the list of boards.
pub struct Page {
    /// The boards, oldest first.
    pub boards: Vec<StoredBoard>,
    /// The id of the last of them, if there may be more.
    pub next_after: Option<BoardId>,
}

fn key(id: BoardId) -> String {
    format!("quick-win:board:{id}")
}

/// Runs something that uses the store, and notes how long it took.
fn timed<T>(call: &Call, run: impl FnOnce(&Bucket) -> Result<T, Failure>) -> Result<T, Failure> {
    let start = Instant::now();
    let result = Bucket::open().and_then(|bucket| run(&bucket));
    call.took("kv", start.elapsed());
    result
}

fn decode(value: Option<Vec<u8>>) -> Result<StoredBoard, Failure> {
    Ok(StoredBoard::decode(value.ok_or(Refusal::BoardNotFound)?)?)
}

/// A board, also a deleted one of which only the end is left.
///
/// # Errors
/// 404 where there never was one of this id.
pub fn find(call: &Call, id: BoardId) -> Result<StoredBoard, Failure> {
    decode(timed(call, |bucket| bucket.get(&key(id)))?)
}

/// A board that is there.
///
/// # Errors
/// 404 where there is none of this id.
pub fn get(call: &Call, id: BoardId) -> Result<StoredBoard, Failure> {
    let board = find(call, id)?;
    if board.state().is_deleted() { Err(Refusal::BoardNotFound.into()) } else { Ok(board) }
}

/// At most `limit` boards whose ids come after this one.
///
/// # Errors
/// 503 where the store is away.
pub fn list(call: &Call, after: u64, limit: usize) -> Result<Page, Failure> {
    /// An answer that would become larger than this ends its page early.
    const PAGE_BYTES: usize = 16 << 20;
    timed(call, |bucket| {
        let last = u64::try_from(bucket.increment(LAST_ID, 0)?).unwrap_or_default();
        let mut page = Page { boards: Vec::new(), next_after: None };
        let mut bytes = 0;
        let ids: Vec<BoardId> = (after + 1..=last).filter_map(BoardId::new).collect();
        for ids in ids.chunks(16) {
            let keys: Vec<String> = ids.iter().copied().map(key).collect();
            for (id, value) in ids.iter().zip(bucket.get_many(&keys)?) {
                let Some(value) = value else { continue };
                bytes += value.len();
                let board = StoredBoard::decode(value)?;
                if !board.state().is_deleted() {
                    page.boards.push(board);
                }
                let full = page.boards.len() == limit || bytes > PAGE_BYTES;
                if full && id.get() < last {
                    page.next_after = Some(*id);
                    return Ok(page);
                }
            }
        }
        Ok(page)
    })
}

/// Makes an empty board.
///
/// # Errors
/// 409 where there are as many as there may be.
pub fn create(call: &Call, name: BoardName) -> Result<StoredBoard, Failure> {
    timed(call, |bucket| {
        if bucket.increment(LIVE, 1)? > MAX_BOARDS as i64 {
            bucket.increment(LIVE, -1)?;
            let detail = format!("There can be at most {MAX_BOARDS} quick-win boards at a time.");
            return Err(Failure::refused(ProblemKind::LimitReached, detail));
        }
        // The id is fresh, so nobody else writes to its key: a plain set cannot lose anything.
        let id = u64::try_from(bucket.increment(LAST_ID, 1)?).ok().and_then(BoardId::new);
        let id = id.ok_or_else(|| Failure::internal("the counter of boards is out of range"))?;
        let board = StoredBoard::new(BoardState::new(id, host::random_id(), name, host::now()));
        bucket.set(&key(id), &board.encode()?)?;
        Ok(board)
    })
}

/// Carries out a command on a board, if what it is about has the expected version, and tells the
/// relay of the event.
///
/// # Errors
/// As the command is refused (404, 409, 412); 503 where the store is away. Nothing has changed
/// then.
pub async fn change(
    call: &Call,
    id: BoardId,
    command: &Command,
    expected: Option<&Condition>,
) -> Result<Outcome, Failure> {
    let (board, event) = timed(call, |bucket| {
        let changed = bucket.update(&key(id), |value| {
            let mut board = decode(value)?;
            match board.apply(command.clone(), expected, host::now())? {
                Applied::Changed(event) => Ok((Some(board.encode()?), (board, Some(*event)))),
                Applied::Unchanged => Ok((None, (board, None))),
            }
        })?;
        if changed.0.state().is_deleted() {
            bucket.increment(LIVE, -1)?;
        }
        Ok(changed)
    })?;
    let delivered = if event.is_some() { deliver(call, &board).await } else { true };
    Ok(Outcome { board, event, delivered })
}

/// Posts the newest event of a board to the relay.
async fn deliver(call: &Call, board: &StoredBoard) -> bool {
    let start = Instant::now();
    let newest = board.newest_events(1);
    let epoch = &board.state().board().epoch;
    let delivered = match newest.first() {
        Some(event) => relay::publish(call.request_id(), epoch, event).await,
        None => true,
    };
    call.took("relay", start.elapsed());
    delivered
}
