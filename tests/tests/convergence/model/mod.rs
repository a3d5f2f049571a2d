//! The model: a slow and simple board that follows docs/contract/api.md alone and predicts the
//! answer to each request. It uses none of the product's code.

mod boards;
mod checklists;
mod comments;
mod faults;
mod tasks;
mod undo;

use crate::request::{Known, Person, Request, Target};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The columns of a new board.
const FIRST_COLUMNS: [(&str, &str); 3] =
    [("todo", "To do"), ("in_progress", "In progress"), ("finished", "Finished")];

/// The expected answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// What the body must contain at least; null if nothing is known about it.
    pub(crate) body: Value,
    /// The event made by the request.
    pub(crate) event: Option<u64>,
    /// Whether it replays the answer to an earlier request.
    pub(crate) replayed: bool,
}

/// A task, a comment, a checklist or an item: its content, and whether it was deleted.
#[derive(Clone, Debug)]
struct Thing {
    entity: Value,
    deleted: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    quick_win: bool,
    people: Vec<Person>,
    board: Value,
    /// Roles by the person's index.
    members: BTreeMap<usize, String>,
    tasks: BTreeMap<u64, Thing>,
    comments: BTreeMap<u64, Thing>,
    checklists: BTreeMap<u64, Thing>,
    items: BTreeMap<u64, Thing>,
    events: Vec<Value>,
    /// First answers by person and key, with their requests.
    answers: BTreeMap<(usize, String), ((Target, Value), Answer)>,
}

impl Model {
    /// A board created by the first of these people.
    pub(crate) fn new(quick_win: bool, people: &[Person], name: &str) -> Self {
        let mut board = json!({"name": name, "version": 1});
        if !quick_win {
            let column = |(key, name)| json!({"key": key, "name": name, "wip_limit": null});
            board["description"] = json!("");
            board["archived"] = json!(false);
            board["columns"] = FIRST_COLUMNS.into_iter().map(column).collect();
        }
        Self {
            quick_win,
            people: people.to_vec(),
            board,
            members: BTreeMap::from([(0, "owner".to_owned())]),
            tasks: BTreeMap::new(),
            comments: BTreeMap::new(),
            checklists: BTreeMap::new(),
            items: BTreeMap::new(),
            events: Vec::new(),
            answers: BTreeMap::new(),
        }
    }

    /// Carries out a request; returns the answer. `place` is the task's position from the server,
    /// which the model cannot predict but checks.
    pub(crate) fn answer(&mut self, request: &Request, place: Option<&str>) -> Answer {
        self.decide(request, place).unwrap_or_else(|refusal| refusal)
    }

    fn decide(&mut self, request: &Request, place: Option<&str>) -> Result<Answer, Answer> {
        faults::check(request, self.quick_win)?;
        let Request { who: me, target, body, .. } = request;
        let me = *me;
        if !self.quick_win {
            self.check_role(me, self.needed(me, *target, body))?;
        }
        let asked = (*target, body.clone());
        let key = request.key.clone().map(|key| (me, key));
        match key.as_ref().and_then(|key| self.answers.get(key)) {
            Some((first, answer)) if *first == asked => {
                return Ok(Answer { replayed: true, ..answer.clone() });
            }
            Some(_) => return Err(refusal(422, "idempotency-key-reused", json!({}))),
            None => {}
        }
        let answer = match *target {
            Target::NewTask => self.add_task(me, body, place),
            Target::Task(id) => self.patch_task(me, id, request, place),
            Target::TaskGone(id) => self.delete_task(me, id, request),
            Target::Board => self.patch_board(me, request),
            Target::NewComment(task) => self.add_comment(me, task, body),
            Target::Comment(task, id) => self.edit_comment(me, task, id, request),
            Target::CommentGone(task, id) => self.delete_comment(me, task, id, request),
            Target::NewChecklist(task) => self.add_checklist(me, task, body),
            Target::Checklist(task, id) => self.edit_checklist(me, task, id, request),
            Target::ChecklistGone(task, id) => self.delete_checklist(me, task, id, request),
            Target::NewItem(task, list) => self.add_item(me, task, list, body, place),
            Target::Item(task, id) => self.patch_item(me, task, id, request, place),
            Target::ItemGone(task, id) => self.delete_item(me, task, id, request),
            Target::Member(person) => self.change_member(me, person, body["role"].as_str(), None),
            Target::MemberGone(person) => self.remove_member(me, person),
            Target::Event(seq) => self.undo(me, seq, place),
        }?;
        if let Some(key) = key {
            self.answers.insert(key, (asked, answer.clone()));
        }
        Ok(answer)
    }

    /// The role that this request needs.
    fn needed(&self, me: usize, target: Target, body: &Value) -> &'static str {
        match target {
            Target::Board if !body["columns"].is_null() => "owner",
            Target::Member(_) => "owner",
            Target::MemberGone(person) if person != me => "owner",
            Target::MemberGone(_) => "viewer",
            _ => "editor",
        }
    }

    /// 404 for a stranger, 403 for a member without the role.
    fn check_role(&self, me: usize, needed: &str) -> Result<(), Answer> {
        let rank = |role: &str| ["viewer", "editor", "owner"].iter().position(|one| *one == role);
        match self.members.get(&me) {
            None => Err(refusal(404, "not-found", json!({}))),
            Some(role) if rank(role) < rank(needed) => {
                Err(refusal(403, "forbidden", json!({"role": role, "needed": needed})))
            }
            Some(_) => Ok(()),
        }
    }

    /// Appends an event that shows `content`; returns its number.
    fn append(
        &mut self,
        me: usize,
        (action, entity): (&str, &str),
        content: Value,
        changes: Map<String, Value>,
        undone: Option<u64>,
    ) -> u64 {
        let seq = self.head() + 1;
        let actor = if self.quick_win {
            json!({"id": 0, "username": "guest"})
        } else {
            json!({"id": self.people[me].id, "username": self.people[me].name})
        };
        let mut event = content;
        event["seq"] = json!(seq);
        event["action"] = json!(action);
        event["entity"] = json!(entity);
        event["actor"] = actor;
        if !changes.is_empty() {
            event["changes"] = Value::Object(changes);
        }
        if let Some(undone) = undone {
            event["undoes"] = json!(undone);
        }
        self.events.push(event);
        seq
    }

    /// All events, oldest first.
    pub(crate) fn events(&self) -> &[Value] {
        &self.events
    }

    /// The comments of a task, oldest first.
    pub(crate) fn comments_of(&self, task: u64) -> Vec<Value> {
        let here = |comment: &&Thing| !comment.deleted && comment.entity["task_id"] == task;
        self.comments.values().filter(here).map(|comment| comment.entity.clone()).collect()
    }

    pub(crate) fn task_ids(&self) -> Vec<u64> {
        self.living().filter_map(|task| task["id"].as_u64()).collect()
    }

    /// The board's document.
    pub(crate) fn document(&self) -> Value {
        let mut document = self.board.clone();
        document["seq"] = json!(self.head());
        let mut tasks: Vec<Value> = self.living().cloned().collect();
        if !self.quick_win {
            let key = |task: &Value| {
                let columns = self.board["columns"].as_array().into_iter().flatten();
                let place = task["position"].as_str().unwrap_or_default().to_owned();
                (columns.map(|column| &column["key"]).position(|key| *key == task["status"]), place)
            };
            tasks.sort_by_key(key);
            let mut members: Vec<Value> =
                self.members.keys().map(|index| self.member(*index)).collect();
            members.sort_by_key(|member| member["id"].as_u64());
            document["members"] = json!(members);
        }
        document["tasks"] = json!(tasks);
        document
    }
}

impl Known for Model {
    fn task_version(&self, task: u64) -> u64 {
        version(self.tasks.get(&task))
    }

    fn comment_version(&self, comment: u64) -> u64 {
        version(self.comments.get(&comment))
    }

    fn checklist_version(&self, checklist: u64) -> u64 {
        version(self.checklists.get(&checklist))
    }

    fn item_version(&self, item: u64) -> u64 {
        version(self.items.get(&item))
    }

    fn board_version(&self) -> u64 {
        self.board["version"].as_u64().unwrap_or(1)
    }

    fn head(&self) -> u64 {
        self.events.len() as u64
    }
}

fn version(thing: Option<&Thing>) -> u64 {
    thing.and_then(|thing| thing.entity["version"].as_u64()).unwrap_or(1)
}

fn success(status: u16, body: Value, event: Option<u64>) -> Answer {
    Answer { status, body, event, replayed: false }
}

/// A problem of this type with these members.
fn refusal(status: u16, slug: &str, members: Value) -> Answer {
    let mut body = members;
    body["type"] = json!(format!("/problems/{slug}"));
    Answer { status, body, event: None, replayed: false }
}

/// 422 that names these fields.
fn invalid(mut pointers: Vec<&'static str>) -> Answer {
    pointers.sort_unstable();
    refusal(422, "validation", json!({"errors": pointers}))
}

/// 412 unless the version is the one that `If-Match` names.
fn check_version(entity: &Value, request: &Request) -> Result<(), Answer> {
    let version = &entity["version"];
    match &request.if_match {
        Some(tag) if tag != "*" && *tag != format!("\"{version}\"") => {
            Err(refusal(412, "precondition-failed", json!({"current_version": version})))
        }
        _ => Ok(()),
    }
}

/// The differences, as `{field: [old, new]}`, except the fields that every change sets.
fn changes_between(before: &Value, after: &Value) -> Map<String, Value> {
    let fields = after.as_object().into_iter().flatten();
    fields
        .filter(|(name, value)| before[name.as_str()] != **value && *name != "version")
        .map(|(name, value)| (name.clone(), json!([before[name.as_str()], value])))
        .collect()
}

/// Raises the version by one.
fn bump(entity: &mut Value) {
    entity["version"] = json!(entity["version"].as_u64().unwrap_or_default() + 1);
}

/// A text without the white space around it; null gives none.
fn trimmed(value: &Value) -> Value {
    json!(value.as_str().unwrap_or_default().trim())
}

/// A multi-line text without leading blank lines and trailing white space; null gives none.
fn trimmed_lines(value: &Value) -> Value {
    let lines = value.as_str().unwrap_or_default().trim_end().split('\n');
    let kept: Vec<&str> = lines.skip_while(|line| line.trim().is_empty()).collect();
    json!(kept.join("\n"))
}
