//! How a quick-win board is stored in the key-value store.
//!
//! The value is lines of JSON: the board with its tasks, then the answers to requests with an
//! idempotency key, then its newest events, both oldest first. A write parses the first line only
//! (and one with a key looks for its answer); the rest, which it does not change, is copied as text.

use super::{Answers, Applied, BoardState, Command, KeyedRequest, Refusal};
use crate::models::{Board, BoardId, Event, NewTask, Seq, Task, TaskId, Timestamp};
use crate::preconditions::Condition;
use serde::{Deserialize, Serialize};

/// The most events that a board keeps (docs/contract/api.md, API-QUICK-WIN).
pub const KEPT_EVENTS: usize = 1_000;

/// The most bytes of events that a board keeps, however few they are: every write copies them.
const KEPT_EVENT_BYTES: usize = 4 << 20;

/// The most bytes of JSON that a board and its tasks may have.
const MAX_BOARD_BYTES: usize = 4 << 20;

/// A stored board, read.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredBoard {
    state: BoardState,
    answers: Answers,
    events: String,
    kept: usize,
}

/// A value that is no stored board: a fault of ours, since nobody else writes there.
#[derive(Debug, thiserror::Error)]
#[error("the stored value is not a board: {0}")]
pub struct NotABoard(String);

#[derive(Serialize)]
struct Head<'a> {
    kept: usize,
    /// How many bytes the answers have.
    answers: usize,
    state: &'a BoardState,
}

#[derive(Deserialize)]
struct OwnedHead {
    kept: usize,
    answers: usize,
    state: BoardState,
}

/// What is read of a stored board where only its newest event is asked for.
#[derive(Deserialize)]
struct HeadOnly {
    state: StateOfHead,
}

#[derive(Deserialize)]
struct StateOfHead {
    board: Board,
}

/// A board's newest event.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct BoardHead {
    /// Whose.
    pub board: BoardId,
    /// Which history of the board this is.
    pub epoch: String,
    /// The newest event's number; 0 before the first.
    pub seq: Seq,
}

/// What adding a task made, at which event and when: with the request's body the whole answer.
#[derive(Clone, Copy, Deserialize, Serialize)]
struct Addition {
    task: TaskId,
    seq: Seq,
    at: Timestamp,
}

/// A task as a request added it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddedTask {
    /// The task, as it was then.
    pub task: Task,
    /// The number of its event.
    pub seq: Seq,
    /// Whether an earlier request with the same key added it, and nothing has changed now.
    pub replayed: bool,
}

/// A stretch of a board's history, as JSON texts.
#[derive(Debug, Eq, PartialEq)]
pub struct EventsPage<'a> {
    /// The events, oldest first.
    pub items: Vec<&'a str>,
    /// The last of them, if there are more behind it.
    pub next_after: Option<Seq>,
}

impl StoredBoard {
    /// A new board, with no events.
    #[must_use]
    pub fn new(state: BoardState) -> Self {
        Self { state, answers: Answers::default(), events: String::new(), kept: 0 }
    }

    /// Reads a stored value.
    ///
    /// # Errors
    /// [`NotABoard`] where it is something else.
    pub fn decode(value: Vec<u8>) -> Result<Self, NotABoard> {
        let mut text = String::from_utf8(value).map_err(|error| NotABoard(error.to_string()))?;
        let end = text.find('\n').ok_or_else(|| NotABoard("it has no line".to_owned()))?;
        let head: OwnedHead =
            serde_json::from_str(&text[..end]).map_err(|error| NotABoard(error.to_string()))?;
        text.drain(..=end);
        if !text.is_char_boundary(head.answers) {
            return Err(NotABoard("its answers end nowhere".to_owned()));
        }
        let events = text.split_off(head.answers);
        Ok(Self { state: head.state, answers: Answers::of_text(text), events, kept: head.kept })
    }

    /// The newest event of a stored board, also of a deleted one. Nothing else of it is kept.
    ///
    /// # Errors
    /// [`NotABoard`] where it is something else.
    pub fn head_of(value: &[u8]) -> Result<BoardHead, NotABoard> {
        let first_line = value.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let head: HeadOnly =
            serde_json::from_slice(first_line).map_err(|error| NotABoard(error.to_string()))?;
        let Board { id: board, epoch, seq, .. } = head.state.board;
        Ok(BoardHead { board, epoch, seq })
    }

    /// The value to store.
    ///
    /// # Errors
    /// [`Refusal::TooMuchText`] where the board and its tasks have become too large.
    pub fn encode(&self) -> Result<Vec<u8>, Refusal> {
        let answers = self.answers.as_text();
        let head = Head { kept: self.kept, answers: answers.len(), state: &self.state };
        let mut value = serde_json::to_vec(&head).unwrap_or_default();
        if value.len() > MAX_BOARD_BYTES {
            return Err(Refusal::TooMuchText);
        }
        value.push(b'\n');
        value.extend_from_slice(answers.as_bytes());
        value.extend_from_slice(self.events.as_bytes());
        Ok(value)
    }

    /// The board with its tasks.
    #[must_use]
    pub fn state(&self) -> &BoardState {
        &self.state
    }

    /// Carries out a command and keeps its event. Of a deleted board only the last event stays.
    ///
    /// # Errors
    /// As [`BoardState::apply`].
    pub fn apply(
        &mut self,
        command: Command,
        expected: Option<&Condition>,
        now: Timestamp,
    ) -> Result<Applied, Refusal> {
        let applied = self.state.apply(command, expected, now)?;
        if let Applied::Changed(event) = &applied {
            if self.state.is_deleted() {
                self.answers = Answers::default();
                self.events.clear();
                self.kept = 0;
            }
            self.events.push_str(&serialise(event));
            self.events.push('\n');
            self.kept += 1;
            while self.kept > KEPT_EVENTS || self.kept > 1 && self.events.len() > KEPT_EVENT_BYTES {
                let oldest = self.events.find('\n').map_or(0, |end| end + 1);
                self.events.drain(..oldest);
                self.kept -= 1;
            }
        }
        Ok(applied)
    }

    /// Adds a task, unless a request with the same key did within the last 24 hours: then the answer
    /// is what that one got, whatever became of the task since.
    ///
    /// # Errors
    /// As [`BoardState::apply`], and [`Refusal::KeyReused`].
    pub fn add_task(
        &mut self,
        new: NewTask,
        request: Option<&KeyedRequest>,
        now: Timestamp,
    ) -> Result<AddedTask, Refusal> {
        let known = request.map(|request| self.answers.recall(request, now)).transpose()?.flatten();
        let replayed = known.is_some();
        let Addition { task, seq, at } = match known {
            Some(addition) => addition,
            None => {
                let task = self.state.next_task_id();
                self.apply(Command::AddTask(new.clone()), None, now)?;
                let Board { seq, updated_at: at, .. } = *self.state.board();
                let addition = Addition { task, seq, at };
                if let Some(request) = request {
                    self.answers.remember(request, &addition, now);
                }
                addition
            }
        };
        Ok(AddedTask { task: new.into_task(task, at), seq, replayed })
    }

    /// The newest `count` events as JSON texts, oldest first.
    #[must_use]
    pub fn newest_events(&self, count: usize) -> Vec<&str> {
        self.events.lines().skip(self.kept.saturating_sub(count)).collect()
    }

    /// The events after this one, complete and without gaps, at most `limit`; `None` if the
    /// next one is no longer kept.
    #[must_use]
    pub fn events_after(&self, after: Seq, limit: usize) -> Option<EventsPage<'_>> {
        let head = self.state.board().seq;
        let missing = head.get().saturating_sub(after.get());
        let missing = usize::try_from(missing).unwrap_or(usize::MAX);
        let skipped = self.kept.checked_sub(missing)?;
        let items: Vec<_> = self.events.lines().skip(skipped).take(limit).collect();
        let next_after =
            (items.len() < missing).then(|| Seq::new(after.get() + items.len() as u64)).flatten();
        Some(EventsPage { items, next_after })
    }

    /// The board document (docs/contract/api.md, API-QUICK-WIN) with its newest `events` events, as
    /// JSON.
    #[must_use]
    pub fn document(&self, events: usize) -> String {
        #[derive(Serialize)]
        struct Document<'a> {
            #[serde(flatten)]
            board: &'a Board,
            tasks: &'a [Task],
        }
        let document = Document { board: self.state.board(), tasks: self.state.tasks() };
        let mut json = serde_json::to_string(&document).unwrap_or_default();
        json.pop();
        json.push_str(",\"events\":[");
        json.push_str(&self.newest_events(events).join(","));
        json.push_str("]}");
        json
    }
}

/// An event as its one line of JSON.
pub(super) fn serialise(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default()
}
