//! One quick-win board: `apply(command) -> event`, without I/O.

use crate::models::{
    Action, Actor, Board, BoardId, BoardName, Changes, Event, NewTask, Seq, Status, Subject, Task,
    TaskId, TaskPatch, Timestamp,
};
use crate::preconditions::Condition;
use crate::validation::Patch;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;

/// The most tasks a board holds at a time.
pub const MAX_TASKS: usize = 5_000;

/// What can be done to a board.
#[derive(Clone, Debug)]
pub enum Command {
    /// Give the board another name.
    RenameBoard(BoardName),
    /// Delete the board and all that is on it.
    DeleteBoard,
    /// Add a task at the end.
    AddTask(NewTask),
    /// Change fields of a task.
    UpdateTask(TaskId, TaskPatch),
    /// Delete a task.
    DeleteTask(TaskId),
}

/// Why a command was not carried out. Nothing has changed then.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The board has been deleted.
    #[error("there is no such board")]
    BoardNotFound,
    /// The board has no such task.
    #[error("there is no such task on this board")]
    TaskNotFound,
    /// The entity has another version than the caller's.
    #[error("somebody else changed it: it has version {current} now")]
    VersionMismatch {
        /// Its version now.
        current: u64,
    },
    /// The board holds [`MAX_TASKS`] tasks.
    #[error("a quick-win board has at most {MAX_TASKS} tasks: delete one first")]
    TooManyTasks,
    /// The board holds as much text as it can.
    #[error("a quick-win board has at most 4 MiB of text: delete tasks first")]
    TooMuchText,
    /// The idempotency key belongs to another request.
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
}

/// What a command did.
#[derive(Clone, Debug, PartialEq)]
pub enum Applied {
    /// It made this event.
    Changed(Box<Event>),
    /// Everything was already so: no event, and nothing to store.
    Unchanged,
}

/// A board with its tasks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BoardState {
    board: Board,
    next_task_id: TaskId,
    deleted: bool,
    /// Ordered by id.
    tasks: Vec<Task>,
}

impl BoardState {
    /// A new, empty board.
    #[must_use]
    pub fn new(id: BoardId, epoch: String, name: BoardName, now: Timestamp) -> Self {
        let board =
            Board { id, epoch, name, seq: Seq::ZERO, version: 1, created_at: now, updated_at: now };
        Self { board, next_task_id: TaskId::FIRST, deleted: false, tasks: Vec::new() }
    }

    /// The board itself, also after its deletion.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Whether it has been deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.deleted
    }

    /// Its tasks, by id.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// One of its tasks.
    #[must_use]
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.find(id).ok().map(|index| &self.tasks[index])
    }

    /// The id of the task that is added next.
    #[must_use]
    pub fn next_task_id(&self) -> TaskId {
        self.next_task_id
    }

    /// Carries out a command at this moment, if the entity it is about has the expected version.
    ///
    /// # Errors
    /// A [`Refusal`]; nothing has changed then.
    pub fn apply(
        &mut self,
        command: Command,
        expected: Option<&Condition>,
        now: Timestamp,
    ) -> Result<Applied, Refusal> {
        if self.deleted {
            return Err(Refusal::BoardNotFound);
        }
        // A clock that was set back must not turn the history around.
        let now = now.max(self.board.updated_at);
        match command {
            Command::RenameBoard(name) => self.rename(name, expected, now),
            Command::DeleteBoard => self.delete(expected, now),
            Command::AddTask(new) => self.add_task(new, now),
            Command::UpdateTask(id, patch) => self.update_task(id, patch, expected, now),
            Command::DeleteTask(id) => self.delete_task(id, expected, now),
        }
    }

    fn rename(
        &mut self,
        name: BoardName,
        expected: Option<&Condition>,
        now: Timestamp,
    ) -> Result<Applied, Refusal> {
        check(expected, self.board.version)?;
        if name == self.board.name {
            return Ok(Applied::Unchanged);
        }
        let changes =
            Changes::from([(Cow::Borrowed("name"), [json!(self.board.name), json!(name)])]);
        self.board.name = name;
        self.board.version += 1;
        self.advance(now);
        let subject = Subject::Board { board: self.board.clone() };
        Ok(self.event(Action::Update, subject, changes))
    }

    fn delete(&mut self, expected: Option<&Condition>, now: Timestamp) -> Result<Applied, Refusal> {
        check(expected, self.board.version)?;
        let subject = Subject::Board { board: self.board.clone() };
        self.deleted = true;
        self.tasks = Vec::new();
        self.advance(now);
        Ok(self.event(Action::Delete, subject, Changes::new()))
    }

    fn add_task(&mut self, new: NewTask, now: Timestamp) -> Result<Applied, Refusal> {
        if self.tasks.len() >= MAX_TASKS {
            return Err(Refusal::TooManyTasks);
        }
        let task = new.into_task(self.next_task_id, now);
        self.next_task_id = self.next_task_id.next();
        self.tasks.push(task.clone());
        self.advance(now);
        Ok(self.event(Action::Add, Subject::Task { task }, Changes::new()))
    }

    fn update_task(
        &mut self,
        id: TaskId,
        patch: TaskPatch,
        expected: Option<&Condition>,
        now: Timestamp,
    ) -> Result<Applied, Refusal> {
        let index = self.find(id)?;
        let task = &mut self.tasks[index];
        check(expected, task.version)?;
        let mut changes = Changes::new();
        replace(&mut changes, "title", &mut task.title, patch.title);
        replace(&mut changes, "description", &mut task.description, patch.description);
        replace::<Status>(&mut changes, "status", &mut task.status, patch.status);
        let assigned_to = match patch.assigned_to {
            Patch::Keep => None,
            Patch::Remove => Some(None),
            Patch::Set(somebody) => Some(Some(somebody)),
        };
        replace(&mut changes, "assigned_to", &mut task.assigned_to, assigned_to);
        if changes.is_empty() {
            return Ok(Applied::Unchanged);
        }
        task.version += 1;
        task.updated_at = now;
        let subject = Subject::Task { task: task.clone() };
        let action = if changes.contains_key("status") { Action::Move } else { Action::Update };
        self.advance(now);
        Ok(self.event(action, subject, changes))
    }

    fn delete_task(
        &mut self,
        id: TaskId,
        expected: Option<&Condition>,
        now: Timestamp,
    ) -> Result<Applied, Refusal> {
        let index = self.find(id)?;
        check(expected, self.tasks[index].version)?;
        let task = self.tasks.remove(index);
        self.advance(now);
        Ok(self.event(Action::Delete, Subject::Task { task }, Changes::new()))
    }

    fn find(&self, id: TaskId) -> Result<usize, Refusal> {
        self.tasks.binary_search_by_key(&id, |task| task.id).map_err(|_| Refusal::TaskNotFound)
    }

    /// Counts one more change of the board.
    fn advance(&mut self, now: Timestamp) {
        self.board.seq = self.board.seq.next();
        self.board.updated_at = now;
    }

    /// The event of the change that was counted last.
    fn event(&self, action: Action, mut subject: Subject, changes: Changes) -> Applied {
        if let (Subject::Board { board }, Action::Update) = (&mut subject, action) {
            // The entity is shown as it is after the change, its own number included.
            board.seq = self.board.seq;
            board.updated_at = self.board.updated_at;
        }
        Applied::Changed(Box::new(Event {
            board_id: self.board.id,
            seq: self.board.seq,
            action,
            subject,
            changes,
            actor: Actor::GUEST,
            timestamp: self.board.updated_at,
        }))
    }
}

fn check(expected: Option<&Condition>, version: u64) -> Result<(), Refusal> {
    match expected {
        Some(condition) if !condition.matches_version(version) => {
            Err(Refusal::VersionMismatch { current: version })
        }
        _ => Ok(()),
    }
}

/// Sets a field to its new value, if there is one and it differs, and notes the change.
fn replace<T: PartialEq + Serialize>(
    changes: &mut Changes,
    name: &'static str,
    field: &mut T,
    new: Option<T>,
) {
    let Some(new) = new.filter(|new| new != field) else {
        return;
    };
    let old = std::mem::replace(field, new);
    changes.insert(Cow::Borrowed(name), [value_of(&old), value_of(field)]);
}

/// The JSON of a text or a status, which always has one.
fn value_of(field: &impl Serialize) -> Value {
    serde_json::to_value(field).unwrap_or_default()
}
