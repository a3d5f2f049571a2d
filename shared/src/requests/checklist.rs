//! Adding, changing and moving checklists and their items, and ticking a line of a description.

use super::task::Place;
use crate::models::{
    Assignee, ChecklistId, ChecklistItemId, ChecklistTitle, DescriptionLine, DueAt, ItemText,
};
use crate::validation::{Fields, FromField, Invalid, Patch, whole_number};
use serde::Serialize;
use serde_json::Value;

/// The most that `nth` can be: no description has as many lines.
const MOST_LINES: u64 = 10_000;

impl FromField for ChecklistId {
    fn from_field(value: Value) -> Result<Self, String> {
        let id = whole_number(&value).and_then(Self::new);
        id.ok_or_else(|| "must be a checklist's id".to_owned())
    }
}

impl FromField for ChecklistItemId {
    fn from_field(value: Value) -> Result<Self, String> {
        let id = whole_number(&value).and_then(Self::new);
        id.ok_or_else(|| "must be the id of an item".to_owned())
    }
}

/// A checklist to be added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewChecklist {
    title: ChecklistTitle,
    #[serde(flatten)]
    place: Place<ChecklistId>,
}

/// Reads `{title, before? | after?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_checklist(mut body: Fields) -> Result<NewChecklist, Invalid> {
    let (title, place) = (body.required("title"), Place::read(&mut body));
    body.finish()?;
    Ok(NewChecklist { title: title.ok_or_else(Invalid::default)?, place })
}

/// A merge patch of a checklist.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChecklistPatch {
    #[serde(skip_serializing_if = "Patch::is_keep")]
    title: Patch<ChecklistTitle>,
    #[serde(flatten)]
    place: Place<ChecklistId>,
}

/// Reads `{title?, before? | after?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn checklist_patch(mut body: Fields) -> Result<ChecklistPatch, Invalid> {
    let patch =
        ChecklistPatch { title: body.change("title", false), place: Place::read(&mut body) };
    body.finish()?;
    Ok(patch)
}

/// An item to be added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewItem {
    text: ItemText,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<Assignee>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DueAt>,
    #[serde(flatten)]
    place: Place<ChecklistItemId>,
}

/// Reads `{text, done?, assigned_to?, due_at?, before? | after?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_item(mut body: Fields) -> Result<NewItem, Invalid> {
    let text = body.required("text");
    let (done, assigned_to) = (body.optional("done"), body.optional("assigned_to"));
    let (due_at, place) = (body.optional("due_at"), Place::read(&mut body));
    body.finish()?;
    Ok(NewItem { text: text.ok_or_else(Invalid::default)?, done, assigned_to, due_at, place })
}

/// A merge patch of an item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemPatch {
    #[serde(skip_serializing_if = "Patch::is_keep")]
    text: Patch<ItemText>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    done: Patch<bool>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    assigned_to: Patch<Assignee>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    due_at: Patch<DueAt>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    checklist_id: Patch<ChecklistId>,
    #[serde(flatten)]
    place: Place<ChecklistItemId>,
}

/// Reads `{text?, done?, assigned_to?, due_at?, checklist_id?, before? | after?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn item_patch(mut body: Fields) -> Result<ItemPatch, Invalid> {
    let patch = ItemPatch {
        text: body.change("text", false),
        done: body.change("done", false),
        assigned_to: body.patch("assigned_to"),
        due_at: body.patch("due_at"),
        checklist_id: body.change("checklist_id", false),
        place: Place::read(&mut body),
    };
    body.finish()?;
    Ok(patch)
}

/// Which of the lines that are the same, from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Nth(u64);

impl FromField for Nth {
    fn from_field(value: Value) -> Result<Self, String> {
        let nth = whole_number(&value).filter(|nth| *nth < MOST_LINES);
        nth.map(Self).ok_or_else(|| format!("must be a whole number below {MOST_LINES}"))
    }
}

/// A line of a description, and whether it is to be ticked.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The line as it was seen.
    pub line: DescriptionLine,
    /// Which of those that are the same, from 0.
    pub nth: u64,
    /// What its box is to be.
    pub done: bool,
}

/// Reads `{line, nth?, done}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn tick(mut body: Fields) -> Result<Tick, Invalid> {
    let (line, nth) = (body.required("line"), body.optional("nth"));
    let done = body.required("done");
    body.finish()?;
    let (line, done) = line.zip(done).ok_or_else(Invalid::default)?;
    Ok(Tick { line, nth: nth.map_or(0, |Nth(nth)| nth), done })
}

#[cfg(test)]
mod tests {
    use super::super::testing::read;
    use super::*;
    use serde_json::json;

    #[test]
    fn api_validation_names_every_faulty_field_of_an_item_at_once() {
        let faulty = json!({"text": "", "done": "yes", "assigned_to": 1, "due_at": "soon",
            "before": 0, "after": 1, "checklist_id": 1});
        let pointers = ["/text", "/done", "/assigned_to", "/due_at", "/before", "/checklist_id"];
        assert_eq!(read(new_item, &faulty), Err(pointers.map(str::to_owned).to_vec()));
        let faulty = json!({"text": null, "done": null, "checklist_id": null});
        let pointers = ["/text", "/done", "/checklist_id"].map(str::to_owned).to_vec();
        assert_eq!(read(item_patch, &faulty), Err(pointers));
    }

    #[test]
    fn api_checklist_a_patch_keeps_its_nulls_apart_from_what_it_leaves_out() {
        let patch = json!({"assigned_to": null, "due_at": null, "after": null, "done": true});
        assert_eq!(read(item_patch, &patch), Ok(patch));
        let moved = json!({"before": 3});
        assert_eq!(read(checklist_patch, &moved), Ok(moved));
    }

    #[test]
    fn api_tick_reads_the_line_with_its_indent_and_the_first_of_its_kind_by_default() {
        let fields = |body: Value| Fields::read(body.to_string().as_bytes()).expect("an object");
        let read = tick(fields(json!({"line": "  - [ ] a ", "done": true}))).expect("a tick");
        assert_eq!((read.line.as_str(), read.nth, read.done), ("  - [ ] a", 0, true));
        let faults = tick(fields(json!({"line": "", "nth": 10_000}))).expect_err("faulty").0;
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/line", "/nth", "/done"]);
    }
}
