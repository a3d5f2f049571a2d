//! What an import could not carry over, each kind with a stable code and what a sentence needs.

use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// How much of a name is shown: enough to recognize it.
const NAME_CHARACTERS: usize = 100;

/// Something that the new board has not got, or not as it was, and its place in the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// A JSON Pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What it is.
    pub(super) omission: Omission,
}

impl Warning {
    /// As in answers: `{pointer, code, arguments, detail}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut told = serde_json::to_value(&self.omission).unwrap_or_default();
        told["pointer"] = Value::from(self.pointer.as_str());
        told["detail"] = Value::from(self.omission.to_string());
        told
    }
}

/// What something belongs to, by name; neither where it is the board's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Of {
    /// The task's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    /// The list's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<String>,
}

impl Of {
    /// A task's.
    pub(super) fn task(title: &str) -> Self {
        Self { task: Some(short(title)), list: None }
    }

    /// The task's title, where it is a task's.
    pub(super) fn task_name(&self) -> String {
        self.task.clone().unwrap_or_default()
    }

    /// A list's.
    pub(super) fn list(name: &str) -> Self {
        Self { task: None, list: Some(short(name)) }
    }
}

/// A kind of omission. In JSON `{"code": "archived-task", "arguments": {"task": "Ask"}}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", content = "arguments", rename_all = "kebab-case")]
pub(super) enum Omission {
    /// What happened on the old board.
    History {},
    /// The file has only this many of the newest entries of the history, comments among them.
    HistoryCut { limit: usize },
    /// An archived list, with this many tasks on it.
    ArchivedList { list: String, tasks: usize },
    /// An archived task, with this many comments.
    ArchivedTask { task: String, comments: usize },
    /// A comment on a task that the file does not hold.
    CommentWithoutTask {
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        task: Option<String>,
    },
    /// A checklist of a task that the file does not hold.
    ChecklistWithoutTask { name: String },
    /// Comments that the document counts and does not hold.
    CommentsMissing { task: String, count: u64 },
    /// Somebody who is not a member of the new board, or of the task.
    NotAMember {
        name: String,
        #[serde(flatten)]
        of: Of,
    },
    /// So many tasks that others made.
    OtherAuthors { count: usize },
    /// A text that is longer than it may be.
    Cut {
        field: String,
        limit: usize,
        #[serde(flatten)]
        of: Of,
    },
    /// A task whose description, checklists and attachments continue in this many comments.
    DescriptionContinued { task: String, comments: usize },
    /// A comment that continues in this many more.
    CommentContinued { task: String, comments: usize },
    /// So many items of a checklist for which there was no room in comments either.
    ChecklistWithoutRoom { task: String, name: String, count: usize },
    /// A link to what is attached for which there was none.
    AttachmentWithoutRoom { task: String, name: String },
    /// A list, card, checklist, item or field that has no name of which anything can be seen, and is called this
    /// now.
    Unnamed {
        /// What it is one of, as the file calls them.
        field: &'static str,
        name: String,
        #[serde(flatten)]
        of: Of,
    },
    /// A text whose control characters, or in one line invisible ones, were removed.
    ControlCharacters {
        field: String,
        #[serde(flatten)]
        of: Of,
    },
    /// A template, which is an ordinary task now.
    Template { task: String },
    /// A file: the task has a link to where it still is.
    AttachedFile { task: String, name: String },
    /// A label that no task has.
    UnusedLabel { label: String },
    /// A field of the old board's own that no task has.
    UnusedField { name: String },
    /// More labels than a task can have.
    TooManyLabels { task: String, limit: usize, count: usize },
    /// What would make the task's own fields too large.
    FieldsTooLarge { task: String, limit: usize },
    /// Any other field.
    NotCarried {
        field: String,
        #[serde(flatten)]
        of: Of,
    },
    /// There are more than this many, which are listed.
    More { limit: usize },
}

impl Omission {
    /// A field that has no place on a board of ours.
    pub(super) fn field(name: &str, of: &Of) -> Self {
        Self::NotCarried { field: short(name), of: of.clone() }
    }
}

/// The text, cut to `most` characters, and whether it was.
pub(super) fn cut(text: &str, most: usize) -> (&str, bool) {
    match text.char_indices().nth(most) {
        Some((end, _)) => (text[..end].trim_end(), true),
        None => (text, false),
    }
}

/// A name as it is shown.
pub(super) fn short(name: &str) -> String {
    let plain = name.replace(char::is_control, "");
    match cut(plain.trim(), NAME_CHARACTERS) {
        (name, false) => name.to_owned(),
        (name, true) => format!("{name}…"),
    }
}

impl fmt::Display for Omission {
    /// What became of it, in a sentence without its subject.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::History {} => {
                formatter.write_str("was left out: the new board begins its own history")
            }
            Self::HistoryCut { limit } => write!(
                formatter,
                "ends with the newest {limit} entries: comments before them are missing"
            ),
            Self::ArchivedList { list, tasks } => write!(
                formatter,
                "is archived, and was left out: {list}, with what is on it ({tasks})"
            ),
            Self::ArchivedTask { task, comments } => write!(
                formatter,
                "is archived, and was left out: {task}, with its comments ({comments})"
            ),
            Self::CommentWithoutTask { name, .. } => {
                let name = name.as_deref().unwrap_or("somebody");
                write!(
                    formatter,
                    "was left out: a comment by {name} on a task that is not in the file"
                )
            }
            Self::ChecklistWithoutTask { name } => {
                write!(formatter, "was left out: {name}, of a task that is not in the file")
            }
            Self::CommentsMissing { count, .. } => write!(
                formatter,
                "counts comments ({count}) that are not in the document: export the board instead"
            ),
            Self::NotAMember { name, .. } => {
                write!(formatter, "was left out: {name} is not a member of the new board")
            }
            Self::OtherAuthors { count } => write!(
                formatter,
                "were made by others as well ({count}): the importer is their author now"
            ),
            Self::Cut { limit, .. } => write!(formatter, "was cut to {limit} characters"),
            Self::DescriptionContinued { comments, .. }
            | Self::CommentContinued { comments, .. } => write!(
                formatter,
                "continues in comments ({comments}): one text has no room for all of it"
            ),
            Self::ChecklistWithoutRoom { name, count, .. } => write!(
                formatter,
                "has no room on the task for all of {name}: items were left out ({count})"
            ),
            Self::AttachmentWithoutRoom { name, .. } => {
                write!(formatter, "was left out: the task has no room for a link to {name}")
            }
            Self::Unnamed { name, .. } => {
                write!(formatter, "has no visible name: it is called {name} now")
            }
            Self::ControlCharacters { .. } => {
                formatter.write_str("had control or invisible characters, which were removed")
            }
            Self::Template { .. } => formatter.write_str("is a template, and became a task"),
            Self::AttachedFile { name, .. } => write!(
                formatter,
                "was left out: the task has a link to the file {name}, which stays where it is"
            ),
            Self::UnusedLabel { label } => {
                write!(formatter, "was left out: no task has the label {label}")
            }
            Self::UnusedField { name } => {
                write!(formatter, "was left out: no task has the field {name}")
            }
            Self::TooManyLabels { limit, count, .. } => {
                write!(formatter, "were cut from {count} to {limit}")
            }
            Self::FieldsTooLarge { limit, .. } => write!(
                formatter,
                "were left out: the task's fields would have more than {limit} bytes"
            ),
            Self::NotCarried { field, .. } => {
                write!(formatter, "was left out: tasks and boards have no place for {field}")
            }
            Self::More { limit } => {
                write!(formatter, "there are more than the first {limit}, which are listed")
            }
        }
    }
}
