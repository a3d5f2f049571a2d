//! Adding, changing and moving a task.

use super::Body;
use crate::models::{
    Assignee, ColumnKey, Description, DueAt, FreeFields, Labels, TaskId, TaskTitle,
};
use crate::validation::{Fields, FromField, Invalid, Patch, whole_number};
use serde_json::Value;

impl FromField for TaskId {
    fn from_field(value: Value) -> Result<Self, String> {
        let id = whole_number(&value).and_then(Self::new);
        id.ok_or_else(|| "must be a task's id, or null".to_owned())
    }
}

/// Reads `{title, description?, status?, assigned_to?, labels?, due_at?, fields?, before? | after?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_task(mut fields: Fields) -> Result<String, Invalid> {
    let title: Option<TaskTitle> = fields.required("title");
    let description: Option<Description> = fields.optional("description");
    let status: Option<ColumnKey> = fields.optional("status");
    let assigned_to: Option<Assignee> = fields.optional("assigned_to");
    let labels: Option<Labels> = fields.optional("labels");
    let due_at: Option<DueAt> = fields.optional("due_at");
    let free: Option<FreeFields> = fields.optional("fields");
    let (before, after) = place(&mut fields);
    fields.finish()?;
    Ok(Body::default()
        .with("title", title)
        .with("description", description)
        .with("status", status)
        .with("assigned_to", assigned_to)
        .with("labels", labels)
        .with("due_at", due_at)
        .with("fields", free)
        .patched("before", before)
        .patched("after", after)
        .text())
}

/// Reads a merge patch of the same fields. `null` removes what can be missing; `fields` are merged
/// in turn; `status`, `before` and `after` move the task.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn task_patch(mut fields: Fields) -> Result<String, Invalid> {
    let title: Option<TaskTitle> = fields.replacement("title");
    let description: Patch<Description> = fields.patch("description");
    let status: Option<ColumnKey> = fields.replacement("status");
    let assigned_to: Patch<Assignee> = fields.patch("assigned_to");
    let labels: Patch<Labels> = fields.patch("labels");
    let due_at: Patch<DueAt> = fields.patch("due_at");
    let free: Patch<FreeFields> = fields.patch("fields");
    let (before, after) = place(&mut fields);
    fields.finish()?;
    Ok(Body::default()
        .with("title", title)
        .patched("description", description)
        .with("status", status)
        .patched("assigned_to", assigned_to)
        .patched("labels", labels)
        .patched("due_at", due_at)
        .patched("fields", free)
        .patched("before", before)
        .patched("after", after)
        .text())
}

/// Where in its column: a task's id, or null for the end.
fn place(fields: &mut Fields) -> (Patch<TaskId>, Patch<TaskId>) {
    let (before, after) = (fields.patch("before"), fields.patch("after"));
    if before != Patch::Keep && after != Patch::Keep {
        fields.fault("after", "cannot be given together with before");
    }
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::super::testing::read;
    use super::*;
    use serde_json::json;

    #[test]
    fn api_validation_names_every_faulty_field_of_a_task_at_once() {
        let faulty = json!({
            "title": "", "description": 1, "status": "To Do", "assigned_to": 1, "labels": "a",
            "due_at": "tomorrow", "fields": [], "before": 0, "after": 3, "colour": "red",
        });
        let pointers = [
            "/title",
            "/description",
            "/status",
            "/assigned_to",
            "/labels",
            "/due_at",
            "/fields",
            "/before",
            "/colour",
        ];
        assert_eq!(read(new_task, &faulty), Err(pointers.map(str::to_owned).to_vec()));
        let both = json!({"title": "a", "before": 1, "after": null});
        assert_eq!(read(new_task, &both), Err(vec!["/after".to_owned()]));
    }

    #[test]
    fn api_patch_keeps_its_nulls_apart_from_what_it_leaves_out() {
        let patch = json!({
            "assigned_to": null, "labels": null, "due_at": null, "description": null,
            "fields": {"a": null, "b": {"c": null}}, "after": null,
        });
        assert_eq!(read(task_patch, &patch), Ok(patch));
        let fixed = json!({"title": null, "status": null});
        assert_eq!(read(task_patch, &fixed), Err(vec!["/title".to_owned(), "/status".to_owned()]));
    }
}
