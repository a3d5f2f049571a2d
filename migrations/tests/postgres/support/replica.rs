//! A client's copy of a board, kept by the rule of docs/contract/realtime.md and nothing else.

use serde_json::{Value, json};

/// A copy of a board document, which holds its own reader's role.
pub(crate) struct Replica(Value);

impl Replica {
    /// Begins from a snapshot.
    pub(crate) fn new(snapshot: Value) -> Self {
        Self(snapshot)
    }

    /// Applies the next event.
    pub(crate) fn apply(&mut self, event: &Value) {
        let next = self.0["seq"].as_i64().expect("a seq") + 1;
        assert_eq!(event["seq"], json!(next), "the next event");
        let gone = event["action"] == "Delete";
        match event["entity"].as_str() {
            // A deleted board is as it was, out of sight.
            Some("board") => {
                for (name, value) in event["board"].as_object().expect("a board") {
                    self.0[name] = value.clone();
                }
            }
            Some("member") => put(&mut self.0["members"], &event["member"], gone),
            Some("task") => put(&mut self.0["tasks"], &event["task"], gone),
            // Events of earlier versions carry the whole task.
            Some("comment") if event["task"].is_object() => {
                put(&mut self.0["tasks"], &event["task"], false);
            }
            Some("comment") => patch(&mut self.0["tasks"], &event["task_patch"]),
            other => panic!("an unknown entity: {other:?}"),
        }
        self.0["seq"] = event["seq"].clone();
        self.0["updated_at"] = event["timestamp"].clone();
    }

    /// In the order that snapshots have: tasks by column, then position; members by id.
    pub(crate) fn canonical(mut self) -> String {
        let columns = self.0["columns"].clone();
        let place = |status: &Value| {
            let mut columns = columns.as_array().expect("columns").iter();
            columns.position(|column| column["key"] == *status)
        };
        self.0["tasks"].as_array_mut().expect("tasks").sort_by_key(|task| {
            (place(&task["status"]), task["position"].as_str().expect("a position").to_owned())
        });
        let members = self.0["members"].as_array_mut().expect("members");
        members.sort_by_key(|member| member["id"].as_i64());
        canonical(&self.0)
    }
}

fn patch(list: &mut Value, patch: &Value) {
    let mut list = list.as_array_mut().expect("a list").iter_mut();
    let entity = list.find(|other| other["id"] == patch["id"]).expect("a known one");
    for (name, value) in patch.as_object().expect("an object") {
        entity[name] = value.clone();
    }
}

fn put(list: &mut Value, entity: &Value, gone: bool) {
    let list = list.as_array_mut().expect("a list");
    match (list.iter().position(|other| other["id"] == entity["id"]), gone) {
        (Some(index), true) => drop(list.remove(index)),
        (Some(index), false) => list[index] = entity.clone(),
        (None, false) => list.push(entity.clone()),
        (None, true) => panic!("the deletion of something unknown: {entity}"),
    }
}

/// A value in canonical JSON: members sorted, no white space.
pub(crate) fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
