//! A task, and what may be said when one is made or changed.

use super::{Assignee, Description, TaskId, TaskTitle, Timestamp};
use crate::validation::{Fields, FromField, Invalid, Patch};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A task's column.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not begun.
    #[default]
    Todo,
    /// Being worked on.
    InProgress,
    /// Done.
    Finished,
}

impl FromField for Status {
    fn from_field(value: Value) -> Result<Self, String> {
        serde_json::from_value(value)
            .map_err(|_| "must be one of: todo, in_progress, finished".to_owned())
    }
}

/// A task of a quick-win board.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Task {
    /// Counts from 1 on each board.
    pub id: TaskId,
    /// What is to be done, in a line.
    pub title: TaskTitle,
    /// The long form; empty if there is none.
    pub description: Description,
    /// The column.
    pub status: Status,
    /// Who does it, if anybody yet.
    pub assigned_to: Option<Assignee>,
    /// Grows by one with every change of this task; 1 when it is new.
    pub version: u64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The body of a request that adds a task.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// See [`Task::title`].
    pub title: TaskTitle,
    /// See [`Task::description`].
    pub description: Description,
    /// See [`Task::status`].
    pub status: Status,
    /// See [`Task::assigned_to`].
    pub assigned_to: Option<Assignee>,
}

impl NewTask {
    /// Reads `{title, description?, status?, assigned_to?}`.
    ///
    /// # Errors
    /// Every faulty field, with its pointer.
    pub fn parse(mut fields: Fields) -> Result<Self, Invalid> {
        let title = fields.required("title");
        let description = fields.optional("description");
        let status = fields.optional("status");
        let assigned_to = fields.optional("assigned_to");
        fields.finish()?;
        Ok(Self {
            title: title.ok_or_else(Invalid::default)?,
            description: description.unwrap_or_else(Description::empty),
            status: status.unwrap_or_default(),
            assigned_to,
        })
    }

    /// The task as it is when it was just added.
    #[must_use]
    pub fn into_task(self, id: TaskId, now: Timestamp) -> Task {
        Task {
            id,
            title: self.title,
            description: self.description,
            status: self.status,
            assigned_to: self.assigned_to,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// The body of a request that changes a task: JSON Merge Patch (RFC 7396), parsed.
#[derive(Clone, Debug, Default)]
pub struct TaskPatch {
    /// A new title.
    pub title: Option<TaskTitle>,
    /// A new description; removing it makes it empty.
    pub description: Option<Description>,
    /// Another column.
    pub status: Option<Status>,
    /// Somebody else, or nobody.
    pub assigned_to: Patch<Assignee>,
}

impl TaskPatch {
    /// Reads `{title?, description?, status?, assigned_to?}`, where `null` removes.
    ///
    /// # Errors
    /// Every faulty field, with its pointer.
    pub fn parse(mut fields: Fields) -> Result<Self, Invalid> {
        let patch = Self {
            title: fields.replacement("title"),
            description: match fields.patch("description") {
                Patch::Keep => None,
                Patch::Remove => Some(Description::empty()),
                Patch::Set(description) => Some(description),
            },
            status: fields.replacement("status"),
            assigned_to: fields.patch("assigned_to"),
        };
        fields.finish()?;
        Ok(patch)
    }
}
