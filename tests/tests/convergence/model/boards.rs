//! The board itself and its members (docs/contract/api.md, API-BOARD).

use super::{
    Answer, Model, bump, changes_between, check_version, refusal, success, trimmed, trimmed_lines,
};
use crate::request::Request;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

impl Model {
    pub(super) fn patch_board(&mut self, me: usize, request: &Request) -> Result<Answer, Answer> {
        check_version(&self.board, request)?;
        self.change_board(me, &request.body, None)
    }

    /// Changes the board's own fields.
    pub(super) fn change_board(
        &mut self,
        me: usize,
        patch: &Value,
        undone: Option<u64>,
    ) -> Result<Answer, Answer> {
        let before = self.board.clone();
        let mut after = before.clone();
        if let Some(name) = patch.get("name") {
            after["name"] = trimmed(name);
        }
        if let Some(description) = patch.get("description") {
            after["description"] = trimmed_lines(description);
        }
        if let Some(archived) = patch.get("archived") {
            after["archived"] = archived.clone();
        }
        if let Some(columns) = patch["columns"].as_array() {
            after["columns"] = columns.iter().map(complete).collect();
            self.check_columns(columns)?;
        }
        let changes = changes_between(&before, &after);
        if changes.is_empty() {
            return Ok(success(200, before, None));
        }
        bump(&mut after);
        self.board = after.clone();
        let mut shown = after.clone();
        shown["seq"] = json!(self.events.len() + 1);
        let content = json!({"board": shown});
        let seq = self.append(me, ("Update", "board"), content, changes, undone);
        Ok(success(200, shown, Some(seq)))
    }

    /// 409 if a column that still has tasks would be removed.
    fn check_columns(&self, columns: &[Value]) -> Result<(), Answer> {
        let mut in_use: BTreeMap<&str, u64> = BTreeMap::new();
        for task in self.living() {
            if !columns.iter().any(|column| column["key"] == task["status"]) {
                *in_use.entry(task["status"].as_str().unwrap_or_default()).or_default() += 1;
            }
        }
        if in_use.is_empty() {
            return Ok(());
        }
        let reported = in_use.iter().map(|(key, tasks)| json!({"key": key, "tasks": tasks}));
        Err(refusal(409, "column-in-use", json!({"columns": reported.collect::<Value>()})))
    }

    /// A member as the API shows them.
    pub(super) fn member(&self, index: usize) -> Value {
        let person = &self.people[index];
        json!({"id": person.id, "username": person.name, "role": self.members.get(&index)})
    }

    pub(super) fn remove_member(&mut self, me: usize, person: usize) -> Result<Answer, Answer> {
        if !self.members.contains_key(&person) {
            return Err(refusal(404, "not-found", json!({})));
        }
        self.change_member(me, person, None, None)
    }

    /// Gives a person a role, or removes them from the board.
    pub(super) fn change_member(
        &mut self,
        me: usize,
        person: usize,
        role: Option<&str>,
        undone: Option<u64>,
    ) -> Result<Answer, Answer> {
        let before = self.members.get(&person).cloned();
        let unchanged = success(200, self.member(person), None);
        if before.as_deref() == role {
            return Ok(unchanged);
        }
        let others = self.members.iter().filter(|(index, _)| **index != person);
        let others = others.filter(|(_, role)| *role == "owner").count();
        if before.as_deref() == Some("owner") && others == 0 {
            return Err(refusal(409, "last-owner", json!({})));
        }
        let mut shown = self.member(person);
        match role {
            Some(role) => {
                self.members.insert(person, role.to_owned());
                shown = self.member(person);
            }
            None => drop(self.members.remove(&person)),
        }
        let (action, status) = match (&before, role) {
            (_, None) => ("Delete", 204),
            (None, _) => ("Add", 201),
            _ => ("Update", 200),
        };
        let mut changes = Map::new();
        if action == "Update" {
            changes.insert("role".to_owned(), json!([before, role]));
        }
        let content = json!({"member": shown});
        let seq = self.append(me, (action, "member"), content, changes, undone);
        Ok(success(status, if role.is_none() { Value::Null } else { shown }, Some(seq)))
    }
}

/// A column with the default limit where none is given.
fn complete(column: &Value) -> Value {
    let mut column = column.clone();
    column["wip_limit"] = column["wip_limit"].clone();
    column
}
