//! A history: people's requests for a board and the faults of the clients that follow it, in
//! small abstract numbers, so that it can be generated, shrunk and written down.

use std::fmt::{Debug, Formatter, Result};

/// One step of a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// Somebody (0 to 3; 3 is not a member at first) sends a request.
    Do(u8, What),
    /// A client (0 to 2) reads or suffers a fault.
    Client(u8, Fate),
}

/// A request. Tasks and comments are named by their ids, which count from 1 on each board.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    Add(Fields, Key),
    /// Changes or moves a task.
    Patch(u8, Fields, If),
    Delete(u8, If),
    /// Changes the board itself.
    Board(BoardFields, If),
    /// Adds a comment to a task.
    Comment(u8, Text, Key),
    /// Changes a comment: of a task, the comment.
    EditComment(u8, u8, Text, If),
    /// Deletes a comment: of a task, the comment.
    DeleteComment(u8, u8, If),
    /// Adds a checklist to a task.
    Checklist(u8, Text, Key),
    /// Changes a checklist's title: of a task, the checklist.
    EditChecklist(u8, u8, Text, If),
    /// Deletes a checklist: of a task, the checklist.
    DeleteChecklist(u8, u8, If),
    /// Adds an item: of a task, to the checklist.
    Item(u8, u8, Text, Key),
    /// Ticks an item, or unticks it: of a task, the item.
    Tick(u8, u8, bool, If),
    /// Moves an item to the end of a checklist: of a task, the item, and where to.
    MoveItem(u8, u8, u8),
    /// Deletes an item: of a task, the item.
    DeleteItem(u8, u8, If),
    /// Gives a person a role, or takes them off the board.
    Member(u8, Option<Role>),
    /// Undoes an event: 0 is the newest, 1 the one before.
    Undo(u8, Key),
}

/// The number of an `Idempotency-Key`, where the request has one.
pub(crate) type Key = Option<u8>;

/// `If-Match`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum If {
    /// No header.
    Free,
    /// The current version.
    Fresh,
    /// A wrong version.
    Stale,
    /// `*`.
    Star,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Role {
    /// May read.
    Viewer,
    /// May write.
    Editor,
    /// May do everything.
    Owner,
}

/// A text to send; some are refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Text {
    /// A valid one.
    Word(u8),
    /// The same with white space around it, of which only the indent of a multi-line text is kept.
    Padded(u8),
    /// `null`.
    Nothing,
    Empty,
    /// One that is longer than any text's limit.
    Long,
    /// A number.
    Wrong,
}

/// A column's key to send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Column {
    Todo,
    InProgress,
    Finished,
    /// `later`, which boards do not have at first.
    Later,
    /// An invalid key.
    Nonsense,
}

/// A task's assignee.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Assignee {
    Person(u8),
    /// The same, in capitals.
    Shouted(u8),
    Nobody,
}

/// A task's place in its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// Before this task.
    Before(u8),
    /// After this task.
    After(u8),
    /// `before: null`, the end.
    BeforeNull,
    /// `after: null`, the end.
    AfterNull,
    /// Both at once, which is refused.
    Both(u8),
}

/// The fields of a task's request; `None` leaves a field out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Fields {
    pub(crate) title: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) status: Option<Column>,
    pub(crate) assigned_to: Option<Assignee>,
    /// The number of `labels`.
    pub(crate) labels: Option<u8>,
    /// `fields`: the member `a` of this value, or (0) without it.
    pub(crate) free: Option<u8>,
    /// `before` or `after`.
    pub(crate) place: Option<Place>,
    /// An unknown field.
    pub(crate) typo: bool,
}

/// The fields of a board's request.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct BoardFields {
    pub(crate) name: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) columns: Option<Columns>,
    pub(crate) archived: Option<bool>,
}

/// Columns to send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Columns {
    /// The three that boards begin with.
    Three,
    /// The same with a limit for `in_progress`.
    Limited(u8),
    /// The same and `later`, which takes one task.
    Four,
    /// `finished`, then `todo`.
    Two,
    /// One key twice, which is refused.
    Doubled,
}

/// What a client does or suffers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It reads everything available.
    Read,
    /// Its connection breaks.
    Drop,
    /// It connects with its cursor.
    Resume,
    /// It connects with a cursor this many events older.
    Rewind(u8),
    /// Its next event reaches it twice.
    Twice,
    /// Its next event reaches it after the following one.
    Late,
    /// It fetches the board while it keeps listening.
    Snapshot,
}

impl Fields {
    /// No field.
    pub(crate) const NONE: Self = Self {
        title: None,
        description: None,
        status: None,
        assigned_to: None,
        labels: None,
        free: None,
        place: None,
        typo: false,
    };

    /// Only a title.
    #[must_use]
    pub(crate) const fn titled(number: u8) -> Self {
        Self { title: Some(Text::Word(number)), ..Self::NONE }
    }

    /// Only a column.
    #[must_use]
    pub(crate) const fn to(column: Column) -> Self {
        Self { status: Some(column), ..Self::NONE }
    }

    /// Only a place.
    #[must_use]
    pub(crate) const fn at(place: Place) -> Self {
        Self { place: Some(place), ..Self::NONE }
    }
}

impl BoardFields {
    /// No field.
    pub(crate) const NONE: Self =
        Self { name: None, description: None, columns: None, archived: None };

    /// Only columns.
    #[must_use]
    pub(crate) const fn with(columns: Columns) -> Self {
        Self { columns: Some(columns), ..Self::NONE }
    }
}

impl What {
    /// Whether quick-win mode has this as well, with the same outcome.
    #[must_use]
    pub(crate) fn in_both_modes(&self) -> bool {
        match self {
            Self::Add(fields, key) => key.is_none() && fields.in_both_modes(),
            Self::Patch(_, fields, _) => fields.in_both_modes(),
            Self::Delete(..) => true,
            Self::Board(fields, _) => {
                BoardFields { name: fields.name, ..BoardFields::NONE } == *fields
            }
            _ => false,
        }
    }
}

impl Fields {
    fn in_both_modes(&self) -> bool {
        let common = Self { labels: None, free: None, place: None, ..*self };
        // Only teams' boards have custom columns and members.
        *self == common
            && self.status != Some(Column::Later)
            && !matches!(self.assigned_to, Some(Assignee::Shouted(_) | Assignee::Person(3..)))
    }
}

/// Formatted for pasting into a test.
impl Debug for Fields {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        to.write_str("Fields { ")?;
        say(to, "title", self.title.as_ref())?;
        say(to, "description", self.description.as_ref())?;
        say(to, "status", self.status.as_ref())?;
        say(to, "assigned_to", self.assigned_to.as_ref())?;
        say(to, "labels", self.labels.as_ref())?;
        say(to, "free", self.free.as_ref())?;
        say(to, "place", self.place.as_ref())?;
        if self.typo {
            to.write_str("typo: true, ")?;
        }
        to.write_str("..Fields::NONE }")
    }
}

impl Debug for BoardFields {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        to.write_str("BoardFields { ")?;
        say(to, "name", self.name.as_ref())?;
        say(to, "description", self.description.as_ref())?;
        say(to, "columns", self.columns.as_ref())?;
        say(to, "archived", self.archived.as_ref())?;
        to.write_str("..BoardFields::NONE }")
    }
}

fn say<T: Debug>(to: &mut Formatter<'_>, name: &str, value: Option<&T>) -> Result {
    if value.is_some() { write!(to, "{name}: {value:?}, ") } else { Ok(()) }
}
