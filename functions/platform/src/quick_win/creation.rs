//! How a board is made, and made once where the request has an idempotency key.
//!
//! With a key it is decided by one swap of the list of what was made: the key is there with the
//! id of its board, or it does not. A place is held for the board before that, which nobody takes for
//! a board, and the board is put into it afterwards: by this request or, if it dies in between, by
//! repeated requests.

use super::{LAST_ID, LIVE, key, timed};
use crate::key_value::Bucket;
use crate::{Call, Failure, host};
use serde::{Deserialize, Serialize};
use shared::http::problem::Problem;
use shared::models::{BoardId, BoardName, Timestamp};
use shared::quick_win::{Answers, BoardState, KeyedRequest, MAX_BOARDS, StoredBoard};

/// Counts the lists of what was made by requests with a key.
const LISTS: &str = "quick-win:made-lists";

/// The number of the current list; 0 before there is one.
const LIST: &str = "quick-win:made-list";

/// The beginning of a placeholder for a board that is being made, which no board has. The rest is as long as the
/// board will be, so that a store which had room for this has room for the board.
const HELD: &[u8] = b"held";

/// Whether this is only such a placeholder.
pub(super) fn is_held(value: &[u8]) -> bool {
    value.starts_with(HELD)
}

/// What a new board is made of, beside its name.
#[derive(Deserialize, Serialize)]
struct Made {
    id: BoardId,
    epoch: String,
    at: Timestamp,
}

impl Made {
    /// As something new, at a place that is held for it.
    fn held(bucket: &Bucket, name: &BoardName) -> Result<Self, Failure> {
        if bucket.increment(LIVE, 1)? > MAX_BOARDS as i64 {
            bucket.increment(LIVE, -1)?;
            let detail = format!(
                "There can be at most {MAX_BOARDS} quick-win boards at a time. Delete one first."
            );
            return Err(Problem::of_limit("boards", detail).into());
        }
        let id = u64::try_from(bucket.increment(LAST_ID, 1)?).ok().and_then(BoardId::new);
        let id = id.ok_or_else(|| Failure::internal("the counter of boards is out of range"))?;
        let made = Self { id, epoch: host::random_id(), at: host::now() };
        let mut place = HELD.to_vec();
        place.resize(made.board(name).encode()?.len().max(HELD.len()), b' ');
        // The id is fresh, so nobody else writes to its key: a plain set cannot lose anything.
        if let Err(failure) = bucket.set(&key(id), &place) {
            bucket.increment(LIVE, -1)?;
            return Err(failure);
        }
        Ok(made)
    }

    /// The board, without anything on it.
    fn board(&self, name: &BoardName) -> StoredBoard {
        StoredBoard::new(BoardState::new(self.id, self.epoch.clone(), name.clone(), self.at))
    }

    /// Leaves the place without a board.
    fn abandon(self, bucket: &Bucket) -> Result<(), Failure> {
        bucket.increment(LIVE, -1)?;
        bucket.delete(&key(self.id))
    }

    /// Puts the board into its place, if nobody has yet, and gives it as it was then.
    fn put(&self, bucket: &Bucket, name: &BoardName) -> Result<StoredBoard, Failure> {
        let board = self.board(name);
        bucket.update(&key(self.id), |value| {
            let is_held = value.is_some_and(|value| is_held(&value));
            Ok((is_held.then(|| board.encode()).transpose()?, ()))
        })?;
        Ok(board)
    }
}

/// Makes an empty board, and says whether an earlier request with the same key did.
///
/// # Errors
/// 409 if there are as many as there may be; 400 and 422 for a key that is malformed or belongs
/// to another request.
pub fn create(call: &Call, name: &BoardName) -> Result<(StoredBoard, bool), Failure> {
    let request = call.keyed_request()?;
    timed(call, |bucket| {
        let (made, replayed) = match &request {
            Some(request) => made_once(bucket, request, name)?,
            None => (Made::held(bucket, name)?, false),
        };
        Ok((made.put(bucket, name)?, replayed))
    })
}

/// What the first request with this key made, and whether that was an earlier one.
fn made_once(
    bucket: &Bucket,
    request: &KeyedRequest,
    name: &BoardName,
) -> Result<(Made, bool), Failure> {
    let list = list(bucket)?;
    let mut held = None;
    let known = bucket.update(&list, |value| {
        let text = String::from_utf8(value.unwrap_or_default()).map_err(Failure::internal)?;
        let (mut answers, now) = (Answers::of_text(text), host::now());
        if let Some(made) = answers.recall::<Made>(request, now)? {
            return Ok((None, Some(made)));
        }
        // Once, however often the swap is tried.
        let made = match held.take() {
            Some(made) => made,
            None => Made::held(bucket, name)?,
        };
        answers.remember(request, held.insert(made), now);
        Ok((Some(answers.as_text().as_bytes().to_vec()), None))
    });
    match (known, held) {
        (Ok(None), Some(made)) => Ok((made, false)),
        (Ok(Some(made)), held) => {
            held.map(|held| held.abandon(bucket)).transpose()?;
            Ok((made, true))
        }
        (Ok(None), None) => Err(Failure::internal("a swap of nothing")),
        (Err(failure), held) => {
            held.map(|held| held.abandon(bucket)).transpose()?;
            Err(failure)
        }
    }
}

/// The key of the list of what was made. It is there: a swap of what is not there would write whatever
/// others have written since, so the first requests each bring an empty list, and one is chosen by a
/// swap of a counter, which is there as soon as it is read.
fn list(bucket: &Bucket) -> Result<String, Failure> {
    let place = |number: i64| format!("quick-win:made:{number}");
    let chosen = bucket.increment(LIST, 0)?;
    if chosen != 0 {
        return Ok(place(chosen));
    }
    let own = bucket.increment(LISTS, 1)?;
    bucket.set(&place(own), b"")?;
    bucket.update(LIST, |value| {
        let none_yet = value.is_some_and(|value| value == 0_i64.to_le_bytes());
        Ok((none_yet.then(|| own.to_le_bytes().to_vec()), ()))
    })?;
    match bucket.increment(LIST, 0)? {
        0 => Err(Failure::internal("counters are stored in another form than they are swapped in")),
        chosen => Ok(place(chosen)),
    }
}
