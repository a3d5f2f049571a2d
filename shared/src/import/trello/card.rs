//! One card of an export of Trello, and the task that it becomes.

use super::Object;
use super::board::{Lists, People, description, line, one_line, without_controls};
use crate::import::ImportedTask;
use crate::import::reading::Findings;
use crate::models::{ColumnKey, CommentText, DueAt, FreeFields, Labels, MAX_LABELS, TaskTitle};
use crate::validation::FromField as _;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// A card in an open list.
pub(super) struct Card {
    pub(super) id: String,
    /// Its list's place from the left.
    pub(super) list: usize,
    /// Where it stands in its list; smaller is higher.
    pub(super) place: f64,
    pointer: String,
    list_id: String,
    name: String,
    text: String,
    assigned_to: Option<String>,
    labels: Vec<String>,
    due_at: Option<DueAt>,
    fields: Map<String, Value>,
}

/// Reads a card; `None` for one that is faulty or archived.
pub(super) fn read(
    pointer: &str,
    mut card: Map<String, Value>,
    lists: &Lists,
    people: &People,
    findings: &mut Findings,
) -> Option<Card> {
    let labels = card.remove("labels");
    let attachments = card.remove("attachments");
    let mut object = Object::of(pointer, &mut card);
    let id = object.required("id", findings);
    let name = object.required("name", findings);
    let list_id = object.required("idList", findings);
    let place = object.place(findings);
    let closed = object.switch("closed", findings);
    let text = object.text("desc", findings).unwrap_or_default();
    let due_at = read_due(&mut object, findings);
    let fields = read_fields(&mut object, findings);
    let (id, name, list_id) = (id?, name?, list_id?);
    if lists.archived.contains(&list_id) {
        return None;
    }
    if closed {
        findings.warn(pointer, "is archived, and was left out");
        return None;
    }
    let Some((list, _)) = lists.open.get(&list_id) else {
        // Where a list is faulty itself, it is known already.
        if lists.columns.is_some() {
            findings.fault(format!("{pointer}/idList"), "is no list of this board");
        }
        return None;
    };
    let labels = read_labels(pointer, labels, findings);
    let text = with_attachments(text, pointer, attachments, findings);
    let assigned_to = read_members(pointer, &card, people, findings);
    let pointer = pointer.to_owned();
    let list = *list;
    Some(Card {
        id,
        list,
        place,
        pointer,
        list_id,
        name,
        text,
        assigned_to,
        labels,
        due_at,
        fields,
    })
}

fn read_due(object: &mut Object<'_>, findings: &mut Findings) -> Option<DueAt> {
    let due = object.text("due", findings)?;
    DueAt::from_field(due.into()).map_err(|why| findings.fault(object.pointer("due"), why)).ok()
}

/// What a task has no field of its own for.
fn read_fields(object: &mut Object<'_>, findings: &mut Findings) -> Map<String, Value> {
    let mut fields = Map::new();
    if object.switch("dueComplete", findings) {
        fields.insert("due_complete".to_owned(), json!(true));
    }
    if let Some(start) = object.text("start", findings) {
        fields.insert("start".to_owned(), json!(start.chars().take(64).collect::<String>()));
    }
    fields
}

/// Its labels by name, or by colour where they have none.
fn read_labels(card: &str, labels: Option<Value>, findings: &mut Findings) -> Vec<String> {
    let place = format!("{card}/labels");
    let mut names: Vec<String> = Vec::new();
    for (pointer, mut label) in findings.objects(&place, labels) {
        let mut label = Object::of(&pointer, &mut label);
        let (name, colour) = (label.text("name", findings), label.text("color", findings));
        let name = name.filter(|name| !name.trim().is_empty()).or(colour).unwrap_or_default();
        let name = line(&name, 64, &format!("{pointer}/name"), findings);
        names.extend(name.filter(|name| !names.contains(name)));
    }
    if names.len() > MAX_LABELS {
        findings.warn(place, format!("were cut to {MAX_LABELS}, are {}", names.len()));
        names.truncate(MAX_LABELS);
    }
    names
}

/// The description with links to what is attached: the files themselves are not in the export.
fn with_attachments(
    text: String,
    card: &str,
    attachments: Option<Value>,
    findings: &mut Findings,
) -> String {
    let mut links = String::new();
    for (pointer, mut attachment) in findings.objects(&format!("{card}/attachments"), attachments) {
        let mut attachment = Object::of(&pointer, &mut attachment);
        let (name, url) = (attachment.text("name", findings), attachment.text("url", findings));
        let Some(url) = url.map(|url| one_line(&url)).filter(|url| !url.is_empty()) else {
            continue;
        };
        let name = name.map(|name| one_line(&name)).filter(|name| !name.is_empty());
        let _ = write!(links, "\n- [{}]({url})", name.as_deref().unwrap_or(&url));
    }
    if links.is_empty() { text } else { joined(&text, &format!("### Attachments\n{links}")) }
}

/// Who does it: the importer, if it is theirs. Nobody else is a member of the new board.
fn read_members(
    card: &str,
    fields: &Map<String, Value>,
    people: &People,
    findings: &mut Findings,
) -> Option<String> {
    let place = format!("{card}/idMembers");
    let ids = match fields.get("idMembers") {
        None | Some(Value::Null) => return None,
        Some(Value::Array(ids)) => ids,
        Some(_) => {
            findings.fault(place, "must be an array");
            return None;
        }
    };
    let mut assigned_to = None;
    for (nth, id) in ids.iter().enumerate() {
        let Some(name) = id.as_str().map(|id| people.name(id)) else {
            findings.fault(format!("{place}/{nth}"), "must be a string");
            continue;
        };
        if name.eq_ignore_ascii_case(&people.importer) {
            assigned_to = Some(people.importer.clone());
        } else {
            let detail = format!("was left out: {name} is not a member of the new board");
            findings.warn(format!("{place}/{nth}"), detail);
        }
    }
    assigned_to
}

fn joined(one: &str, other: &str) -> String {
    match (one.trim(), other.trim()) {
        (one, "") => one.to_owned(),
        ("", other) => other.to_owned(),
        (one, other) => format!("{one}\n\n{other}"),
    }
}

impl Card {
    /// The task, with the card's checklists (in Markdown) below its description.
    pub(super) fn into_task(
        self,
        lists: &Lists,
        checklists: &str,
        comments: Vec<CommentText>,
        findings: &mut Findings,
    ) -> Option<ImportedTask> {
        let pointer = &self.pointer;
        let place = format!("{pointer}/name");
        let most = *TaskTitle::LENGTH.end();
        let mut text = joined(&self.text, checklists);
        let is_long = without_controls(&self.name).trim().chars().count() > most;
        if is_long {
            // The title is cut: the whole of it stays readable.
            text = joined(&self.name, &text);
        }
        let title = line(&self.name, most, &place, findings).unwrap_or_else(|| "Card".to_owned());
        let title = TaskTitle::from_field(title.into());
        let title = title.map_err(|why| findings.fault(place, why)).ok()?;
        let description = description(&text, &format!("{pointer}/desc"), findings)?;
        let (_, key) = lists.open.get(&self.list_id)?;
        Some(ImportedTask {
            title,
            description,
            status: ColumnKey::from_field(key.as_str().into()).ok(),
            assigned_to: self.assigned_to,
            labels: Labels::from_field(self.labels.into()).unwrap_or_default(),
            due_at: self.due_at,
            fields: FreeFields::from_field(Value::Object(self.fields)).unwrap_or_default(),
            comments,
        })
    }
}
