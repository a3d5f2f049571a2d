//! The checklists of a board document.

use super::omission::{Of, Omission};
use super::reading::{Findings, clear};
use super::{
    ImportedChecklist, ImportedItem, ImportedTask, MAX_CHECKLISTS_OF_TASK, MAX_ITEMS,
    MAX_ITEMS_OF_CHECKLIST,
};
use crate::models::{Assignee, ChecklistTitle, DueAt, ItemText};
use crate::validation::{FromField as _, Invalid};
use serde_json::{Map, Value};

/// What documents have of a checklist or an item beyond what a new one takes over: the new one has its own.
const OF_THE_OLD: [&str; 6] = ["id", "board_id", "task_id", "checklist_id", "position", "version"];

/// Reads `[{title, items?: [{text, done?, assigned_to?, due_at?}]}]` of the task of this title.
pub(super) fn read(
    place: &str,
    checklists: Option<Value>,
    importer: &str,
    title: &str,
    findings: &mut Findings,
) -> Vec<ImportedChecklist> {
    let entries = findings.objects(place, checklists);
    if entries.len() > MAX_CHECKLISTS_OF_TASK {
        let count = entries.len();
        findings.fault(place, format!("must have at most {MAX_CHECKLISTS_OF_TASK}, has {count}"));
        return Vec::new();
    }
    let mut read = Vec::with_capacity(entries.len());
    for (pointer, mut entry) in entries {
        let items = read_items(
            &format!("{pointer}/items"),
            entry.remove("items"),
            importer,
            title,
            findings,
        );
        clear_line("title", &pointer, &mut entry, title, findings);
        let title: Option<ChecklistTitle> = only_field("title", &pointer, entry, findings);
        read.extend(title.map(|title| ImportedChecklist { title, items }));
    }
    read
}

fn read_items(
    place: &str,
    items: Option<Value>,
    importer: &str,
    title: &str,
    findings: &mut Findings,
) -> Vec<ImportedItem> {
    let entries = findings.objects(place, items);
    if entries.len() > MAX_ITEMS_OF_CHECKLIST {
        let count = entries.len();
        findings.fault(place, format!("must have at most {MAX_ITEMS_OF_CHECKLIST}, has {count}"));
        return Vec::new();
    }
    let read =
        |(pointer, entry): (String, _)| read_item(&pointer, entry, importer, title, findings);
    entries.into_iter().filter_map(read).collect()
}

fn read_item(
    pointer: &str,
    mut entry: Map<String, Value>,
    importer: &str,
    title: &str,
    findings: &mut Findings,
) -> Option<ImportedItem> {
    for name in OF_THE_OLD {
        entry.remove(name);
    }
    clear_line("text", pointer, &mut entry, title, findings);
    let mut fields = findings.fields(pointer, entry)?;
    let text: Option<ItemText> = fields.required("text");
    let done: Option<bool> = fields.optional("done");
    let mut assigned_to: Option<Assignee> = fields.optional("assigned_to");
    let due_at: Option<DueAt> = fields.optional("due_at");
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at(pointer, faults);
    }
    if let Some(name) = assigned_to.take() {
        if name.as_str().eq_ignore_ascii_case(importer) {
            assigned_to = Assignee::from_field(importer.into()).ok();
        } else {
            let omission =
                Omission::NotAMember { name: name.as_str().to_owned(), of: Of::task(title) };
            findings.warn(format!("{pointer}/assigned_to"), omission);
        }
    }
    Some(ImportedItem { text: text?, done: done.unwrap_or_default(), assigned_to, due_at })
}

/// Removes what is invisible from a line.
fn clear_line(
    name: &str,
    pointer: &str,
    entry: &mut Map<String, Value>,
    title: &str,
    findings: &mut Findings,
) {
    if let Some(line) = entry.get_mut(name) {
        clear(line, (&format!("{pointer}/{name}"), name, &Of::task(title)), findings);
    }
}

/// The one field that an object has beside what only the old board needs.
fn only_field(
    name: &'static str,
    pointer: &str,
    mut entry: Map<String, Value>,
    findings: &mut Findings,
) -> Option<ChecklistTitle> {
    for name in OF_THE_OLD {
        entry.remove(name);
    }
    let mut fields = findings.fields(pointer, entry)?;
    let value = fields.required(name);
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at(pointer, faults);
    }
    value
}

/// Notes a fault at `place` where there are more items than can be imported at once.
pub(super) fn check_count(place: &str, tasks: &[ImportedTask], findings: &mut Findings) {
    let lists = tasks.iter().flat_map(|task| &task.checklists);
    let count: usize = lists.map(|list| list.items.len()).sum();
    if count > MAX_ITEMS {
        let detail = format!("must have at most {MAX_ITEMS} items of checklists, has {count}");
        findings.fault(place, detail);
    }
}

#[cfg(test)]
mod tests {
    use crate::import::{Import, read};
    use crate::validation::{Fields, Invalid};
    use serde_json::{Value, json};

    fn import(document: &Value) -> Result<Import, Invalid> {
        read(Fields::read(document.to_string().as_bytes()).expect("an object"), "ada")
    }

    #[test]
    fn api_import_checklists_keep_their_items_and_only_the_importer_is_assigned() {
        let item = |text: &str, done: bool, assigned_to: Option<&str>, due_at: Option<&str>| json!({"text": text, "done": done, "assigned_to": assigned_to, "due_at": due_at});
        let due = "2026-01-02T03:04:05.678Z";
        let lists = json!([
            {"title": "First", "id": 7, "items": [
                {"text": "a", "done": true, "assigned_to": "ADA", "due_at": due, "id": 1},
                {"text": "b", "assigned_to": "grace"}]},
            {"title": "Empty", "position": "a1"},
        ]);
        let document = json!({"name": "A", "tasks": [{"title": "t", "checklists": lists}]});
        let Import { board, warnings } = import(&document).expect("a board");
        let board = serde_json::to_value(&board).expect("JSON");
        let expected = json!([
            {"title": "First", "items": [item("a", true, Some("ada"), Some(due)), item("b", false, None, None)]},
            {"title": "Empty", "items": []},
        ]);
        assert_eq!(board["tasks"][0]["checklists"], expected);
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].pointer, "/tasks/0/checklists/0/items/1/assigned_to");
    }

    #[test]
    fn api_import_names_every_fault_of_checklists_with_its_place() {
        let lists =
            json!([{"title": "", "items": [{"text": 1}, {"done": 2, "colour": "red"}]}, {}]);
        let document = json!({"name": "A", "tasks": [{"title": "t", "checklists": lists}]});
        let faults = import(&document).expect_err("faulty").0;
        let places: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        let at = |rest: &str| format!("/tasks/0/checklists/{rest}");
        let expected = [
            "0/items/0/text",
            "0/items/1/text",
            "0/items/1/done",
            "0/items/1/colour",
            "0/title",
            "1/title",
        ]
        .map(at);
        assert_eq!(places, expected);
        let many = |lists: usize, items: usize| {
            let list = json!({"title": "l", "items": vec![json!({"text": "i"}); items]});
            import(
                &json!({"name": "A", "tasks": [{"title": "t", "checklists": vec![list; lists]}]}),
            )
        };
        assert!(many(20, 200).is_ok());
        assert!(many(21, 0).is_err() && many(1, 201).is_err());
    }
}
