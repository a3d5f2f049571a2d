//! Turns an abstract command into the request to send.

use crate::command::{Assignee, BoardFields, Column, Columns, Fields, If, Place, Role, Text, What};
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

/// A person, whom histories name by index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Person {
    pub(crate) id: u64,
    pub(crate) name: String,
}

/// The target of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    NewTask,
    /// A task, changed.
    Task(u64),
    /// A task, deleted.
    TaskGone(u64),
    Board,
    /// A new comment of a task.
    NewComment(u64),
    /// A comment, changed.
    Comment(u64, u64),
    /// A comment, deleted.
    CommentGone(u64, u64),
    /// A new checklist of a task.
    NewChecklist(u64),
    /// A checklist, changed.
    Checklist(u64, u64),
    /// A checklist, deleted.
    ChecklistGone(u64, u64),
    /// A new item: of a task, on a checklist.
    NewItem(u64, u64),
    /// An item, changed.
    Item(u64, u64),
    /// An item, deleted.
    ItemGone(u64, u64),
    /// A person's membership, by index.
    Member(usize),
    /// The end of a membership.
    MemberGone(usize),
    /// The undo of an event.
    Event(u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) who: usize,
    /// Its target.
    pub(crate) target: Target,
    /// Its body; null if it has none.
    pub(crate) body: Value,
    pub(crate) if_match: Option<String>,
    pub(crate) key: Option<String>,
}

/// The state of a board that is needed to build a request from a command.
pub(crate) trait Known {
    /// The task's version; 1 if there is none.
    fn task_version(&self, task: u64) -> u64;
    /// The comment's version; 1 if there is none.
    fn comment_version(&self, comment: u64) -> u64;
    /// The checklist's version; 1 if there is none.
    fn checklist_version(&self, checklist: u64) -> u64;
    /// The item's version; 1 if there is none.
    fn item_version(&self, item: u64) -> u64;
    fn board_version(&self) -> u64;
    /// The number of the newest event.
    fn head(&self) -> u64;
}

impl Request {
    /// The request for a command, on a board whose first `fixed` events are never undone.
    pub(crate) fn new(
        who: u8,
        what: &What,
        known: &impl Known,
        people: &[Person],
        fixed: u64,
    ) -> Self {
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let [task, other] = match *what {
            What::Patch(task, ..)
            | What::Delete(task, _)
            | What::Comment(task, ..)
            | What::Checklist(task, ..) => [task, 0],
            What::EditComment(task, other, ..)
            | What::DeleteComment(task, other, _)
            | What::EditChecklist(task, other, ..)
            | What::DeleteChecklist(task, other, _)
            | What::Item(task, other, ..)
            | What::Tick(task, other, ..)
            | What::MoveItem(task, other, _)
            | What::DeleteItem(task, other, _) => [task, other],
            _ => [0, 0],
        }
        .map(u64::from);
        let (target, body, condition, key) = match *what {
            What::Add(fields, key) => (Target::NewTask, fields.body(&names), If::Free, key),
            What::Patch(_, fields, condition) => {
                (Target::Task(task), fields.body(&names), condition, None)
            }
            What::Delete(_, condition) => (Target::TaskGone(task), json!(null), condition, None),
            What::Board(fields, condition) => (Target::Board, fields.body(), condition, None),
            What::Comment(_, text, key) => {
                (Target::NewComment(task), json!({"body": text.value()}), If::Free, key)
            }
            What::EditComment(_, _, text, condition) => {
                (Target::Comment(task, other), json!({"body": text.value()}), condition, None)
            }
            What::DeleteComment(_, _, condition) => {
                (Target::CommentGone(task, other), json!(null), condition, None)
            }
            What::Checklist(_, text, key) => {
                (Target::NewChecklist(task), json!({"title": text.value()}), If::Free, key)
            }
            What::EditChecklist(_, _, text, condition) => {
                (Target::Checklist(task, other), json!({"title": text.value()}), condition, None)
            }
            What::DeleteChecklist(_, _, condition) => {
                (Target::ChecklistGone(task, other), json!(null), condition, None)
            }
            What::Item(_, _, text, key) => {
                (Target::NewItem(task, other), json!({"text": text.value()}), If::Free, key)
            }
            What::Tick(_, _, done, condition) => {
                (Target::Item(task, other), json!({"done": done}), condition, None)
            }
            What::MoveItem(_, _, to) => {
                let body = json!({"checklist_id": to, "after": null});
                (Target::Item(task, other), body, If::Free, None)
            }
            What::DeleteItem(_, _, condition) => {
                (Target::ItemGone(task, other), json!(null), condition, None)
            }
            What::Member(person, Some(role)) => {
                (Target::Member(person.into()), json!({"role": role.name()}), If::Free, None)
            }
            What::Member(person, None) => {
                (Target::MemberGone(person.into()), json!(null), If::Free, None)
            }
            What::Undo(back, key) => {
                let seq = known.head().saturating_sub(back.into()).max(fixed + 1);
                (Target::Event(seq), json!(null), If::Free, key)
            }
        };
        let version = match target {
            Target::Board => known.board_version(),
            Target::Comment(_, id) | Target::CommentGone(_, id) => known.comment_version(id),
            Target::Checklist(_, id) | Target::ChecklistGone(_, id) => known.checklist_version(id),
            Target::Item(_, id) | Target::ItemGone(_, id) => known.item_version(id),
            _ => known.task_version(task),
        };
        let key = key.map(|number| format!("key-{number}"));
        Self { who: who.into(), target, body, if_match: condition.header(version), key }
    }

    /// Sends it; returns the answer.
    pub(crate) async fn send(&self, api: &Api<'_>, board: u64, people: &[Person]) -> Reply {
        let member = |person: usize| format!("/members/{}", people[person].name);
        let (method, path) = match self.target {
            Target::NewTask => ("POST", "/tasks".to_owned()),
            Target::Task(id) => ("PATCH", format!("/tasks/{id}")),
            Target::TaskGone(id) => ("DELETE", format!("/tasks/{id}")),
            Target::Board => ("PATCH", String::new()),
            Target::NewComment(task) => ("POST", format!("/tasks/{task}/comments")),
            Target::Comment(task, id) => ("PATCH", format!("/tasks/{task}/comments/{id}")),
            Target::CommentGone(task, id) => ("DELETE", format!("/tasks/{task}/comments/{id}")),
            Target::NewChecklist(task) => ("POST", format!("/tasks/{task}/checklists")),
            Target::Checklist(task, id) => ("PATCH", format!("/tasks/{task}/checklists/{id}")),
            Target::ChecklistGone(task, id) => ("DELETE", format!("/tasks/{task}/checklists/{id}")),
            Target::NewItem(task, id) => ("POST", format!("/tasks/{task}/checklists/{id}/items")),
            Target::Item(task, id) => ("PATCH", format!("/tasks/{task}/items/{id}")),
            Target::ItemGone(task, id) => ("DELETE", format!("/tasks/{task}/items/{id}")),
            Target::Member(person) => ("PUT", member(person)),
            Target::MemberGone(person) => ("DELETE", member(person)),
            Target::Event(seq) => ("POST", format!("/events/{seq}/undo")),
        };
        let mut call = api.request(method, &format!("{}{path}", api.board_path(board)));
        if !self.body.is_null() {
            call = call.json(&self.body);
        }
        for (name, value) in [("if-match", &self.if_match), ("idempotency-key", &self.key)] {
            if let Some(value) = value {
                call = call.header(name, value);
            }
        }
        call.send().await
    }
}

impl If {
    fn header(self, version: u64) -> Option<String> {
        match self {
            Self::Free => None,
            Self::Fresh => Some(format!("\"{version}\"")),
            Self::Stale => Some(format!("\"{}\"", version + 1)),
            Self::Star => Some("*".to_owned()),
        }
    }
}

impl Role {
    /// The API's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }
}

impl Text {
    fn value(self) -> Value {
        match self {
            Self::Word(number) => json!(format!("word {number} ü")),
            Self::Padded(number) => json!(format!("  word {number} ü ")),
            Self::Nothing => json!(null),
            Self::Empty => json!(""),
            Self::Long => json!("x".repeat(10_001)),
            Self::Wrong => json!(7),
        }
    }
}

impl Column {
    fn value(self) -> Value {
        json!(match self {
            Self::Todo => "todo",
            Self::InProgress => "in_progress",
            Self::Finished => "finished",
            Self::Later => "later",
            Self::Nonsense => "No such",
        })
    }
}

impl Fields {
    fn body(&self, names: &[&str]) -> Value {
        let mut body = json!({});
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body[name] = value;
            }
        };
        set("title", self.title.map(Text::value));
        set("description", self.description.map(Text::value));
        set("status", self.status.map(Column::value));
        set(
            "assigned_to",
            self.assigned_to.map(|assignee| match assignee {
                Assignee::Person(person) => json!(names[usize::from(person)]),
                Assignee::Shouted(person) => json!(names[usize::from(person)].to_uppercase()),
                Assignee::Nobody => json!(null),
            }),
        );
        let label = |number: u8| format!("label {number}");
        set("labels", self.labels.map(|count| json!((0..count).map(label).collect::<Vec<_>>())));
        set(
            "fields",
            self.free
                .map(|value| json!({"a": if value == 0 { json!(null) } else { json!(value) }})),
        );
        match self.place {
            Some(Place::Before(task)) => set("before", Some(json!(task))),
            Some(Place::After(task)) => set("after", Some(json!(task))),
            Some(Place::BeforeNull) => set("before", Some(json!(null))),
            Some(Place::AfterNull) => set("after", Some(json!(null))),
            Some(Place::Both(task)) => {
                set("before", Some(json!(null)));
                set("after", Some(json!(task)));
            }
            None => {}
        }
        set("titel", self.typo.then(|| json!("a typo")));
        body
    }
}

impl BoardFields {
    fn body(&self) -> Value {
        let mut body = json!({});
        let texts = [("name", self.name), ("description", self.description)];
        for (name, text) in texts {
            if let Some(text) = text {
                body[name] = text.value();
            }
        }
        if let Some(columns) = self.columns {
            body["columns"] = columns.value();
        }
        if let Some(archived) = self.archived {
            body["archived"] = json!(archived);
        }
        body
    }
}

impl Columns {
    fn value(self) -> Value {
        let todo = json!({"key": "todo", "name": "To do"});
        let doing = |limit| json!({"key": "in_progress", "name": "Doing", "wip_limit": limit});
        let finished = json!({"key": "finished", "name": "Finished", "wip_limit": null});
        match self {
            Self::Three => json!([todo, doing(json!(null)), finished]),
            Self::Limited(limit) => json!([todo, doing(json!(limit)), finished]),
            Self::Four => {
                let later = json!({"key": "later", "name": "Later", "wip_limit": 1});
                json!([todo, doing(json!(null)), finished, later])
            }
            Self::Two => json!([finished, todo]),
            Self::Doubled => json!([todo, todo]),
        }
    }
}
