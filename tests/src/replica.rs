//! A client's copy of a board, kept by the client rule of realtime.md and nothing else.

use crate::api::{id, seq};
use serde_json::Value;

/// The most events that a board document holds.
const KEPT_EVENTS: usize = 1_000;

/// A copy of a board document.
#[derive(Clone, Debug)]
pub struct Replica {
    document: Value,
}

impl Replica {
    /// A copy that starts from this snapshot.
    #[must_use]
    pub fn new(document: Value) -> Self {
        Self { document }
    }

    /// The cursor: the number of the last event that is in the copy.
    #[must_use]
    pub fn seq(&self) -> u64 {
        seq(&self.document)
    }

    /// What the cursor belongs to.
    ///
    /// # Panics
    /// When the snapshot had none.
    #[must_use]
    pub fn epoch(&self) -> &str {
        self.document["epoch"].as_str().expect("an epoch")
    }

    /// The board's id.
    #[must_use]
    pub fn board(&self) -> u64 {
        id(&self.document)
    }

    /// Applies the event of this WebSocket message, which must be the next one.
    ///
    /// # Panics
    /// When it is not, or is no event.
    pub fn apply(&mut self, message: &Value) {
        let event = event_of(message);
        assert_eq!(seq(&event), self.seq() + 1, "the next event of {}: {event}", self.board());
        match event["entity"].as_str() {
            Some("board") if event["action"] != "Delete" => self.merge(&event["board"]),
            Some("board") => {}
            Some("task") => self.put_task(&event["task"], event["action"] == "Delete"),
            other => panic!("an unknown entity {other:?}: {event}"),
        }
        self.document["seq"] = event["seq"].clone();
        self.document["updated_at"] = event["timestamp"].clone();
        let events = self.document["events"].as_array_mut().expect("`events`");
        events.push(event);
        let surplus = events.len().saturating_sub(KEPT_EVENTS);
        events.drain(..surplus);
    }

    fn merge(&mut self, board: &Value) {
        for (name, value) in board.as_object().expect("a board") {
            self.document[name] = value.clone();
        }
    }

    fn put_task(&mut self, task: &Value, gone: bool) {
        let tasks = self.document["tasks"].as_array_mut().expect("`tasks`");
        let place = tasks.binary_search_by_key(&id(task), id);
        match (place, gone) {
            (Ok(index), true) => drop(tasks.remove(index)),
            (Ok(index), false) => tasks[index] = task.clone(),
            (Err(_), true) => panic!("the deletion of an unknown task: {task}"),
            (Err(index), false) => tasks.insert(index, task.clone()),
        }
    }

    /// The copy in canonical JSON: members sorted, no white space.
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical(&self.document)
    }
}

/// A value in canonical JSON.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

/// The event of api.md inside a WebSocket message, which inlines it.
#[must_use]
pub fn event_of(message: &Value) -> Value {
    let mut event = message.clone();
    if let Some(members) = event.as_object_mut() {
        members.remove("type");
        if members.get("board").is_some_and(Value::is_number) {
            members.remove("board");
        }
    }
    event
}
