//! The nouns of the product, each parsed once at the edge and valid from then on.

mod activity_cursor;
mod board;
mod calendar;
mod column;
mod details;
mod document;
mod email;
mod event;
mod id;
mod member;
mod task;
mod text;
mod timestamp;
mod user;
mod visible;

pub use activity_cursor::ActivityCursor;
pub use board::Board;
pub use calendar::{Day, TimeZone};
pub use column::{Column, ColumnKey, ColumnName, Columns, MAX_COLUMNS, MAX_WIP_LIMIT, WipLimit};
pub use details::{DueAt, FreeFields, Labels, MAX_FIELDS_BYTES, MAX_LABELS};
pub use document::BoardDocument;
pub use email::{AccountGuess, EmailAddress, Language};
pub use event::{Action, Actor, Changes, Event, Subject};
pub use id::{
    ApiTokenId, BoardId, ChecklistId, ChecklistItemId, CommentId, IdentityId, InvitationId, MAX_ID,
    PasskeyId, Seq, SessionId, TaskId,
};
pub use member::BoardRole;
pub use task::{NewTask, Status, Task, TaskPatch};
pub(crate) use text::trim_lines;
pub use text::{
    ApiTokenName, Assignee, BoardName, ChecklistTitle, CommentText, Description, DescriptionLine,
    ItemText, TaskTitle,
};
pub use timestamp::Timestamp;
pub use user::{
    DisplayName, MAX_GUESS, Password, PasswordGuess, Role, User, UserId, Username, UsernameGuess,
};
pub(crate) use visible::{can_be_seen, without_hidden};
