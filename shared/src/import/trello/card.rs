//! One card of an export of Trello, and the task that it becomes.

use super::board::Lists;
use super::body::{Attachment, Body};
use super::checklists::Checklist;
use super::comments::Comment;
use super::custom::CustomFields;
use super::fields::{OF_ATTACHMENT, OF_CARD};
use super::labels::Labelling;
use super::object::{Object, says_something};
use super::pages::Room;
use super::people::People;
use crate::import::markdown::{escaped, link};
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::{Findings, moment};
use crate::import::{ImportedTask, MAX_CHECKLISTS_OF_TASK};
use crate::models::{
    Assignee, ColumnKey, Description, DueAt, FreeFields, MAX_FIELDS_BYTES, TaskTitle, can_be_seen,
};
use crate::requests::TaskContent;
use crate::validation::FromField as _;
use serde_json::{Map, Value, json};

/// What of the export's other parts a card needs.
pub(super) struct Context<'a> {
    pub(super) people: &'a People,
    pub(super) labels: &'a mut Labelling,
    pub(super) custom: &'a mut CustomFields,
    pub(super) room: &'a mut Room,
}

/// What a card is called that has no name of its own.
const UNNAMED: &str = "Card";

/// A card in an open list.
pub(super) struct Card {
    pub(super) id: String,
    /// Its list's place from the left.
    pub(super) list: usize,
    /// Its position in its list; smaller is higher.
    pub(super) rank: f64,
    key: String,
    name: String,
    object: Object,
}

/// What a card is.
pub(super) enum Kind {
    /// One that becomes a task.
    Open(Card),
    /// One that is left out, by id; with its name and place, unless its list is left out as well.
    Archived(String, Option<(String, String)>),
}

/// Reads what a card is; `None` for one that is faulty.
pub(super) fn read(mut object: Object, lists: &mut Lists, findings: &mut Findings) -> Option<Kind> {
    let id = object.required("id", findings);
    let name = object.required("name", findings);
    let list_id = object.required("idList", findings);
    let rank = object.rank(findings);
    let closed = object.switch("closed", findings);
    let (id, name, list_id) = (id?, name?, list_id?);
    if let Some(list) = lists.archived.get_mut(&list_id) {
        list.cards += 1;
        return Some(Kind::Archived(id, None));
    }
    if closed {
        return Some(Kind::Archived(id, Some((name, object.place))));
    }
    let Some((list, key)) = lists.open.get(&list_id).cloned() else {
        // Where a list is faulty itself, it is known already.
        if lists.columns.is_some() {
            findings.fault(object.pointer("idList"), "is not a list of this board");
        }
        return None;
    };
    object.of = Of::task(if can_be_seen(&name) { &name } else { UNNAMED });
    Some(Kind::Open(Card { id, list, rank, key, name, object }))
}

impl Card {
    /// The task, with the card's checklists; those that ours have no room for are Markdown below its description, and
    /// in comments where that has no room for all of them.
    pub(super) fn into_task(
        self,
        checklists: Vec<Checklist>,
        comments: Vec<Comment>,
        context: &mut Context<'_>,
        findings: &mut Findings,
    ) -> Option<ImportedTask> {
        let Self { name, mut object, key, .. } = self;
        let most = *TaskTitle::LENGTH.end();
        let title = object.name(&name, most, ("cards", UNNAMED), findings);
        let mut text = object.text("desc", findings).unwrap_or_default();
        if name.trim().chars().count() > most {
            // The title is cut: the whole of it stays readable.
            text = joined(&[escaped(&name), text]);
        }
        let text = object.plain("desc", &text, findings);
        let mut body = Body::new(&text, read_attachments(&mut object, findings));
        let mut kept = Vec::new();
        for checklist in checklists {
            if kept.len() < MAX_CHECKLISTS_OF_TASK && checklist.fits() {
                kept.extend(checklist.into_imported(&object.of, context.people, findings));
            } else {
                body.add(checklist, &object.of, context.people, findings);
            }
        }
        let (description, continued) = body.into_texts(&object, context.room, findings);
        let due_at = moment(object.take("due"), &object.pointer("due"), findings);
        let start_at = read_start(&mut object, due_at);
        let fields = read_fields(&mut object, context.custom, findings);
        leave_what_only_trello_has(&mut object, findings);
        let of = object.of.clone();
        let comments = comments
            .into_iter()
            .flat_map(|comment| comment.into_imported(&of, context.room, findings))
            .chain(continued)
            .collect();
        let mut content = TaskContent::titled(TaskTitle::from_field(title.into()).ok()?);
        content.description = Some(Description::from_field(description.into()).ok()?);
        content.status = ColumnKey::from_field(key.into()).ok();
        content.assigned_to = read_members(&mut object, context.people, findings);
        content.labels = Some(context.labels.of_card(&mut object, findings));
        content.start_at = start_at;
        content.due_at = due_at;
        content.fields = Some(fields);
        object.leave_rest(OF_CARD, findings);
        Some(ImportedTask { content, created_at: None, comments, checklists: kept })
    }
}

/// When work on it is to begin. Trello lets that be after it is due: then it stays for [`read_fields`].
fn read_start(object: &mut Object, due_at: Option<DueAt>) -> Option<DueAt> {
    object.take_as("start", |value| {
        let start = DueAt::from_field(value.clone()).ok()?;
        due_at.is_none_or(|due| start <= due).then_some(start)
    })
}

/// What a task has no field of its own for.
fn read_fields(
    object: &mut Object,
    custom: &mut CustomFields,
    findings: &mut Findings,
) -> FreeFields {
    let mut fields = Map::new();
    if object.switch("dueComplete", findings) {
        fields.insert("due_complete".to_owned(), json!(true));
    }
    for (name, field) in [
        ("dateCompleted", "date_completed"),
        ("start", "start"),
        ("address", "address"),
        ("locationName", "location"),
    ] {
        let text = object.text(name, findings).filter(|text| !text.trim().is_empty());
        let text = text.map(|text| object.lines(name, &text, MAX_FIELDS_BYTES, findings));
        fields.extend(text.map(|text| (field.to_owned(), Value::from(text))));
    }
    let coordinates = object.take("coordinates").filter(says_something);
    fields.extend(coordinates.map(|place| ("coordinates".to_owned(), place)));
    custom.fill(object, &mut fields, findings);
    FreeFields::from_field(Value::Object(fields)).unwrap_or_else(|_| {
        let (task, limit) = (object.of.task_name(), MAX_FIELDS_BYTES);
        findings.warn(object.place.clone(), Omission::FieldsTooLarge { task, limit });
        FreeFields::default()
    })
}

/// Links to what is attached: the files themselves are not in the export.
fn read_attachments(object: &mut Object, findings: &mut Findings) -> Vec<Attachment> {
    let mut links = Vec::new();
    for mut attachment in object.objects("attachments", findings) {
        let (name, url) = (attachment.text("name", findings), attachment.text("url", findings));
        let name = name.filter(|name| can_be_seen(name));
        let Some(url) = url.filter(|url| !url.trim().is_empty()) else {
            findings.warn(attachment.place, Omission::field("attachments", &attachment.of));
            continue;
        };
        let name = name.unwrap_or_else(|| url.clone());
        let name = attachment.line("name", &name, 1_000, findings).unwrap_or_default();
        if attachment.take("isUpload") == Some(Value::Bool(true)) {
            let (task, name) = (object.of.task_name(), short(&name));
            findings.warn(attachment.place.clone(), Omission::AttachedFile { task, name });
        }
        let line = format!("- {}", link(&name, &url));
        let (place, name) = (attachment.place.clone(), short(&name));
        links.push(Attachment { place, name, line });
        attachment.leave_rest(OF_ATTACHMENT, findings);
    }
    links
}

/// Who does it: the importer, if it is theirs. Nobody else is a member of the new board.
fn read_members(object: &mut Object, people: &People, findings: &mut Findings) -> Option<Assignee> {
    let mut assigned_to = None;
    for (pointer, id) in object.texts("idMembers", findings) {
        let name = people.username(&id);
        match people.importer(name) {
            Some(importer) => assigned_to = Assignee::from_field(importer.into()).ok(),
            None => {
                let (name, of) = (short(name), object.of.clone());
                findings.warn(pointer, Omission::NotAMember { name, of });
            }
        }
    }
    assigned_to
}

/// Tells of what needs a closer look than whether it is there.
fn leave_what_only_trello_has(object: &mut Object, findings: &mut Findings) {
    if object.switch("isTemplate", findings) {
        let task = object.of.task_name();
        findings.warn(object.pointer("isTemplate"), Omission::Template { task });
    }
    // Minutes before it is due; -1 if there is none.
    let reminder = object.take("dueReminder").filter(|minutes| minutes.as_i64() != Some(-1));
    if reminder.is_some() {
        findings.warn(object.pointer("dueReminder"), Omission::field("dueReminder", &object.of));
    }
    // Every card has how a cover would be shown.
    let shown = object.take("cover").is_some_and(|cover| {
        ["color", "idAttachment", "idUploadedBackground", "idPlugin", "plugin", "sharedSourceUrl"]
            .iter()
            .any(|name| says_something(&cover[name]))
    });
    if shown {
        findings.warn(object.pointer("cover"), Omission::field("cover", &object.of));
    }
}

/// Paragraphs, of which some may be empty.
fn joined(paragraphs: &[String]) -> String {
    let said = paragraphs.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    said.collect::<Vec<_>>().join("\n\n")
}
