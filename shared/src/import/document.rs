//! A board document: what the export gives, what either mode shows of a board, or less.

use super::reading::{Findings, attributed};
use super::{Import, ImportedBoard, ImportedTask, MAX_COMMENTS, MAX_TASKS};
use crate::models::{
    Assignee, BoardName, ColumnKey, Columns, CommentText, Description, DueAt, FreeFields, Labels,
    TaskTitle,
};
use crate::validation::{FromField as _, Invalid, Patch};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What documents tell of a board beyond what a new one takes over: the new one has its own.
const OF_THE_OLD_BOARD: [&str; 7] =
    ["id", "epoch", "role", "seq", "version", "created_at", "updated_at"];

/// The same of a task.
const OF_THE_OLD_TASK: [&str; 7] =
    ["id", "board_id", "position", "comment_count", "version", "created_at", "updated_at"];

/// The same of a comment.
const OF_THE_OLD_COMMENT: [&str; 6] =
    ["id", "board_id", "task_id", "version", "created_at", "updated_at"];

/// The columns of boards that name none.
const DEFAULT_COLUMNS: [&str; 3] = ["todo", "in_progress", "finished"];

/// Reads `{name, description?, columns?, tasks?}` and what documents hold beside it.
pub(super) fn read(mut body: Map<String, Value>, importer: &str) -> Result<Import, Invalid> {
    for name in OF_THE_OLD_BOARD {
        body.remove(name);
    }
    let mut findings = Findings::default();
    left_behind(&mut body, importer, &mut findings);
    let tasks = body.remove("tasks");
    let Some(mut fields) = findings.fields("", body) else { return findings.conclude(None) };
    let name: Option<BoardName> = fields.required("name");
    let description: Option<Description> = fields.optional("description");
    let mut keys = None;
    let columns: Patch<Columns> = fields.patch_with("columns", |value, faults| {
        keys = Some(keys_of(&value));
        Columns::read(value, faults)
    });
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at("", faults);
    }
    let keys = keys.unwrap_or_else(|| DEFAULT_COLUMNS.map(str::to_owned).into());
    let tasks = read_tasks(tasks, &keys, importer, &mut findings);
    let columns = if let Patch::Set(columns) = columns { Some(columns) } else { None };
    let description = description.unwrap_or_else(Description::empty);
    findings.conclude(name.map(|name| ImportedBoard { name, description, columns, tasks }))
}

/// Warns of what a document tells of the old board and the new one cannot have.
fn left_behind(body: &mut Map<String, Value>, importer: &str, findings: &mut Findings) {
    let is_there = |value: &Value| value.as_array().is_some_and(|entries| !entries.is_empty());
    if body.remove("events").as_ref().is_some_and(is_there) {
        findings.warn("/events", "was left out: the new board begins a history of its own");
    }
    if body.remove("archived") == Some(Value::Bool(true)) {
        findings.warn("/archived", "was left out: the new board is in use");
    }
    let members = body.remove("members");
    for (nth, member) in members.iter().filter_map(Value::as_array).flatten().enumerate() {
        let name = member["username"].as_str().unwrap_or_default();
        if !name.eq_ignore_ascii_case(importer) {
            let detail = format!("was left out: {name} is not a member of the new board");
            findings.warn(format!("/members/{nth}"), detail);
        }
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
        let detail = format!("must be at most {MAX_TASKS} tasks, are {}", entries.len());
        findings.fault("/tasks", detail);
        return Vec::new();
    }
    let mut is_others = false;
    let mut tasks = Vec::with_capacity(entries.len());
    for (pointer, mut entry) in entries {
        let author = entry.remove("created_by");
        is_others |= author.as_ref().and_then(Value::as_str).is_some_and(|name| name != importer);
        tasks.extend(read_task(&pointer, entry, keys, importer, findings));
    }
    if is_others {
        findings.warn("/tasks", "were made by others as well: the importer is their author now");
    }
    let comments: usize = tasks.iter().map(|task| task.comments.len()).sum();
    if comments > MAX_COMMENTS {
        let detail = format!("must have at most {MAX_COMMENTS} comments, have {comments}");
        findings.fault("/tasks", detail);
    }
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
    let comments = entry.remove("comments");
    let mut fields = findings.fields(pointer, entry)?;
    let title: Option<TaskTitle> = fields.required("title");
    let description: Option<Description> = fields.optional("description");
    let status: Option<ColumnKey> = fields.optional("status");
    let assigned_to: Option<Assignee> = fields.optional("assigned_to");
    let labels: Option<Labels> = fields.optional("labels");
    let due_at: Option<DueAt> = fields.optional("due_at");
    let free: Option<FreeFields> = fields.optional("fields");
    if status.as_ref().is_some_and(|status| !keys.contains(status.as_str())) {
        fields.fault("status", "is not a column of this board");
    }
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at(pointer, faults);
    }
    let assigned_to = assigned_to.and_then(|name| {
        let is_importer = name.as_str().eq_ignore_ascii_case(importer);
        if !is_importer {
            let detail =
                format!("was left out: {} is not a member of the new board", name.as_str());
            findings.warn(format!("{pointer}/assigned_to"), detail);
        }
        is_importer.then(|| importer.to_owned())
    });
    let comments = read_comments(&format!("{pointer}/comments"), comments, importer, findings);
    Some(ImportedTask {
        title: title?,
        description: description.unwrap_or_else(Description::empty),
        status,
        assigned_to,
        labels: labels.unwrap_or_default(),
        due_at,
        fields: free.unwrap_or_default(),
        comments,
    })
}

/// Comments are texts, or the objects that the export gives.
fn read_comments(
    place: &str,
    comments: Option<Value>,
    importer: &str,
    findings: &mut Findings,
) -> Vec<CommentText> {
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
                CommentText::from_field(text).map_err(|detail| findings.fault(pointer, detail)).ok()
            }
        });
    }
    comments
}

fn read_comment(
    pointer: &str,
    mut entry: Map<String, Value>,
    importer: &str,
    findings: &mut Findings,
) -> Option<CommentText> {
    for name in OF_THE_OLD_COMMENT {
        entry.remove(name);
    }
    let mut fields = findings.fields(pointer, entry)?;
    let body: Option<CommentText> = fields.required("body");
    let author: Option<Assignee> = fields.optional("created_by");
    if let Err(Invalid(faults)) = fields.finish() {
        findings.faults_at(pointer, faults);
    }
    let author = author.as_ref().map(Assignee::as_str).filter(|name| *name != importer);
    attributed(body?.as_str(), author, findings, pointer)
}

#[cfg(test)]
mod tests {
    use crate::import::{Import, read};
    use crate::validation::{Fields, Invalid};
    use serde_json::{Value, json};

    fn import(document: &Value) -> Result<Import, Invalid> {
        read(Fields::read(document.to_string().as_bytes()).expect("an object"), "ada")
    }

    fn pointers(errors: &[crate::validation::FieldError]) -> Vec<&str> {
        errors.iter().map(|error| error.pointer.as_str()).collect()
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
        assert_eq!(pointers(&warnings), ["/events", "/tasks/1/assigned_to"]);
        assert!(warnings[1].detail.contains("grace"));
    }

    #[test]
    fn api_import_comments_name_their_author_where_it_cannot_be_carried_over() {
        let document = json!({"name": "A", "tasks": [{"title": "b", "created_by": "grace", "comments": [
            "plain", {"id": 1, "body": "mine", "created_by": "ada"},
            {"body": "hers", "created_by": "grace", "created_at": "2026-01-02T03:04:05.678Z"},
            {"body": "x".repeat(10_000), "created_by": "grace"},
        ]}]});
        let Import { board, warnings } = import(&document).expect("a board");
        let board = serde_json::to_value(&board).expect("JSON");
        let comments = &board["tasks"][0]["comments"];
        assert_eq!(comments[0], "plain");
        assert_eq!(comments[1], "mine");
        assert_eq!(comments[2], "**grace:** hers");
        assert_eq!(comments[3].as_str().map(str::len), Some(10_000));
        assert_eq!(pointers(&warnings), ["/tasks/0/comments/3", "/tasks"]);
    }

    #[test]
    fn api_validation_names_every_faulty_field_of_a_document() {
        let document = json!({
            "description": 7, "columns": [{"key": "A", "name": "a"}, {"key": "b", "name": "b"}],
            "colour": 1, "tasks": [
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
