//! Checklists and their items, which editors write (docs/contract/api.md, API-CHECKLIST). Positions
//! are taken from the server: items are only ever moved to the end of a checklist here.

use super::undo::old_values;
use super::{Answer, Model, Thing, bump, check_version, refusal, success, trimmed};
use crate::request::Request;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn id(entity: &Value, name: &str) -> u64 {
    entity[name].as_u64().expect("an id")
}

/// A task's fields in a checklist's event.
fn patch_of(task: &Value) -> Value {
    let members = ["id", "comment_count", "item_count", "done_count", "version"];
    members.iter().map(|name| ((*name).to_owned(), task[*name].clone())).collect()
}

fn is_done(item: &Value) -> i64 {
    i64::from(item["done"] == true)
}

/// The task's entity with this id, if it exists.
fn find(things: &BTreeMap<u64, Thing>, task: u64, id: u64) -> Option<Value> {
    let found = things.get(&id).filter(|thing| !thing.deleted);
    found.map(|thing| thing.entity.clone()).filter(|entity| entity["task_id"] == task)
}

fn missing() -> Answer {
    refusal(404, "not-found", json!({}))
}

impl Model {
    fn checklist(&self, task: u64, id: u64) -> Result<Value, Answer> {
        self.task(task)?;
        find(&self.checklists, task, id).ok_or_else(missing)
    }

    fn item(&self, task: u64, of: u64) -> Result<Value, Answer> {
        self.task(task)?;
        let item = find(&self.items, task, of).ok_or_else(missing)?;
        let list = &self.checklists[&id(&item, "checklist_id")];
        if list.deleted { Err(missing()) } else { Ok(item) }
    }

    /// A checklist's items that were not deleted individually, in their order.
    fn items_of(&self, list: u64) -> Vec<Value> {
        let here = |item: &&Thing| !item.deleted && item.entity["checklist_id"] == list;
        let mut items: Vec<Value> =
            self.items.values().filter(here).map(|item| item.entity.clone()).collect();
        items.sort_by_key(|item| item["position"].as_str().map(str::to_owned));
        items
    }

    /// The checklists of a task with their items. Checklists are never moved here.
    pub(crate) fn checklists_of(&self, task: u64) -> Vec<Value> {
        let here = |list: &&Thing| !list.deleted && list.entity["task_id"] == task;
        let whole = |list: &Thing| {
            let mut whole = list.entity.clone();
            whole["items"] = json!(self.items_of(id(&list.entity, "id")));
            whole
        };
        self.checklists.values().filter(here).map(whole).collect()
    }

    /// Adjusts a task's counts of items and of done items; returns the task.
    fn count_items(&mut self, task: u64, items: i64, dones: i64) -> Value {
        let mut task = self.tasks[&task].entity.clone();
        if (items, dones) != (0, 0) {
            for (name, difference) in [("item_count", items), ("done_count", dones)] {
                task[name] = json!(task[name].as_i64().expect("a count") + difference);
            }
            bump(&mut task);
            self.store(&task, false);
        }
        task
    }

    fn store_checklist(&mut self, list: &Value, deleted: bool) {
        self.checklists.insert(id(list, "id"), Thing { entity: list.clone(), deleted });
    }

    fn store_item(&mut self, item: &Value, deleted: bool) {
        self.items.insert(id(item, "id"), Thing { entity: item.clone(), deleted });
    }

    pub(super) fn add_checklist(
        &mut self,
        me: usize,
        task: u64,
        body: &Value,
    ) -> Result<Answer, Answer> {
        let task = self.task(task)?;
        let list = json!({"id": self.checklists.len() + 1, "task_id": task["id"],
            "title": trimmed(&body["title"]), "version": 1});
        self.store_checklist(&list, false);
        let mut shown = list;
        shown["items"] = json!([]);
        let content = json!({"checklist": shown, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Add", "checklist"), content, Map::new(), None);
        Ok(success(201, shown, Some(seq)))
    }

    pub(super) fn edit_checklist(
        &mut self,
        me: usize,
        task: u64,
        of: u64,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let before = self.checklist(task, of)?;
        check_version(&before, request)?;
        self.retitle(me, &before, &trimmed(&request.body["title"]), None)
    }

    fn retitle(
        &mut self,
        me: usize,
        before: &Value,
        title: &Value,
        undone: Option<u64>,
    ) -> Result<Answer, Answer> {
        if before["title"] == *title {
            return Ok(success(200, before.clone(), None));
        }
        let mut after = before.clone();
        after["title"] = title.clone();
        bump(&mut after);
        self.store_checklist(&after, false);
        let task = self.task(id(&after, "task_id"))?;
        let changes = Map::from_iter([("title".to_owned(), json!([before["title"], title]))]);
        let content = json!({"checklist": after, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Update", "checklist"), content, changes, undone);
        Ok(success(200, after, Some(seq)))
    }

    pub(super) fn delete_checklist(
        &mut self,
        me: usize,
        task: u64,
        of: u64,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let before = self.checklist(task, of)?;
        check_version(&before, request)?;
        Ok(self.remove_checklist(me, &before, None))
    }

    /// The number of a checklist's items, and of those that are done.
    fn totals(&self, list: u64) -> (i64, i64) {
        let items = self.items_of(list);
        (i64::try_from(items.len()).expect("a few"), items.iter().map(is_done).sum())
    }

    fn remove_checklist(&mut self, me: usize, before: &Value, undone: Option<u64>) -> Answer {
        let (items, dones) = self.totals(id(before, "id"));
        let mut gone = before.clone();
        bump(&mut gone);
        self.store_checklist(&gone, true);
        let task = self.count_items(id(before, "task_id"), -items, -dones);
        let content = json!({"checklist": before, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Delete", "checklist"), content, Map::new(), undone);
        success(204, Value::Null, Some(seq))
    }

    /// Undoes a change of a checklist.
    pub(super) fn undo_checklist(
        &mut self,
        me: usize,
        event: &Value,
        undone: u64,
    ) -> Result<Answer, Answer> {
        let mut now = self.checklists[&id(&event["checklist"], "id")].entity.clone();
        match event["action"].as_str() {
            Some("Add") => return Ok(self.remove_checklist(me, &now, Some(undone))),
            Some("Update") => {
                return self.retitle(me, &now, &event["changes"]["title"][0], Some(undone));
            }
            _ => {}
        }
        bump(&mut now);
        self.store_checklist(&now, false);
        let list = id(&now, "id");
        let (items, dones) = self.totals(list);
        now["items"] = json!(self.items_of(list));
        let task = self.count_items(id(&now, "task_id"), items, dones);
        let content = json!({"checklist": now, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Add", "checklist"), content, Map::new(), Some(undone));
        Ok(success(201, Value::Null, Some(seq)))
    }

    pub(super) fn add_item(
        &mut self,
        me: usize,
        task: u64,
        list: u64,
        body: &Value,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        self.checklist(task, list)?;
        let item = json!({
            "id": self.items.len() + 1, "task_id": task, "checklist_id": list,
            "text": trimmed(&body["text"]), "done": false, "assigned_to": null, "due_at": null,
            "position": self.end_of(list, 0, place), "version": 1,
        });
        self.store_item(&item, false);
        let task = self.count_items(task, 1, 0);
        let content = json!({"checklist_item": item, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Add", "checklist_item"), content, Map::new(), None);
        Ok(success(201, item, Some(seq)))
    }

    /// The server's position for an item at the end of a checklist, if it sorts after all others.
    fn end_of(&self, list: u64, mover: u64, given: Option<&str>) -> Value {
        let others = self.items_of(list);
        let mut others = others.iter().filter(|item| id(item, "id") != mover);
        let fits = |place: &&str| others.all(|item| item["position"].as_str() < Some(place));
        json!(given.filter(fits).unwrap_or("(a place at the end)"))
    }

    pub(super) fn patch_item(
        &mut self,
        me: usize,
        task: u64,
        of: u64,
        request: &Request,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        let before = self.item(task, of)?;
        check_version(&before, request)?;
        let mut after = before.clone();
        if let Some(list) = request.body["checklist_id"].as_u64() {
            if find(&self.checklists, task, list).is_none() {
                return Err(super::invalid(vec!["/checklist_id"]));
            }
            let others = self.items_of(list);
            let is_last = others.last().is_some_and(|item| item["id"] == before["id"]);
            after["checklist_id"] = json!(list);
            if !is_last {
                after["position"] = self.end_of(list, of, place);
            }
        } else {
            after["done"] = request.body["done"].clone();
        }
        Ok(self.replace_item(me, &before, after, None))
    }

    fn replace_item(
        &mut self,
        me: usize,
        before: &Value,
        mut after: Value,
        undone: Option<u64>,
    ) -> Answer {
        let changes = super::changes_between(before, &after);
        if changes.is_empty() {
            return success(200, before.clone(), None);
        }
        bump(&mut after);
        self.store_item(&after, false);
        let task = self.count_items(id(&after, "task_id"), 0, is_done(&after) - is_done(before));
        let moves = ["position", "checklist_id"].iter().any(|name| changes.contains_key(*name));
        let action = if moves { "Move" } else { "Update" };
        let content = json!({"checklist_item": after, "task_patch": patch_of(&task)});
        let seq = self.append(me, (action, "checklist_item"), content, changes, undone);
        success(200, after, Some(seq))
    }

    pub(super) fn delete_item(
        &mut self,
        me: usize,
        task: u64,
        of: u64,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let before = self.item(task, of)?;
        check_version(&before, request)?;
        Ok(self.remove_item(me, &before, None))
    }

    fn remove_item(&mut self, me: usize, before: &Value, undone: Option<u64>) -> Answer {
        let mut gone = before.clone();
        bump(&mut gone);
        self.store_item(&gone, true);
        let task = self.count_items(id(before, "task_id"), -1, -is_done(before));
        let content = json!({"checklist_item": before, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Delete", "checklist_item"), content, Map::new(), undone);
        success(204, Value::Null, Some(seq))
    }

    /// Undoes a change of an item.
    pub(super) fn undo_item(
        &mut self,
        me: usize,
        event: &Value,
        undone: u64,
        place: Option<&str>,
    ) -> Result<Answer, Answer> {
        let now = self.items[&id(&event["checklist_item"], "id")].entity.clone();
        if event["action"] == "Add" {
            return Ok(self.remove_item(me, &now, Some(undone)));
        }
        let mut after = now.clone();
        for (name, value) in old_values(event).as_object().into_iter().flatten() {
            after[name] = value.clone();
        }
        self.put_item_back(&mut after, place);
        if event["action"] != "Delete" {
            return Ok(self.replace_item(me, &now, after, Some(undone)));
        }
        bump(&mut after);
        self.store_item(&after, false);
        let task = self.count_items(id(&after, "task_id"), 1, is_done(&after));
        let content = json!({"checklist_item": after, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Add", "checklist_item"), content, Map::new(), Some(undone));
        Ok(success(201, Value::Null, Some(seq)))
    }

    /// Its old position, or the next one after the item that has it now.
    fn put_item_back(&self, item: &mut Value, given: Option<&str>) {
        let others = self.items_of(id(item, "checklist_id"));
        let places: Vec<&str> = others
            .iter()
            .filter(|other| other["id"] != item["id"])
            .filter_map(|other| other["position"].as_str())
            .collect();
        let old = item["position"].as_str().unwrap_or_default();
        if !places.contains(&old) {
            return;
        }
        let next = places.iter().find(|place| **place > old);
        let fits = |place: &&str| *place > old && next.is_none_or(|next| *place < *next);
        item["position"] = json!(given.filter(fits).unwrap_or("(a place right behind)"));
    }
}
