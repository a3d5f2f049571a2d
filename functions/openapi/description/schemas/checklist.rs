//! Checklists of tasks and their items, and the task lists in descriptions.

use super::scalar::{
    Assignee, BoardId, ChecklistId, ChecklistItemId, ChecklistTitle, DescriptionLine, GivenMoment,
    ItemText, NewChecklistTitle, NewItemText, Position, Seq, TaskId, Timestamp, Username, Version,
};
use serde_json::Value;
use utoipa::ToSchema;

/// Defines a checklist, without its items or with them.
macro_rules! checklist {
    ($(#[$doc:meta])+ $name:ident { $($(#[$about:meta])+ $field:ident: $type:ty,)* }) => {
        $(#[$doc])+
        #[derive(ToSchema)]
        pub(crate) struct $name {
            id: ChecklistId,
            board_id: BoardId,
            task_id: TaskId,
            title: ChecklistTitle,
            /// Its position among the checklists of its task.
            position: Position,
            version: Version,
            $($(#[$about])+ $field: $type,)*
        }
    };
}

checklist! {
    /// A checklist of a task.
    Checklist {}
}

checklist! {
    /// A checklist with its items.
    WholeChecklist {
        /// In their order.
        items: Vec<ChecklistItem>,
    }
}

checklist! {
    /// A checklist as its events show it.
    ChecklistInEvent {
        /// In an Add only.
        #[schema(nullable = false)]
        items: Option<Vec<ChecklistItem>>,
    }
}

/// An item of a checklist.
#[derive(ToSchema)]
pub(crate) struct ChecklistItem {
    id: ChecklistItemId,
    board_id: BoardId,
    task_id: TaskId,
    checklist_id: ChecklistId,
    text: ItemText,
    done: bool,
    /// Its position in its checklist.
    position: Position,
    #[schema(required)]
    assigned_to: Option<Username>,
    #[schema(required)]
    due_at: Option<Timestamp>,
    version: Version,
}

/// The checklists of a task, in their order.
#[derive(ToSchema)]
pub(crate) struct Checklists {
    items: Vec<WholeChecklist>,
    /// The board's newest event.
    seq: Seq,
}

/// A new checklist, at the end or next to another one: give `before` or `after`, not both.
#[derive(ToSchema)]
pub(crate) struct NewChecklist {
    title: NewChecklistTitle,
    /// Right before this checklist of the task; null for the end.
    before: Option<ChecklistId>,
    /// Right after this checklist of the task; null for the end.
    after: Option<ChecklistId>,
}

/// A merge patch of a checklist. `before` and `after` move it.
#[derive(ToSchema)]
pub(crate) struct ChecklistPatch {
    #[schema(nullable = false)]
    title: Option<NewChecklistTitle>,
    /// Right before this checklist of the task; null for the end.
    before: Option<ChecklistId>,
    /// Right after this checklist of the task; null for the end.
    after: Option<ChecklistId>,
}

/// A new item, at the end of its checklist or next to another one: give `before` or `after`, not both.
#[derive(ToSchema)]
pub(crate) struct NewChecklistItem {
    text: NewItemText,
    /// No by default.
    done: Option<bool>,
    /// A member of the board.
    assigned_to: Option<Username>,
    due_at: Option<GivenMoment>,
    /// Right before this item of the checklist; null for the end.
    before: Option<ChecklistItemId>,
    /// Right after this item of the checklist; null for the end.
    after: Option<ChecklistItemId>,
}

/// A merge patch of an item. `checklist_id`, `before` and `after` move it.
#[derive(ToSchema)]
pub(crate) struct ChecklistItemPatch {
    #[schema(nullable = false)]
    text: Option<NewItemText>,
    #[schema(nullable = false)]
    done: Option<bool>,
    /// A member of the board; null for nobody.
    assigned_to: Option<Username>,
    due_at: Option<GivenMoment>,
    /// Another checklist of its task.
    #[schema(nullable = false)]
    checklist_id: Option<ChecklistId>,
    /// Right before this item of the checklist; null for the end.
    before: Option<ChecklistItemId>,
    /// Right after this item of the checklist; null for the end.
    after: Option<ChecklistItemId>,
}

/// A line of a task's description, and what its box is to be.
#[derive(ToSchema)]
pub(crate) struct Tick {
    line: DescriptionLine,
    /// Which of the lines that differ in nothing but their box, from 0, which is the default.
    #[schema(maximum = 9999)]
    nth: Option<u64>,
    done: bool,
}

/// A checklist of an exported task.
#[derive(ToSchema)]
pub(crate) struct ExportedChecklist {
    title: ChecklistTitle,
    items: Vec<ExportedItem>,
}

/// An item of it.
#[derive(ToSchema)]
pub(crate) struct ExportedItem {
    text: ItemText,
    done: bool,
    #[schema(required)]
    assigned_to: Option<Username>,
    #[schema(required)]
    due_at: Option<Timestamp>,
}

/// A checklist to be imported.
#[derive(ToSchema)]
pub(crate) struct ChecklistToImport {
    title: ChecklistTitle,
    #[schema(max_items = 200)]
    items: Option<Vec<ItemToImport>>,
    /// Ignored, like everything that only the old board has.
    id: Option<Value>,
    board_id: Option<Value>,
    task_id: Option<Value>,
    position: Option<Value>,
    version: Option<Value>,
}

/// An item to be imported.
#[derive(ToSchema)]
pub(crate) struct ItemToImport {
    text: ItemText,
    /// No by default.
    done: Option<bool>,
    /// Kept if it is you.
    assigned_to: Option<Assignee>,
    due_at: Option<GivenMoment>,
    /// Ignored, like everything that only the old board has.
    id: Option<Value>,
    board_id: Option<Value>,
    task_id: Option<Value>,
    checklist_id: Option<Value>,
    position: Option<Value>,
    version: Option<Value>,
}
