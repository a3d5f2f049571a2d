//! The quick-win boards in the key-value store, and the events that go to the relay.

mod creation;

pub use creation::create;

use crate::key_value::Bucket;
use crate::{Answer, Call, Failure, host, relay};
use shared::models::{BoardId, Event, NewTask};
use shared::preconditions::Condition;
use shared::quick_win::{AddedTask, Applied, BoardHead, Command, KEPT_ENDS, Refusal, StoredBoard};
use std::time::Instant;

/// Counts the boards that were ever made: the newest one's id.
const LAST_ID: &str = "quick-win:last-id";

/// Counts the boards that are there.
const LIVE: &str = "quick-win:live";

/// Counts the boards that were ever deleted.
const DELETIONS: &str = "quick-win:deletions";

/// A board after a change that was asked for.
pub struct Outcome {
    /// The board as it is now.
    pub board: StoredBoard,
    /// The event it made; `None` if everything was already so.
    pub event: Option<Event>,
    /// Whether the relay has the event already. Where not, it finds it by itself.
    pub delivered: bool,
}

impl Outcome {
    /// The answer with its event; without one if nothing changed.
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

/// How the keys of boards begin.
const BOARD: &str = "quick-win:board:";

/// How many boards, each up to eight megabytes, are read at once.
const READ_AT_ONCE: usize = 2;

/// An answer for which more than this was read ends early.
const PAGE_BYTES: usize = 16 << 20;

fn key(id: BoardId) -> String {
    format!("{BOARD}{id}")
}

/// Runs something that uses the store, and notes how long it took.
fn timed<T>(call: &Call, run: impl FnOnce(&Bucket) -> Result<T, Failure>) -> Result<T, Failure> {
    let start = Instant::now();
    let result = Bucket::open().and_then(|bucket| run(&bucket));
    call.took("kv", start.elapsed());
    result
}

fn decode(value: Option<Vec<u8>>) -> Result<StoredBoard, Failure> {
    let value = value.filter(|value| !creation::is_held(value));
    Ok(StoredBoard::decode(value.ok_or(Refusal::BoardNotFound)?)?)
}

/// A board, also a deleted one of which only the end is left.
///
/// # Errors
/// 404 if there never was one of this id.
pub fn find(call: &Call, id: BoardId) -> Result<StoredBoard, Failure> {
    decode(timed(call, |bucket| bucket.get(&key(id)))?)
}

/// A board that is there.
///
/// # Errors
/// 404 if there is none of this id.
pub fn get(call: &Call, id: BoardId) -> Result<StoredBoard, Failure> {
    let board = find(call, id)?;
    if board.state().is_deleted() { Err(Refusal::BoardNotFound.into()) } else { Ok(board) }
}

/// At most `limit` boards whose ids come after this one.
///
/// # Errors
/// 503 if the store is unavailable.
pub fn list(call: &Call, after: u64, limit: usize) -> Result<Page, Failure> {
    timed(call, |bucket| {
        // What is there, not what ever was: the counter of boards only grows.
        let keys = bucket.keys()?;
        let ids = keys.iter().filter_map(|key| BoardId::parse(key.strip_prefix(BOARD)?));
        let mut ids: Vec<BoardId> = ids.filter(|id| id.get() > after).collect();
        ids.sort_unstable();
        let mut boards = Vec::new();
        let next_after = read_each(bucket, &ids, |value| {
            let board = StoredBoard::decode(value)?;
            boards.extend(Some(board).filter(|board| !board.state().is_deleted()));
            Ok(boards.len() == limit)
        })?;
        Ok(Page { boards, next_after })
    })
}

/// The newest event of each of these boards that is there, deleted ones too as long as their end is
/// kept; and after which of them the next answer goes on, if this one does not have all.
///
/// # Errors
/// 503 if the store is unavailable.
pub fn heads(call: &Call, ids: &[BoardId]) -> Result<(Vec<BoardHead>, Option<BoardId>), Failure> {
    timed(call, |bucket| {
        let mut heads = Vec::new();
        let next_after = read_each(bucket, ids, |value| {
            heads.push(StoredBoard::head_of(&value)?);
            Ok(false)
        })?;
        Ok((heads, next_after))
    })
}

/// Gives the values of these boards that are there to `take`, in their order, until it says that it is
/// enough or much was read; then the id that the next answer begins after, if there are more.
fn read_each(
    bucket: &Bucket,
    ids: &[BoardId],
    mut take: impl FnMut(Vec<u8>) -> Result<bool, Failure>,
) -> Result<Option<BoardId>, Failure> {
    let mut bytes = 0;
    for chunk in ids.chunks(READ_AT_ONCE) {
        let keys: Vec<String> = chunk.iter().copied().map(key).collect();
        for (id, value) in chunk.iter().zip(bucket.get_many(&keys)?) {
            let Some(value) = value.filter(|value| !creation::is_held(value)) else { continue };
            bytes += value.len();
            let enough = take(value)? || bytes > PAGE_BYTES;
            if enough {
                return Ok(Some(*id).filter(|id| ids.last() != Some(id)));
            }
        }
    }
    Ok(None)
}

/// Carries out a command on a board, if what it is about has the expected version, and tells the
/// relay of the event.
///
/// # Errors
/// As the command is refused (404, 409, 412); 503 if the store is unavailable. Nothing has changed
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
        if changed.0.state().is_deleted()
            && let Err(failure) = bury(bucket, id)
        {
            // The board is deleted all the same.
            failure.log(call.request_id());
        }
        Ok(changed)
    })?;
    let delivered = if event.is_some() { deliver(call, &board).await } else { true };
    Ok(Outcome { board, event, delivered })
}

/// Notes that a board was deleted, and forgets the end of the one whose place among the newest
/// deletions it takes.
fn bury(bucket: &Bucket, id: BoardId) -> Result<(), Failure> {
    bucket.increment(LIVE, -1)?;
    let number = u64::try_from(bucket.increment(DELETIONS, 1)?).unwrap_or_default();
    let place = format!("quick-win:deleted:{}", number % KEPT_ENDS);
    let forgotten = bucket.get(&place)?;
    bucket.set(&place, id.to_string().as_bytes())?;
    let forgotten = forgotten.and_then(|id| String::from_utf8(id).ok());
    match forgotten.and_then(|id| BoardId::parse(&id)) {
        Some(forgotten) => bucket.delete(&key(forgotten)),
        None => Ok(()),
    }
}

/// Adds a task to a board and notifies the relay; returns whether that has the event already. A
/// request whose key did so before changes nothing, and what it gets is what there was then.
///
/// # Errors
/// As [`change`]; 400 and 422 for a key that is malformed or belongs to another request.
pub async fn add_task(
    call: &Call,
    id: BoardId,
    new: &NewTask,
) -> Result<(AddedTask, bool), Failure> {
    let request = call.keyed_request()?;
    let (board, added) = timed(call, |bucket| {
        bucket.update(&key(id), |value| {
            let mut board = decode(value)?;
            let added = board.add_task(new.clone(), request.as_ref(), host::now())?;
            let value = if added.replayed { None } else { Some(board.encode()?) };
            Ok((value, (board, added)))
        })
    })?;
    let delivered = added.replayed || deliver(call, &board).await;
    Ok((added, delivered))
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
