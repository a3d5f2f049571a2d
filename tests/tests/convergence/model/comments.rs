//! Comments: authors change only their own, but an owner may delete any (docs/contract/api.md,
//! API-COMMENT).

use super::{Answer, Model, Thing, bump, check_version, refusal, success, trimmed_lines};
use crate::request::Request;
use serde_json::{Map, Value, json};

/// A task's fields in a comment's event.
fn patch_of(task: &Value) -> Value {
    let members = ["id", "comment_count", "item_count", "done_count", "version"];
    members.iter().map(|name| ((*name).to_owned(), task[*name].clone())).collect()
}

impl Model {
    /// An existing comment of a task, or 404.
    fn comment(&self, task: u64, id: u64) -> Result<Value, Answer> {
        self.task(task)?;
        let found = self.comments.get(&id).filter(|comment| !comment.deleted);
        let found = found.filter(|comment| comment.entity["task_id"] == task);
        found
            .map(|comment| comment.entity.clone())
            .ok_or_else(|| refusal(404, "not-found", json!({})))
    }

    /// 403 for anybody who neither wrote it nor (where that suffices) owns the board.
    fn check_author(&self, me: usize, comment: &Value, owner_may: bool) -> Result<(), Answer> {
        let role = self.members.get(&me);
        let is_owner = role.is_some_and(|role| role == "owner");
        if comment["created_by"] == self.people[me].name || owner_may && is_owner {
            return Ok(());
        }
        Err(refusal(403, "forbidden", json!({"role": role, "needed": "author"})))
    }

    /// Adjusts the count of comments; returns the task.
    fn count(&mut self, comment: &Value, difference: i64) -> Value {
        let id = comment["task_id"].as_u64().expect("an id");
        let mut task = self.tasks[&id].entity.clone();
        let count = task["comment_count"].as_i64().expect("a count");
        task["comment_count"] = json!(count + difference);
        bump(&mut task);
        self.store(&task, false);
        task
    }

    fn store_comment(&mut self, comment: &Value, deleted: bool) {
        let thing = Thing { entity: comment.clone(), deleted };
        self.comments.insert(comment["id"].as_u64().expect("an id"), thing);
    }

    pub(super) fn add_comment(
        &mut self,
        me: usize,
        task: u64,
        body: &Value,
    ) -> Result<Answer, Answer> {
        self.task(task)?;
        let comment = json!({
            "id": self.comments.len() + 1, "task_id": task, "body": trimmed_lines(&body["body"]),
            "created_by": self.people[me].name, "version": 1,
        });
        let task = self.count(&comment, 1);
        self.store_comment(&comment, false);
        let content = json!({"comment": comment, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Add", "comment"), content, Map::new(), None);
        Ok(success(201, comment, Some(seq)))
    }

    pub(super) fn edit_comment(
        &mut self,
        me: usize,
        task: u64,
        id: u64,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let before = self.comment(task, id)?;
        self.check_author(me, &before, false)?;
        check_version(&before, request)?;
        self.change_comment(me, &before, &trimmed_lines(&request.body["body"]), None)
    }

    fn change_comment(
        &mut self,
        me: usize,
        before: &Value,
        text: &Value,
        undone: Option<u64>,
    ) -> Result<Answer, Answer> {
        if before["body"] == *text {
            return Ok(success(200, before.clone(), None));
        }
        let mut after = before.clone();
        after["body"] = text.clone();
        bump(&mut after);
        self.store_comment(&after, false);
        let task = self.task(after["task_id"].as_u64().expect("an id"))?;
        let changes = Map::from_iter([("body".to_owned(), json!([before["body"], text]))]);
        let content = json!({"comment": after, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Update", "comment"), content, changes, undone);
        Ok(success(200, after, Some(seq)))
    }

    pub(super) fn delete_comment(
        &mut self,
        me: usize,
        task: u64,
        id: u64,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let before = self.comment(task, id)?;
        self.check_author(me, &before, true)?;
        check_version(&before, request)?;
        self.remove_comment(me, &before, None)
    }

    fn remove_comment(
        &mut self,
        me: usize,
        before: &Value,
        undone: Option<u64>,
    ) -> Result<Answer, Answer> {
        let task = self.count(before, -1);
        let mut gone = before.clone();
        bump(&mut gone);
        self.store_comment(&gone, true);
        let content = json!({"comment": before, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Delete", "comment"), content, Map::new(), undone);
        Ok(success(204, Value::Null, Some(seq)))
    }

    /// Undoes a change of a comment, for a person who could have made it.
    pub(super) fn undo_comment(
        &mut self,
        me: usize,
        event: &Value,
        undone: u64,
    ) -> Result<Answer, Answer> {
        let id = event["comment"]["id"].as_u64().expect("an id");
        let now = self.comments[&id].entity.clone();
        self.check_author(me, &now, event["action"] != "Update")?;
        match event["action"].as_str() {
            Some("Add") => return self.remove_comment(me, &now, Some(undone)),
            Some("Update") => {
                return self.change_comment(me, &now, &event["changes"]["body"][0], Some(undone));
            }
            _ => {}
        }
        let mut back = now;
        bump(&mut back);
        self.store_comment(&back, false);
        let task = self.count(&back, 1);
        let content = json!({"comment": back, "task_patch": patch_of(&task)});
        let seq = self.append(me, ("Add", "comment"), content, Map::new(), Some(undone));
        Ok(success(201, Value::Null, Some(seq)))
    }
}
