//! A board document: what the export gives, what either mode shows of a board, or less.

use super::omission::{Of, Omission, short};
use super::reading::{Findings, clear, moment};
use super::{
    Import, ImportedBoard, ImportedComment, ImportedTask, MAX_COMMENTS, MAX_TASKS, checklists,
};
use crate::models::{Assignee, BoardName, ColumnKey, Columns, CommentText, Description, DueAt};
use crate::requests::TaskContent;
use crate::validation::{FromField as _, Invalid};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What documents have of a board beyond what a new one takes over: the new one has its own.
const OF_THE_OLD_BOARD: [&str; 7] =
    ["id", "epoch", "role", "seq", "version", "created_at", "updated_at"];

/// The same of a task.
const OF_THE_OLD_TASK: [&str; 7] =
    ["id", "board_id", "position", "item_count", "done_count", "version", "updated_at"];

/// The same of a comment.
const OF_THE_OLD_COMMENT: [&str; 4] = ["id", "board_id", "task_id", "version"];

/// The columns of boards that name none.
const DEFAULT_COLUMNS: [&str; 3] = ["todo", "in_progress", "finished"];

/// Reads `{name, description?, columns?, tasks?}` and what documents hold beside it.
pub(super) fn read(mut body: Map<String, Value>, importer: &str) -> Result<Import, Invalid> {
    for name in OF_THE_OLD_BOARD {
        body.remove(name);
    }
    let mut findings = Findings::default();
    left_behind(&mut body, importer, &mut findings);
    clear_names(&mut body, &mut findings);
    let tasks = body.remove("tasks");
    let Some(mut fields) = findings.fields("", body) else { return findings.conclude(None) };
    let name: Option<BoardName> = fields.required("name");
    let description: Option<Description> = fields.optional("description");
    let archived: Option<bool> = fields.optional("archived");
    let mut keys = None;
    let columns = fields.patch_with("columns", |value, faults| {
        keys = Some(keys_of(&value));
        Columns::read(value, faults)
    });
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at("", faults);
    }
    let keys = keys.unwrap_or_else(|| DEFAULT_COLUMNS.map(str::to_owned).into());
    let tasks = read_tasks(tasks, &keys, importer, &mut findings);
    let columns = columns.value();
    let description = description.unwrap_or_else(Description::empty);
    let archived = archived.unwrap_or_default();
    findings.conclude(name.map(|name| ImportedBoard {
        name,
        description,
        columns,
        archived,
        tasks,
    }))
}

/// Warns of what a document has of the old board and the new one cannot have.
fn left_behind(body: &mut Map<String, Value>, importer: &str, findings: &mut Findings) {
    let is_there = |value: &Value| value.as_array().is_some_and(|entries| !entries.is_empty());
    if body.remove("events").as_ref().is_some_and(is_there) {
        findings.warn("/events", Omission::History {});
    }
    let members = body.remove("members");
    for (nth, member) in members.iter().filter_map(Value::as_array).flatten().enumerate() {
        let name = member["username"].as_str().unwrap_or_default();
        if !name.eq_ignore_ascii_case(importer) {
            let omission = Omission::NotAMember { name: short(name), of: Of::default() };
            findings.warn(format!("/members/{nth}"), omission);
        }
    }
}

/// Removes what is invisible from the names of the board and its columns.
fn clear_names(body: &mut Map<String, Value>, findings: &mut Findings) {
    if let Some(name) = body.get_mut("name") {
        clear(name, ("/name", "name", &Of::default()), findings);
    }
    let columns = body.get_mut("columns").and_then(Value::as_array_mut);
    for (nth, column) in columns.into_iter().flatten().enumerate() {
        if let Some(name) = column.get_mut("name") {
            let of = Of::list(name.as_str().unwrap_or_default());
            clear(name, (&format!("/columns/{nth}/name"), "name", &of), findings);
        }
    }
}

/// The same of a task's title, labels and assignee. Labels that are the same then are one.
fn clear_task(pointer: &str, task: &mut Map<String, Value>, findings: &mut Findings) {
    let of = Of::task(task.get("title").and_then(Value::as_str).unwrap_or_default());
    for name in ["title", "assigned_to"] {
        if let Some(text) = task.get_mut(name) {
            clear(text, (&format!("{pointer}/{name}"), name, &of), findings);
        }
    }
    let Some(labels) = task.get_mut("labels").and_then(Value::as_array_mut) else { return };
    let mut is_changed = false;
    for (nth, label) in labels.iter_mut().enumerate() {
        let place = format!("{pointer}/labels/{nth}");
        is_changed |= clear(label, (&place, "labels", &of), findings);
    }
    if is_changed {
        let mut kept = HashSet::new();
        labels.retain(|label| {
            let label = label.as_str().map_or_else(|| label.to_string(), |it| it.trim().to_owned());
            kept.insert(label)
        });
    }
}

/// The keys of columns, also of faulty ones: a task in one of those has no fault of its own.
fn keys_of(columns: &Value) -> HashSet<String> {
    let columns = columns.as_array().into_iter().flatten();
    columns.filter_map(|column| column["key"].as_str().map(str::to_owned)).collect()
}

fn read_tasks(
    tasks: Option<Value>,
    keys: &HashSet<String>,
    importer: &str,
    findings: &mut Findings,
) -> Vec<ImportedTask> {
    let entries = findings.objects("/tasks", tasks);
    if entries.len() > MAX_TASKS {
        let detail = format!("must have at most {MAX_TASKS} tasks, has {}", entries.len());
        findings.fault("/tasks", detail);
        return Vec::new();
    }
    let mut count = 0;
    let mut tasks = Vec::with_capacity(entries.len());
    for (pointer, mut entry) in entries {
        let author = entry.remove("created_by");
        let author = author.as_ref().and_then(Value::as_str);
        count += usize::from(author.is_some_and(|name| name != importer));
        tasks.extend(read_task(&pointer, entry, keys, importer, findings));
    }
    if count > 0 {
        findings.warn("/tasks", Omission::OtherAuthors { count });
    }
    let comments: usize = tasks.iter().map(|task| task.comments.len()).sum();
    if comments > MAX_COMMENTS {
        let detail = format!("must have at most {MAX_COMMENTS} comments, has {comments}");
        findings.fault("/tasks", detail);
    }
    checklists::check_count("/tasks", &tasks, findings);
    tasks
}

fn read_task(
    pointer: &str,
    mut entry: Map<String, Value>,
    keys: &HashSet<String>,
    importer: &str,
    findings: &mut Findings,
) -> Option<ImportedTask> {
    for name in OF_THE_OLD_TASK {
        entry.remove(name);
    }
    clear_task(pointer, &mut entry, findings);
    let comments = entry.remove("comments");
    let lists = entry.remove("checklists");
    let counted = entry.remove("comment_count").as_ref().and_then(Value::as_u64);
    let created_at = moment(entry.remove("created_at"), &format!("{pointer}/created_at"), findings);
    let is_elsewhere = entry.get("status").is_some_and(|status| is_no_column(status, keys));
    let mut fields = findings.fields(pointer, entry)?;
    let content = TaskContent::read(&mut fields);
    if is_elsewhere {
        fields.fault("status", "is not a column of this board");
    }
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at(pointer, faults);
    }
    let place = format!("{pointer}/comments");
    let comments = read_comments(&place, comments, importer, findings);
    let title = content.as_ref().map(|content| content.title.as_str().to_owned());
    let place = format!("{pointer}/checklists");
    let checklists =
        checklists::read(&place, lists, importer, title.as_deref().unwrap_or_default(), findings);
    let mut content = content?;
    if let Some(name) = content.assigned_to.take() {
        if name.as_str().eq_ignore_ascii_case(importer) {
            content.assigned_to = Assignee::from_field(importer.into()).ok();
        } else {
            let (name, of) = (name.as_str().to_owned(), Of::task(content.title.as_str()));
            let omission = Omission::NotAMember { name, of };
            findings.warn(format!("{pointer}/assigned_to"), omission);
        }
    }
    // What reads a board shows how many comments there are, and not the comments.
    let missing = counted.unwrap_or_default().saturating_sub(comments.len() as u64);
    if missing > 0 {
        let (task, count) = (content.title.as_str().to_owned(), missing);
        let omission = Omission::CommentsMissing { task, count };
        findings.warn(format!("{pointer}/comment_count"), omission);
    }
    Some(ImportedTask { content, created_at, comments, checklists })
}

/// Whether this is a column's key and no column of the document has it.
fn is_no_column(status: &Value, keys: &HashSet<String>) -> bool {
    ColumnKey::from_field(status.clone()).is_ok_and(|key| !keys.contains(key.as_str()))
}

/// Comments are texts, or the objects that the export gives. They are oldest first, as everywhere:
/// those whose moment is not known get that of the import.
fn read_comments(
    place: &str,
    comments: Option<Value>,
    importer: &str,
    findings: &mut Findings,
) -> Vec<ImportedComment> {
    let entries = match comments {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(_) => {
            findings.fault(place, "must be an array");
            return Vec::new();
        }
    };
    let mut comments = Vec::with_capacity(entries.len());
    for (nth, entry) in entries.into_iter().enumerate() {
        let pointer = format!("{place}/{nth}");
        comments.extend(match entry {
            Value::Object(entry) => read_comment(&pointer, entry, importer, findings),
            text => {
                let body = CommentText::from_field(text);
                let body = body.map_err(|detail| findings.fault(pointer, detail)).ok();
                body.map(|body| ImportedComment {
                    body,
                    author: None,
                    created_at: None,
                    updated_at: None,
                })
            }
        });
    }
    comments.sort_by_key(|comment| {
        let moment = comment.created_at.map(DueAt::moment);
        (moment.is_none(), moment)
    });
    comments
}

/// Somebody else's comment keeps their name as a text, also where a user of that name is here: a file
/// is no proof that they wrote it.
fn read_comment(
    pointer: &str,
    mut entry: Map<String, Value>,
    importer: &str,
    findings: &mut Findings,
) -> Option<ImportedComment> {
    for name in OF_THE_OLD_COMMENT {
        entry.remove(name);
    }
    for name in ["author", "created_by"] {
        if let Some(text) = entry.get_mut(name) {
            clear(text, (&format!("{pointer}/{name}"), name, &Of::default()), findings);
        }
    }
    let mut at = |name: &str| moment(entry.remove(name), &format!("{pointer}/{name}"), findings);
    let (created_at, updated_at) = (at("created_at"), at("updated_at"));
    let mut fields = findings.fields(pointer, entry)?;
    let body: Option<CommentText> = fields.required("body");
    let author: Option<Assignee> = fields.optional("author");
    let user: Option<Assignee> = fields.optional("created_by");
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at(pointer, faults);
    }
    let author = author.or(user).filter(|name| name.as_str() != importer);
    Some(ImportedComment { body: body?, author, created_at, updated_at })
}

#[cfg(test)]
mod tests {
    use crate::import::{Import, Warning, read};
    use crate::validation::{FieldError, Fields, Invalid};
    use serde_json::{Value, json};

    fn import(document: &Value) -> Result<Import, Invalid> {
        read(Fields::read(document.to_string().as_bytes()).expect("an object"), "ada")
    }

    fn pointers(errors: &[FieldError]) -> Vec<&str> {
        errors.iter().map(|error| error.pointer.as_str()).collect()
    }

    fn places(warnings: &[Warning]) -> Vec<&str> {
        warnings.iter().map(|warning| warning.pointer.as_str()).collect()
    }

    #[test]
    fn api_import_takes_the_published_example_of_a_board_document() {
        let document = json!({"id": 3, "name": "Trip", "tasks": [
            {"id": 7, "title": "Pack", "description": "", "status": "in_progress", "version": 2,
             "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
             "assigned_to": "ADA"},
            {"title": "Book", "assigned_to": "grace"},
        ], "events": [{"seq": 1}]});
        let Import { board, warnings } = import(&document).expect("a board");
        let board = serde_json::to_value(&board).expect("JSON");
        assert_eq!(board["columns"], Value::Null);
        assert_eq!(board["tasks"][0]["assigned_to"], "ada");
        assert_eq!(board["tasks"][0]["status"], "in_progress");
        assert_eq!(board["tasks"][1]["assigned_to"], Value::Null);
        assert_eq!(places(&warnings), ["/events", "/tasks/1/assigned_to"]);
        assert_eq!(warnings[1].to_json()["arguments"], json!({"name": "grace", "task": "Book"}));
        assert_eq!(board["tasks"][0]["created_at"], "2026-01-02T03:04:05.678Z");
    }

    #[test]
    fn api_import_comments_keep_their_moments_and_the_names_of_their_authors() {
        let (early, late) = ("2026-01-02T03:04:05.678Z", "2026-02-02T03:04:05.678Z");
        let document = json!({"name": "A", "archived": true, "tasks": [{"title": "b", "created_by": "grace", "comments": [
            "plain",
            {"body": "hers", "created_by": "grace", "created_at": late, "updated_at": late},
            {"id": 1, "body": "mine", "created_by": "ada", "created_at": early},
            {"body": "of a third", "created_by": "ada", "author": "Emmy Example", "created_at": late},
        ]}]});
        let Import { board, warnings } = import(&document).expect("a board");
        let board = serde_json::to_value(&board).expect("JSON");
        assert_eq!(board["archived"], true);
        let comment = |body: &str,
                       author: Option<&str>,
                       at: Option<&str>,
                       changed: Option<&str>| {
            json!({"body": body, "author": author, "created_at": at, "updated_at": changed})
        };
        assert_eq!(
            board["tasks"][0]["comments"],
            json!([
                comment("mine", None, Some(early), None),
                comment("hers", Some("grace"), Some(late), Some(late)),
                comment("of a third", Some("Emmy Example"), Some(late), None),
                comment("plain", None, None, None),
            ])
        );
        assert_eq!(places(&warnings), ["/tasks"]);
    }

    #[test]
    fn api_import_removes_what_is_invisible_from_one_line_and_tells_of_it() {
        let family = "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        let document = json!({
            "name": "Pl\u{200b}an", "description": "as\u{200b}is",
            "columns": [{"key": "a", "name": "To\u{2028}do"}, {"key": "b", "name": "\u{202e}Done"}],
            "tasks": [{"title": format!("{family}\u{feff}"), "status": "a",
                "labels": ["urgent", "ur\u{ad}gent ", family], "comments": [
                {"body": "b\u{200b}", "author": "Em\u{2060}my"}]}],
        });
        let Import { board, warnings } = import(&document).expect("a board");
        let board = serde_json::to_value(&board).expect("JSON");
        assert_eq!(
            (&board["name"], &board["description"]),
            (&json!("Plan"), &json!("as\u{200b}is"))
        );
        assert_eq!(board["columns"][0]["name"], "To do");
        assert_eq!(board["columns"][1]["name"], "Done");
        let task = &board["tasks"][0];
        assert_eq!((&task["title"], &task["labels"]), (&json!(family), &json!(["urgent", family])));
        assert_eq!(task["comments"][0]["author"], "Emmy");
        assert_eq!(task["comments"][0]["body"], "b\u{200b}");
        assert!(warnings.iter().all(|it| it.to_json()["code"] == "control-characters"));
        let expected = [
            "/name",
            "/columns/1/name",
            "/tasks/0/title",
            "/tasks/0/labels/1",
            "/tasks/0/comments/0/author",
        ];
        assert_eq!(places(&warnings), expected);
    }

    #[test]
    fn api_import_tells_of_comments_that_a_document_counts_and_does_not_hold() {
        let document =
            json!({"name": "A", "tasks": [{"title": "b", "comment_count": 3, "comments": ["c"]}]});
        let warnings = import(&document).expect("a board").warnings;
        assert_eq!(places(&warnings), ["/tasks/0/comment_count"]);
        let told = warnings[0].to_json();
        assert_eq!(
            (&told["code"], &told["arguments"]["count"]),
            (&json!("comments-missing"), &json!(2))
        );
    }

    #[test]
    fn api_validation_names_every_faulty_field_of_a_document() {
        let document = json!({
            "description": 7, "columns": [{"key": "A", "name": "a"}, {"key": "b", "name": "b"}],
            "colour": 1, "archived": "no", "tasks": [
                {"title": "", "status": "b"}, 7, {"status": "c", "due_at": "soon", "tag": 1},
                {"title": "x", "status": "A", "fields": [], "comments": [
                    "", 7, {"body": 1, "by": 2}, {"created_by": 3},
                ]},
                {"title": "x", "comments": {}},
            ],
        });
        let Err(Invalid(faults)) = import(&document) else { panic!("accepted") };
        let expected = [
            "/name",
            "/description",
            "/columns/0/key",
            "/colour",
            "/archived",
            "/tasks/1",
            "/tasks/0/title",
            "/tasks/2/title",
            "/tasks/2/due_at",
            "/tasks/2/status",
            "/tasks/2/tag",
            "/tasks/3/status",
            "/tasks/3/fields",
            "/tasks/3/comments/0",
            "/tasks/3/comments/1",
            "/tasks/3/comments/2/body",
            "/tasks/3/comments/2/by",
            "/tasks/3/comments/3/body",
            "/tasks/3/comments/3/created_by",
            "/tasks/4/comments",
        ];
        let (mut found, mut expected) = (pointers(&faults), expected.to_vec());
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_status_must_be_a_column_of_the_document_or_of_a_new_board() {
        let tasks = |status: &str| json!([{"title": "a", "status": status}]);
        let columns = json!([{"key": "later", "name": "Later"}]);
        let with = |status: &str| {
            import(&json!({"name": "A", "columns": columns, "tasks": tasks(status)}))
        };
        let without = |status: &str| import(&json!({"name": "A", "tasks": tasks(status)}));
        assert!(with("later").is_ok() && without("todo").is_ok());
        for faulty in [with("todo"), without("later")] {
            assert_eq!(pointers(&faulty.expect_err("faulty").0), ["/tasks/0/status"]);
        }
    }

    #[test]
    fn no_answer_is_larger_than_what_was_asked() {
        let faults = |document: &Value| import(document).expect_err("faulty").0;
        let many = faults(&json!({"name": "A", "tasks": vec![7; 5_000]}));
        assert_eq!(many.len(), 1_001);
        assert!(many[1_000].detail.contains("1000"), "{:?}", many[1_000]);
        let wide: serde_json::Map<String, Value> =
            (0..5_000).map(|n| (n.to_string(), json!(n))).collect();
        assert_eq!(pointers(&faults(&json!(wide))), [""]);
        let task = json!({"name": "A", "tasks": [{"title": "a", "comments": [wide]}, wide]});
        assert_eq!(pointers(&faults(&task)), ["/tasks/0/comments/0", "/tasks/1"]);
    }

    #[test]
    fn an_import_is_limited_in_tasks_and_comments() {
        let of = |tasks: usize, comments: usize| {
            let mut all = vec![json!({"title": "a"}); tasks];
            all[0]["comments"] = json!(vec!["c"; comments]);
            import(&json!({"name": "A", "tasks": all}))
        };
        assert!(of(10_000, 20_000).is_ok());
        assert_eq!(pointers(&of(10_001, 0).expect_err("too many").0), ["/tasks"]);
        assert_eq!(pointers(&of(1, 20_001).expect_err("too many").0), ["/tasks"]);
    }
}
