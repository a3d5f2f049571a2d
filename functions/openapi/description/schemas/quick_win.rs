//! Quick-win boards: public, in memory.

use super::one_of;
use super::scalar::{
    Action, Assignee, BoardId, BoardName, Changes, Cursor, Description, Epoch, NewAssignee,
    NewBoardName, NewTaskTitle, Seq, Status, TaskId, TaskTitle, Timestamp, Version,
};
use utoipa::ToSchema;

/// A task of a quick-win board.
#[derive(ToSchema)]
pub(crate) struct QuickWinTask {
    id: TaskId,
    title: TaskTitle,
    description: Description,
    status: Status,
    #[schema(required)]
    assigned_to: Option<Assignee>,
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A quick-win board, as its events show it.
#[derive(ToSchema)]
pub(crate) struct QuickWinBoardInEvent {
    id: BoardId,
    epoch: Epoch,
    name: BoardName,
    seq: Seq,
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A whole quick-win board.
#[derive(ToSchema)]
pub(crate) struct QuickWinBoard {
    id: BoardId,
    epoch: Epoch,
    name: BoardName,
    seq: Seq,
    version: Version,
    created_at: Timestamp,
    /// When it or anything on it was last changed.
    updated_at: Timestamp,
    /// By id.
    tasks: Vec<QuickWinTask>,
    /// The newest 1,000, or as many as `?events=` asks for, oldest first.
    events: Vec<QuickWinEvent>,
}

/// Quick-win boards, oldest first.
#[derive(ToSchema)]
pub(crate) struct QuickWinBoards {
    boards: Vec<QuickWinBoard>,
    /// Where the next page begins; null on the last one.
    #[schema(required)]
    next_cursor: Option<Cursor>,
}

/// The same for everybody: nobody logs in here.
#[derive(ToSchema)]
pub(crate) struct Guest {
    #[schema(minimum = 0, maximum = 0)]
    id: u64,
    username: String,
}

/// Defines an event about one kind of thing.
macro_rules! event {
    ($(#[doc = $doc:literal])+ $name:ident, $entity:ident, $word:literal, $field:ident: $type:ty) => {
        /// What the event is about.
        #[derive(ToSchema)]
        pub(crate) enum $entity {
            #[schema(rename = $word)]
            Only,
        }

        $(#[doc = $doc])+
        #[derive(ToSchema)]
        pub(crate) struct $name {
            board_id: BoardId,
            seq: Seq,
            action: Action,
            #[schema(inline)]
            entity: $entity,
            /// After the change; for a Delete, before it.
            $field: $type,
            /// For changes of something that was there before and still is.
            #[schema(nullable = false)]
            changes: Option<Changes>,
            actor: Guest,
            timestamp: Timestamp,
        }
    };
}

event! {
    /// Something happened to the board itself.
    QuickWinBoardEvent, QuickWinBoardEntity, "board", board: QuickWinBoardInEvent
}

event! {
    /// Something happened to a task.
    QuickWinTaskEvent, QuickWinTaskEntity, "task", task: QuickWinTask
}

one_of! {
    /// One change of one quick-win board; `entity` says of what.
    QuickWinEvent of QuickWinBoardEvent, QuickWinTaskEvent
}

/// A part of a quick-win board's history, oldest first, without gaps.
#[derive(ToSchema)]
pub(crate) struct QuickWinEventPage {
    items: Vec<QuickWinEvent>,
    /// The `after` of the next part; null if this one reaches the board's newest event.
    #[schema(required)]
    next_after: Option<Seq>,
    /// The board's newest event.
    seq: Seq,
    epoch: Epoch,
}

/// A quick-win board's newest event.
#[derive(ToSchema)]
pub(crate) struct QuickWinHead {
    board: BoardId,
    epoch: Epoch,
    seq: Seq,
}

/// The newest events of quick-win boards, by id.
#[derive(ToSchema)]
pub(crate) struct QuickWinHeads {
    items: Vec<QuickWinHead>,
    /// The last board that was read, if the answer would have become too large: ask again for
    /// those after it. Else null.
    #[schema(required)]
    next_after: Option<BoardId>,
}

/// A new quick-win board.
#[derive(ToSchema)]
pub(crate) struct NewQuickWinBoard {
    name: NewBoardName,
}

/// A merge patch of a quick-win board.
#[derive(ToSchema)]
pub(crate) struct QuickWinBoardPatch {
    #[schema(nullable = false)]
    name: Option<NewBoardName>,
}

/// A new task of a quick-win board.
#[derive(ToSchema)]
pub(crate) struct NewQuickWinTask {
    title: NewTaskTitle,
    description: Option<Description>,
    /// `todo` by default.
    status: Option<Status>,
    assigned_to: Option<NewAssignee>,
}

/// A merge patch of a quick-win task; `status` moves it.
#[derive(ToSchema)]
pub(crate) struct QuickWinTaskPatch {
    #[schema(nullable = false)]
    title: Option<NewTaskTitle>,
    /// Null empties it.
    description: Option<Description>,
    #[schema(nullable = false)]
    status: Option<Status>,
    /// Null for nobody.
    assigned_to: Option<NewAssignee>,
}
