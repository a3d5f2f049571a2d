//! A client's copy of a board, kept by the client rule of docs/contract/realtime.md and nothing else.

use serde_json::Value;
use std::cmp::Ordering;

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
        number(&self.document, "seq")
    }

    /// The cursor's epoch; empty if the snapshot had none.
    #[must_use]
    pub fn epoch(&self) -> &str {
        self.document["epoch"].as_str().unwrap_or_default()
    }

    /// The board's id; 0 if the snapshot had none.
    #[must_use]
    pub fn board(&self) -> u64 {
        number(&self.document, "id")
    }

    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The whole copy.
    #[must_use]
    pub fn into_document(self) -> Value {
        self.document
    }

    /// Applies an event of docs/contract/api.md, which must be the next one.
    ///
    /// # Errors
    /// The reason why it cannot be applied: it is not the next one, or is inconsistent. The copy is
    /// unchanged then.
    pub fn apply(&mut self, event: &Value) -> Result<(), String> {
        let (seq, next) = (number(event, "seq"), self.seq() + 1);
        if seq != next {
            return Err(format!("event {seq} came where {next} was due"));
        }
        let gone = event["action"] == "Delete";
        match event["entity"].as_str() {
            Some("board") if gone => {}
            Some("board") => self.merge(&event["board"])?,
            Some("task") => self.put("tasks", &event["task"], gone)?,
            // Events of earlier versions carry the whole task.
            Some("comment") if event["task"].is_object() => {
                self.put("tasks", &event["task"], false)?;
            }
            Some("comment" | "checklist" | "checklist_item") => {
                self.patch_task(&event["task_patch"])?;
            }
            Some("member") => self.put("members", &event["member"], gone)?,
            other => return Err(format!("event {seq} is about an unknown entity: {other:?}")),
        }
        self.document["seq"] = event["seq"].clone();
        self.document["updated_at"] = event["timestamp"].clone();
        // Only quick-win mode's document holds events.
        if let Some(events) = self.document.get_mut("events").and_then(Value::as_array_mut) {
            events.push(event.clone());
            let surplus = events.len().saturating_sub(KEPT_EVENTS);
            events.drain(..surplus);
        }
        Ok(())
    }

    fn merge(&mut self, board: &Value) -> Result<(), String> {
        let members = board.as_object().ok_or("an event of the board is without the board")?;
        for (name, value) in members {
            self.document[name] = value.clone();
        }
        // The order of columns may have changed.
        let mut tasks = self.document.get_mut("tasks").map(Value::take).unwrap_or_default();
        if let Some(tasks) = tasks.as_array_mut() {
            tasks.sort_by(|one, other| compare(&self.document["columns"], one, other));
            self.document["tasks"] = std::mem::take(tasks).into();
        }
        Ok(())
    }

    /// Replaces these members of the task with this id.
    fn patch_task(&mut self, patch: &Value) -> Result<(), String> {
        let id = number(patch, "id");
        let tasks = self.document.get_mut("tasks").and_then(Value::as_array_mut);
        let task = tasks.into_iter().flatten().find(|task| number(task, "id") == id);
        let (Some(task), Some(members)) = (task, patch.as_object()) else {
            return Err(format!("an event is about something on an unknown task: {id}"));
        };
        for (name, value) in members {
            task[name] = value.clone();
        }
        Ok(())
    }

    /// Replaces or removes the entity with this id. Tasks are sorted by column and position if the
    /// board has columns; everything else by id.
    fn put(&mut self, list: &str, entity: &Value, gone: bool) -> Result<(), String> {
        let id = number(entity, "id");
        if id == 0 {
            return Err(format!("an event is about something of {list} without an id"));
        }
        let Some(mut entities) = self.document.get_mut(list).map(Value::take) else {
            return Err(format!("the board document is without {list}"));
        };
        let mut entity = entity.clone();
        // Events of earlier versions do not count a team's checklists, and know no start.
        if let Some(task) = entity.as_object_mut().filter(|it| it.contains_key("comment_count")) {
            for name in ["item_count", "done_count"] {
                task.entry(name).or_insert(0.into());
            }
            task.entry("start_at").or_insert(Value::Null);
        }
        let outcome = self.put_into(&mut entities, &entity, id, gone);
        self.document[list] = entities;
        outcome.map_err(|fault| format!("{fault} of {list}: {id}"))
    }

    fn put_into(
        &self,
        entities: &mut Value,
        entity: &Value,
        id: u64,
        gone: bool,
    ) -> Result<(), &'static str> {
        let entities = entities.as_array_mut().ok_or("there is no list")?;
        match entities.iter().position(|known| number(known, "id") == id) {
            Some(index) => drop(entities.remove(index)),
            None if gone => return Err("an event deletes something unknown"),
            None => {}
        }
        if !gone {
            let columns = &self.document["columns"];
            let before = |known: &Value| compare(columns, known, entity) == Ordering::Less;
            entities.insert(entities.partition_point(before), entity.clone());
        }
        Ok(())
    }

    /// The copy in canonical JSON: members sorted, no white space.
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical(&self.document)
    }
}

/// The order of two entities of one list.
fn compare(columns: &Value, one: &Value, other: &Value) -> Ordering {
    place(columns, one).cmp(&place(columns, other))
}

/// The sort key of an entity in its list: column and position, otherwise the id.
fn place<'entity>(columns: &Value, entity: &'entity Value) -> (Option<usize>, &'entity str, u64) {
    match entity["position"].as_str() {
        Some(position) => {
            let mut keys = columns.as_array().into_iter().flatten().map(|column| &column["key"]);
            (keys.position(|key| *key == entity["status"]), position, 0)
        }
        None => (None, "", number(entity, "id")),
    }
}

fn number(entity: &Value, name: &str) -> u64 {
    entity[name].as_u64().unwrap_or_default()
}

/// A value in canonical JSON.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

/// The event of docs/contract/api.md inside a WebSocket message, which inlines it.
#[must_use]
pub fn event_of(mut message: Value) -> Value {
    if let Some(members) = message.as_object_mut() {
        members.remove("type");
        if members.get("board").is_some_and(Value::is_number) {
            members.remove("board");
        }
    }
    message
}
