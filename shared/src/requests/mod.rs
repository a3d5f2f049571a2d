//! The bodies of requests about a team's boards, read and checked. As JSON they are what the write
//! functions of `migrations/` take: only what the request said.

mod api_token;
mod board;
mod checklist;
mod comment;
mod invitation;
mod member;
mod task;
mod task_fields;

pub use api_token::{NewApiToken, new_api_token, new_board_api_token};
pub use board::{BoardPatch, NewBoard, board_patch, new_board};
pub use checklist::{
    ChecklistPatch, ItemPatch, NewChecklist, NewItem, Tick, checklist_patch, item_patch,
    new_checklist, new_item, tick,
};
pub use comment::{comment_patch, new_comment};
pub use invitation::{NewInvitation, new_account_invitation, new_board_invitation};
pub use member::member_role;
pub(crate) use task::TaskContent;
pub use task::{NewTask, TaskPatch, new_task, task_patch};

#[cfg(test)]
mod testing {
    use crate::validation::{Fields, Invalid};
    use serde::Serialize;
    use serde_json::Value;

    /// What a reader makes of a body, as JSON, or the pointers of its faults.
    pub(super) fn read<T: Serialize>(
        parse: fn(Fields) -> Result<T, Invalid>,
        body: &Value,
    ) -> Result<Value, Vec<String>> {
        let fields = Fields::read(body.to_string().as_bytes()).expect("an object");
        parse(fields)
            .map(|request| serde_json::to_value(request).expect("JSON"))
            .map_err(|invalid| invalid.0.into_iter().map(|error| error.pointer).collect())
    }
}
