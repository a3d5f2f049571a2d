//! Tasks: added, changed, moved and deleted (docs/contract/api.md, API-TASK).

use super::{
    Answer, Model, Thing, bump, changes_between, check_version, invalid, refusal, success, trimmed,
    trimmed_lines,
};
use crate::request::Request;
use serde_json::{Map, Value, json};

impl Model {
    /// The tasks that are not deleted, by id.
    pub(super) fn living(&self) -> impl Iterator<Item = &Value> {
        self.tasks.values().filter(|task| !task.deleted).map(|task| &task.entity)
    }

    /// An existing task, or 404.
    pub(super) fn task(&self, id: u64) -> Result<Value, Answer> {
        let found = self.tasks.get(&id).filter(|task| !task.deleted);
        found.map(|task| task.entity.clone()).ok_or_else(|| refusal(404, "not-found", json!({})))
    }

    fn columns(&self) -> impl Iterator<Item = &Value> {
        self.board["columns"].as_array().into_iter().flatten()
    }

    pub(super) fn has_column(&self, key: &Value) -> bool {
        self.columns().any(|column| column["key"] == *key)
    }

    /// The positions of a column's tasks except this one, in order.
    pub(super) fn places(&self, column: &Value, but: &Value) -> Vec<(u64, String)> {
        let within = self.living().filter(|task| task["status"] == *column && task["id"] != *but);
        let place = |task: &Value| {
            let position = task["position"].as_str().unwrap_or_default();
            (task["id"].as_u64().unwrap_or_default(), position.to_owned())
        };
        let mut places: Vec<(u64, String)> = within.map(place).collect();
        places.sort_by(|one, other| one.1.cmp(&other.1));
        places
    }

    /// 409 for another task in a full column.
    pub(super) fn check_limit(&self, column: &Value, mover: &Value) -> Result<(), Answer> {
        let limit = self.columns().find(|known| known["key"] == *column);
        let limit = limit.and_then(|column| column["wip_limit"].as_u64());
        match limit {
            Some(limit) if self.places(column, mover).len() as u64 >= limit => {
                let members = json!({"column": column, "wip_limit": limit});
                Err(refusal(409, "wip-limit", members))
            }
            _ => Ok(()),
        }
    }

    /// Moves the task to the requested place: `given` is the server's choice, which must be
    /// between the neighbours. False if a neighbour does not exist.
    fn put(&self, task: &mut Value, was: &Value, request: &Value, given: Option<&str>) -> bool {
        let places = self.places(&task["status"], &task["id"]);
        let neighbour = |name: &str| {
            request[name].as_u64().map(|id| places.iter().position(|place| place.0 == id))
        };
        let index = match (neighbour("before"), neighbour("after")) {
            (Some(Some(index)), _) => index,
            (_, Some(Some(index))) => index + 1,
            (None, None) => places.len(),
            _ => return false,
        };
        let low = index.checked_sub(1).map(|index| places[index].1.as_str());
        let high = places.get(index).map(|place| place.1.as_str());
        let fits = |place: &&str| {
            low.is_none_or(|low| low < *place) && high.is_none_or(|high| *place < high)
        };
        let present = was["position"].as_str().filter(|_| was["status"] == task["status"]);
        let place = present.filter(fits).or_else(|| given.filter(fits));
        task["position"] = json!(place.unwrap_or("(a place between its neighbours)"));
        true
    }

    /// 422 for fields that do not fit this board.
    fn check_task(&self, body: &Value, after: &Value, placed: bool) -> Result<(), Answer> {
        let mut faults = Vec::new();
        if !self.has_column(&after["status"]) {
            faults.push("/status");
        } else if !placed {
            faults.push(if body["before"].is_null() { "/after" } else { "/before" });
        }
        if body["assigned_to"].is_string() && after["assigned_to"].is_null() {
            faults.push("/assigned_to");
        }
        if faults.is_empty() { Ok(()) } else { Err(invalid(faults)) }
    }

    /// The member with this name, as spelled in their account; quick-win mode takes any name.
    fn assignee(&self, name: &Value) -> Value {
        if self.quick_win {
            return name.clone();
        }
        let mut known = self.members.keys().map(|index| &self.people[*index].name);
        let name = name.as_str().unwrap_or_default().to_lowercase();
        json!(known.find(|known| known.to_lowercase() == name))
    }

    /// Sets the fields that the body contains.
    fn merge(&self, task: &mut Value, body: &Value) {
        if !body["title"].is_null() {
            task["title"] = trimmed(&body["title"]);
        }
        if let Some(description) = body.get("description") {
            task["description"] = trimmed_lines(description);
        }
        if !body["status"].is_null() {
            task["status"] = body["status"].clone();
        }
        if let Some(name) = body.get("assigned_to") {
            task["assigned_to"] = self.assignee(name);
        }
        if let Some(labels) = body.get("labels") {
            task["labels"] = labels.clone();
        }
    }

    pub(super) fn add_task(
        &mut self,
        me: usize,
        body: &Value,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        let id = self.tasks.len() as u64 + 1;
        let mut task = json!({
            "id": id, "description": "", "status": "todo", "assigned_to": null, "version": 1,
        });
        if !self.quick_win {
            task["status"] = self.board["columns"][0]["key"].clone();
            task["labels"] = json!([]);
            task["fields"] = body.get("fields").cloned().unwrap_or_else(|| json!({}));
            task["start_at"] = json!(null);
            task["due_at"] = json!(null);
            task["comment_count"] = json!(0);
            task["item_count"] = json!(0);
            task["done_count"] = json!(0);
            task["created_by"] = json!(self.people[me].name);
        }
        self.merge(&mut task, body);
        if !self.quick_win {
            let placed = self.put(&mut task, &json!({}), body, place);
            self.check_task(body, &task, placed)?;
            self.check_limit(&task["status"], &task["id"])?;
        }
        self.tasks.insert(id, Thing { entity: task.clone(), deleted: false });
        let seq = self.append(me, ("Add", "task"), json!({"task": task}), Map::new(), None);
        Ok(success(201, task, Some(seq)))
    }

    pub(super) fn patch_task(
        &mut self,
        me: usize,
        id: u64,
        request: &Request,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        let (before, body) = (self.task(id)?, &request.body);
        check_version(&before, request)?;
        let mut after = before.clone();
        self.merge(&mut after, body);
        let moves = before["status"] != after["status"];
        if !self.quick_win {
            match &body["fields"]["a"] {
                Value::Null => {
                    // A patch without `fields` removes nothing.
                    if let Some(fields) = after["fields"].as_object_mut()
                        && body.get("fields").is_some()
                    {
                        fields.remove("a");
                    }
                }
                value => after["fields"]["a"] = value.clone(),
            }
            let asked = body.get("before").or(body.get("after")).is_some();
            let placed = !(moves || asked) || self.put(&mut after, &before, body, place);
            self.check_task(body, &after, placed)?;
            if moves {
                self.check_limit(&after["status"], &after["id"])?;
            }
        }
        Ok(self.replace_task(me, &before, after, None))
    }

    /// Stores a changed task and appends its event.
    pub(super) fn replace_task(
        &mut self,
        me: usize,
        before: &Value,
        mut after: Value,
        undone: Option<u64>,
    ) -> Answer {
        let changes = changes_between(before, &after);
        if changes.is_empty() {
            return success(200, before.clone(), None);
        }
        bump(&mut after);
        self.store(&after, false);
        let moved = changes.contains_key("status") || changes.contains_key("position");
        let action = if moved { "Move" } else { "Update" };
        let seq = self.append(me, (action, "task"), json!({"task": after}), changes, undone);
        success(200, after, Some(seq))
    }

    pub(super) fn store(&mut self, task: &Value, deleted: bool) {
        let thing = Thing { entity: task.clone(), deleted };
        self.tasks.insert(task["id"].as_u64().expect("an id"), thing);
    }

    pub(super) fn delete_task(
        &mut self,
        me: usize,
        id: u64,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let task = self.task(id)?;
        check_version(&task, request)?;
        Ok(self.remove_task(me, task, None))
    }

    /// Deletes a task: its event shows it as it was.
    pub(super) fn remove_task(&mut self, me: usize, task: Value, undone: Option<u64>) -> Answer {
        let content = json!({"task": task});
        let seq = self.append(me, ("Delete", "task"), content, Map::new(), undone);
        let mut gone = task;
        bump(&mut gone);
        self.store(&gone, true);
        success(204, Value::Null, Some(seq))
    }
}
