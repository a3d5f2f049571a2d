//! What happened to team boards.

use super::board::{Columns, board};
use super::checklist::{ChecklistInEvent, ChecklistItem};
use super::comment::Comment;
use super::list::page;
use super::member::Member;
use super::one_of;
use super::scalar::{
    Action, BoardId, BoardName, Changes, Description, Epoch, Seq, TaskId, Timestamp, UserId,
    Username, Version,
};
use super::task::Task;
use utoipa::ToSchema;

board! {
    /// A board as its events show it: the same for all of its readers.
    BoardInEvent {}
}

/// Who did it.
#[derive(ToSchema)]
pub(crate) struct Actor {
    id: UserId,
    username: Username,
}

/// Defines an event about one kind of thing.
macro_rules! event {
    ($(#[doc = $doc:literal])+ $name:ident, $entity:ident, $word:literal { $($(#[$about:meta])+ $field:ident: $type:ty,)+ }) => {
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
            $($(#[$about])+ $field: $type,)+
            /// For changes of something that was there before and still is.
            #[schema(nullable = false)]
            changes: Option<Changes>,
            actor: Actor,
            timestamp: Timestamp,
            /// The event that this one undid.
            #[schema(nullable = false)]
            undoes: Option<Seq>,
            /// The trace of the change (W3C Trace Context), if it is traced.
            #[schema(nullable = false, pattern = "^00-[0-9a-f]{32}-[0-9a-f]{16}-01$")]
            traceparent: Option<String>,
        }
    };
}

event! {
    /// Something happened to the board itself.
    BoardEvent, BoardEntity, "board" {
        /// After the change; for a Delete, before it.
        board: BoardInEvent,
    }
}

event! {
    /// Something happened to a task.
    TaskEvent, TaskEntity, "task" {
        /// After the change; for a Delete, before it.
        task: Task,
    }
}

/// What a comment, a checklist or an item changes in its task: these members replace the task's.
#[derive(ToSchema)]
pub(crate) struct CountedTask {
    id: TaskId,
    /// How many comments it has.
    #[schema(minimum = 0)]
    comment_count: u64,
    /// How many items its checklists have. (Events of earlier versions do not say.)
    #[schema(minimum = 0, required = false)]
    item_count: u64,
    /// How many of them are done.
    #[schema(minimum = 0, required = false)]
    done_count: u64,
    version: Version,
    updated_at: Timestamp,
}

event! {
    /// Something happened to a comment.
    CommentEvent, CommentEntity, "comment" {
        /// After the change; for a Delete, before it.
        comment: Comment,
        /// What changed in its task.
        #[schema(nullable = false)]
        task_patch: Option<CountedTask>,
        /// The whole task, in events of earlier versions, which have no `task_patch`.
        #[schema(nullable = false, deprecated)]
        task: Option<Task>,
    }
}

event! {
    /// Something happened to a checklist.
    ChecklistEvent, ChecklistEntity, "checklist" {
        /// After the change; for a Delete, before it.
        checklist: ChecklistInEvent,
        /// What changed in its task.
        task_patch: CountedTask,
    }
}

event! {
    /// Something happened to an item of a checklist.
    ChecklistItemEvent, ChecklistItemEntity, "checklist_item" {
        /// After the change; for a Delete, before it.
        checklist_item: ChecklistItem,
        /// What changed in its task.
        task_patch: CountedTask,
    }
}

event! {
    /// Somebody joined, left, or got another role.
    MemberEvent, MemberEntity, "member" {
        /// After the change; for a Delete, before it.
        member: Member,
    }
}

one_of! {
    /// One change of one board; `entity` says of what.
    Event of BoardEvent, TaskEvent, CommentEvent, ChecklistEvent, ChecklistItemEvent, MemberEvent
}

/// A part of a board's history, oldest first, without gaps.
#[derive(ToSchema)]
pub(crate) struct EventPage {
    items: Vec<Event>,
    /// The `after` of the next part, if `limit` or 1 MiB ended this one; null if it reaches the board's newest event.
    #[schema(required)]
    next_after: Option<Seq>,
    /// The board's newest event.
    seq: Seq,
    epoch: Epoch,
}

page! {
    /// A task's events and those of its comments, checklists and items, oldest first.
    TaskHistory of Event
}
