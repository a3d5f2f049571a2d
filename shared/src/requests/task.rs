//! Adding, changing and moving a task.

use crate::models::{
    Assignee, ColumnKey, Description, DueAt, FreeFields, Labels, TaskId, TaskTitle,
};
use crate::task_fields;
use crate::validation::{Fields, FromField, Invalid, Patch, whole_number};
use serde::Serialize;
use serde_json::Value;

impl FromField for TaskId {
    fn from_field(value: Value) -> Result<Self, String> {
        let id = whole_number(&value).and_then(Self::new);
        id.ok_or_else(|| "must be a task's id, or null".to_owned())
    }
}

/// Defines what is said of a task, from the list of its fields.
macro_rules! define {
    ($($name:ident: $type:ident { nullable: $nullable:literal, removable: $removable:literal, required: $required:literal, $($about:tt)* })+) => {
        /// What a task begins with.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub(crate) struct TaskContent {
            pub(crate) title: TaskTitle,
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(crate) $name: Option<$type>,
            )+
        }

        impl TaskContent {
            /// A task of which only the title is known.
            pub(crate) fn titled(title: TaskTitle) -> Self {
                Self { title, $($name: None),+ }
            }

            /// Takes the fields out of a body; `None` if the title is missing or faulty, which
            /// the body knows.
            pub(crate) fn read(body: &mut Fields) -> Option<Self> {
                let title = body.required("title");
                $(let $name = body.optional(stringify!($name));)+
                let content = Self { title: title?, $($name),+ };
                content.check_start(body);
                Some(content)
            }
        }

        /// A merge patch of a task.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct TaskPatch {
            #[serde(skip_serializing_if = "Patch::is_keep")]
            title: Patch<TaskTitle>,
            $(
                #[serde(skip_serializing_if = "Patch::is_keep")]
                $name: Patch<$type>,
            )+
            #[serde(flatten)]
            place: Place<TaskId>,
        }

        impl TaskPatch {
            fn read(body: &mut Fields) -> Self {
                Self {
                    title: body.change("title", false),
                    $($name: body.change(stringify!($name), $removable),)+
                    place: Place::read(body),
                }
            }
        }
    };
}

task_fields!(define);

impl TaskContent {
    /// Of a task that is changed, only the database knows both.
    fn check_start(&self, body: &mut Fields) {
        if let (Some(start), Some(due)) = (self.start_at, self.due_at)
            && start > due
        {
            body.fault("start_at", "must not be after due_at");
        }
    }
}

/// A task to be added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewTask {
    #[serde(flatten)]
    content: TaskContent,
    #[serde(flatten)]
    place: Place<TaskId>,
}

/// Where among its kind: before or after another one, by id, or null for the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Place<T: Serialize> {
    #[serde(skip_serializing_if = "Patch::is_keep")]
    before: Patch<T>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    after: Patch<T>,
}

impl<T: FromField + Serialize> Place<T> {
    pub(super) fn read(body: &mut Fields) -> Self {
        let place = Self { before: body.patch("before"), after: body.patch("after") };
        if !place.before.is_keep() && !place.after.is_keep() {
            body.fault("after", "cannot be given together with before");
        }
        place
    }
}

/// Reads what a task is added with ([`task_fields`]), its title and `before` or `after`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_task(mut body: Fields) -> Result<NewTask, Invalid> {
    let content = TaskContent::read(&mut body);
    let place = Place::read(&mut body);
    body.finish()?;
    Ok(NewTask { content: content.ok_or_else(Invalid::default)?, place })
}

/// Reads a merge patch of the same fields. `null` removes what can be missing; `fields` are merged
/// in turn; `status`, `before` and `after` move the task.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn task_patch(mut body: Fields) -> Result<TaskPatch, Invalid> {
    let patch = TaskPatch::read(&mut body);
    body.finish()?;
    Ok(patch)
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
