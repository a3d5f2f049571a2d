//! Undo: the compensating event, if no later event in effect touched the same fields
//! (docs/contract/api.md, API-UNDO).

use super::{Answer, Model, bump, refusal, success};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

impl Model {
    pub(super) fn undo(
        &mut self,
        me: usize,
        seq: u64,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        let index = usize::try_from(seq).unwrap_or_default().wrapping_sub(1);
        let event = self.events.get(index).cloned();
        let event = event.ok_or_else(|| refusal(404, "not-found", json!({})))?;
        let entity = event["entity"].as_str().expect("an entity");
        if entity == "member" {
            self.check_role(me, "owner")?;
        }
        self.check_conflict(&event, seq)?;
        let done = match entity {
            "task" => self.undo_task(me, &event, seq, place)?,
            "comment" => self.undo_comment(me, &event, seq)?,
            "checklist" => self.undo_checklist(me, &event, seq)?,
            "checklist_item" => self.undo_item(me, &event, seq, place)?,
            "member" => {
                let who = self.people.iter().position(|one| event["member"]["id"] == one.id);
                let role = match event["action"].as_str() {
                    Some("Delete") => event["member"]["role"].as_str(),
                    Some("Update") => event["changes"]["role"][0].as_str(),
                    _ => None,
                };
                self.change_member(me, who.expect("a person"), role, Some(seq))?
            }
            _ => {
                let old = old_values(&event);
                if old.get("columns").is_some() {
                    self.check_role(me, "owner")?;
                }
                self.change_board(me, &old, Some(seq))?
            }
        };
        Ok(match done.event {
            Some(_) => success(201, self.events.last().cloned().unwrap_or_default(), done.event),
            None => success(204, Value::Null, None),
        })
    }

    /// 409 naming the conflicting later events and the fields that they touched.
    fn check_conflict(&self, target: &Value, seq: u64) -> Result<(), Answer> {
        let later = self.events.iter().skip(usize::try_from(seq).unwrap_or_default());
        let later = later.filter(|event| event["undoes"].as_u64() <= Some(seq));
        let later = later.filter(|event| self.blocks(event, target) && !self.is_undone(event));
        let blocking: Vec<&Value> = later.collect();
        if blocking.is_empty() {
            return Ok(());
        }
        let own = field_names(target);
        let touched: BTreeSet<&String> = blocking
            .iter()
            .flat_map(|event| field_names(event))
            .filter(|name| own.is_empty() || own.contains(name))
            .collect();
        let numbers: Vec<&Value> = blocking.iter().map(|event| &event["seq"]).collect();
        Err(refusal(409, "undo-conflict", json!({"events": numbers, "fields": touched})))
    }

    /// Whether an undo that is itself in effect undid it.
    fn is_undone(&self, event: &Value) -> bool {
        self.events.iter().any(|undo| undo["undoes"] == event["seq"] && !self.is_undone(undo))
    }

    /// Whether a later event touched what this one touched.
    fn blocks(&self, later: &Value, target: &Value) -> bool {
        let about = |event: &Value| {
            let kinds = ["comment", "checklist", "checklist_item"];
            let of = kinds.iter().find_map(|kind| event[*kind]["task_id"].as_u64());
            event["task"]["id"].as_u64().or(of)
        };
        if about(later) != about(target) {
            return false;
        }
        let (kind, is) = (&target["entity"], |event: &Value, kind: &str, action: &str| {
            event["entity"] == kind && event["action"] == action
        });
        // Adding a task cannot be undone once the task was changed or commented on.
        if is(target, "task", "Add") {
            return true;
        }
        // Nothing on a task can be undone while the task is deleted; a deletion that was itself
        // undone no longer conflicts.
        if is(later, "task", "Delete") && !is(target, "task", "Delete") {
            return about(target).is_some_and(|id| self.tasks[&id].deleted);
        }
        // Adding a checklist cannot be undone once its items were changed.
        if is(target, "checklist", "Add") && later["entity"] == "checklist_item" {
            let lists =
                [&later["checklist_item"]["checklist_id"], &later["changes"]["checklist_id"][0]];
            return lists.contains(&&target["checklist"]["id"]);
        }
        // Nor a change of an item while its checklist is deleted, or the one that it would return
        // to.
        if target["entity"] == "checklist_item" && is(later, "checklist", "Delete") {
            let list = later["checklist"]["id"].as_u64().unwrap_or_default();
            let item = target["checklist_item"]["id"].as_u64().unwrap_or_default();
            let lists = [
                self.items[&item].entity["checklist_id"].as_u64(),
                target["changes"]["checklist_id"][0].as_u64(),
            ];
            return self.checklists[&list].deleted && lists.contains(&Some(list));
        }
        let name = kind.as_str().unwrap_or_default();
        if later["entity"] != *kind || later[name]["id"] != target[name]["id"] {
            return false;
        }
        let fields = field_names(target);
        let shared = field_names(later).iter().any(|field| fields.contains(field));
        fields.is_empty()
            || shared
            || name == "member"
            || name != "task" && later["action"] == "Delete"
    }

    fn undo_task(
        &mut self,
        me: usize,
        event: &Value,
        undone: u64,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        let id = event["task"]["id"].as_u64().expect("an id");
        let before = self.tasks[&id].entity.clone();
        if event["action"] == "Add" {
            return Ok(self.remove_task(me, before, Some(undone)));
        }
        let comes_back = event["action"] == "Delete";
        let old = old_values(event);
        let mut after = before.clone();
        for (name, value) in old.as_object().into_iter().flatten() {
            after[name] = value.clone();
        }
        if comes_back || old.get("status").or(old.get("position")).is_some() {
            if !self.has_column(&after["status"]) {
                let members = json!({"events": [], "fields": ["status"]});
                return Err(refusal(409, "undo-conflict", members));
            }
            if comes_back || after["status"] != before["status"] {
                self.check_limit(&after["status"], &after["id"])?;
            }
            self.put_back(&mut after, place);
        }
        if !comes_back {
            return Ok(self.replace_task(me, &before, after, Some(undone)));
        }
        bump(&mut after);
        self.store(&after, false);
        let content = json!({"task": after});
        let seq = self.append(me, ("Add", "task"), content, Map::new(), Some(undone));
        Ok(success(201, Value::Null, Some(seq)))
    }

    /// Its old position, or the next one after the task that has it now.
    fn put_back(&self, task: &mut Value, given: Option<&str>) {
        let places = self.places(&task["status"], &task["id"]);
        let old = task["position"].as_str().unwrap_or_default();
        if !places.iter().any(|place| place.1 == old) {
            return;
        }
        let next = places.iter().map(|place| place.1.as_str()).find(|place| *place > old);
        let fits = |place: &&str| *place > old && next.is_none_or(|next| *place < next);
        let place = given.filter(fits).unwrap_or("(a place right behind)").to_owned();
        task["position"] = json!(place);
    }
}

/// The fields' values before the event.
pub(super) fn old_values(event: &Value) -> Value {
    let changes = event["changes"].as_object().into_iter().flatten();
    changes.map(|(name, values)| (name.clone(), values[0].clone())).collect::<Map<_, _>>().into()
}

fn field_names(event: &Value) -> Vec<&String> {
    event["changes"].as_object().into_iter().flatten().map(|(name, _)| name).collect()
}
