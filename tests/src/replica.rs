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
            Some("task") => self.put("tasks", &event["task"], event["action"] == "Delete"),
            Some("comment") => self.put("tasks", &event["task"], false),
            Some("member") => self.put("members", &event["member"], event["action"] == "Delete"),
            other => panic!("an unknown entity {other:?}: {event}"),
        }
        self.document["seq"] = event["seq"].clone();
        self.document["updated_at"] = event["timestamp"].clone();
        // Only quick-win mode's document holds events.
        if let Some(events) = self.document.get_mut("events").and_then(Value::as_array_mut) {
            events.push(event);
            let surplus = events.len().saturating_sub(KEPT_EVENTS);
            events.drain(..surplus);
        }
    }

    fn merge(&mut self, board: &Value) {
        for (name, value) in board.as_object().expect("a board") {
            self.document[name] = value.clone();
        }
        self.sort();
    }

    fn put(&mut self, list: &str, entity: &Value, gone: bool) {
        let entities = self.document[list].as_array_mut().expect("a list");
        match (entities.iter().position(|known| id(known) == id(entity)), gone) {
            (Some(index), true) => drop(entities.remove(index)),
            (Some(index), false) => entities[index] = entity.clone(),
            (None, true) => panic!("the deletion of something unknown: {entity}"),
            (None, false) => entities.push(entity.clone()),
        }
        self.sort();
    }

    /// Tasks stand by column and position where the board has columns; all else stands by id.
    fn sort(&mut self) {
        let columns = self.document["columns"].clone();
        let column = |task: &Value| {
            let mut keys = columns.as_array().into_iter().flatten().map(|column| &column["key"]);
            keys.position(|key| *key == task["status"])
        };
        for list in ["tasks", "members"] {
            if let Some(entities) = self.document.get_mut(list).and_then(Value::as_array_mut) {
                entities.sort_by(|one, other| {
                    let place = |entity: &Value| match entity["position"].as_str() {
                        Some(position) => (column(entity), position.to_owned(), 0),
                        None => (None, String::new(), id(entity)),
                    };
                    place(one).cmp(&place(other))
                });
            }
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
