//! The bodies of requests about a team's boards: read, checked, and as the JSON that the write
//! functions of `migrations/` take.

mod board;
mod comment;
mod invitation;
mod member;
mod task;

pub use board::{board_patch, new_board};
pub use comment::{comment_patch, new_comment};
pub use invitation::{new_account_invitation, new_board_invitation};
pub use member::member_role;
pub use task::{new_task, task_patch};

use crate::validation::Patch;
use serde::Serialize;
use serde_json::{Map, Value};

/// What goes into the database: only what the request said.
#[derive(Default)]
struct Body(Map<String, Value>);

impl Body {
    /// A field, where the request has one.
    fn with(mut self, name: &str, value: Option<impl Serialize>) -> Self {
        if let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    /// A field of a merge patch.
    fn patched(self, name: &str, patch: Patch<impl Serialize>) -> Self {
        match patch {
            Patch::Keep => self,
            Patch::Remove => self.with(name, Some(Value::Null)),
            Patch::Set(value) => self.with(name, Some(value)),
        }
    }

    fn text(self) -> String {
        Value::Object(self.0).to_string()
    }
}

#[cfg(test)]
mod testing {
    use crate::validation::{Fields, Invalid};
    use serde_json::Value;

    /// What a reader makes of a body, or the pointers of its faults.
    pub(super) fn read(
        parse: fn(Fields) -> Result<String, Invalid>,
        body: &Value,
    ) -> Result<Value, Vec<String>> {
        let fields = Fields::read(body.to_string().as_bytes()).expect("an object");
        parse(fields)
            .map(|text| serde_json::from_str(&text).expect("JSON"))
            .map_err(|invalid| invalid.0.into_iter().map(|error| error.pointer).collect())
    }
}
