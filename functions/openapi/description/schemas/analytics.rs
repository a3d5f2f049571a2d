//! How work flowed over a team's board.

use super::scalar::{
    ColumnKey, ColumnName, Count, Day, Duration, Seq, TaskId, TaskTitle, TimeZone, Timestamp,
};
use utoipa::ToSchema;

/// How work flowed over a board in a range of days.
#[derive(ToSchema)]
pub(crate) struct Analytics {
    /// The first day.
    from: Day,
    /// The last one.
    to: Day,
    /// Where the days begin and end at midnight.
    time_zone: TimeZone,
    /// The time of these figures: the ages of open tasks are as of then.
    as_of: Timestamp,
    /// The board's newest event at that time.
    seq: Seq,
    /// Those of the board, left to right; then, by key and without a name, those that it has no
    /// longer and that had a task in the range.
    columns: Vec<FlowColumn>,
    /// Up to today.
    days: Vec<FlowDay>,
    weeks: Vec<FlowWeek>,
    /// From the creation of a task to its finish.
    lead_time: Percentiles,
    /// From its start, for the tasks that have one.
    cycle_time: Percentiles,
    /// Newest first: all of up to 900, else the newest 900 to 1,000.
    #[schema(max_items = 1000)]
    finished: Vec<FinishedTask>,
    /// What is in each column except the last; the only one, if there is just one.
    open: Vec<OpenColumn>,
}

/// A column, and how long tasks stayed in it.
#[derive(ToSchema)]
pub(crate) struct FlowColumn {
    key: ColumnKey,
    /// Null for one that the board no longer has.
    #[schema(required)]
    name: Option<ColumnName>,
    /// How many times in the range a task left it, or was deleted from it.
    stays: Count,
    /// How long those had been there on average; null if there are none.
    #[schema(required)]
    mean_stay_ms: Option<Duration>,
}

/// A day.
#[derive(ToSchema)]
pub(crate) struct FlowDay {
    date: Day,
    added: Count,
    /// How many times a task moved from column to column.
    moved: Count,
    finished: Count,
    /// How many each of `columns` had at the day's end or, today, has.
    tasks: Vec<Count>,
}

/// A week, or the part of it that is in the range.
#[derive(ToSchema)]
pub(crate) struct FlowWeek {
    /// The day on which it begins.
    monday: Day,
    /// How many of its days are in the range.
    #[schema(minimum = 1, maximum = 7)]
    days: u64,
    finished: Count,
}

/// The times within which 50, 85 and 95 % were done; null if there are none.
#[derive(ToSchema)]
pub(crate) struct Percentiles {
    count: Count,
    #[schema(required)]
    p50_ms: Option<Duration>,
    #[schema(required)]
    p85_ms: Option<Duration>,
    #[schema(required)]
    p95_ms: Option<Duration>,
}

/// A task that was finished in the range.
#[derive(ToSchema)]
pub(crate) struct FinishedTask {
    task_id: TaskId,
    finished_at: Timestamp,
    lead_ms: Duration,
    /// Null for one that never started.
    #[schema(required)]
    cycle_ms: Option<Duration>,
}

/// What is in a column now.
#[derive(ToSchema)]
pub(crate) struct OpenColumn {
    key: ColumnKey,
    count: Count,
    /// The 100 that are oldest by `started_at`, else `created_at`; oldest first.
    #[schema(max_items = 100)]
    tasks: Vec<OpenTask>,
}

/// A task that is not finished.
#[derive(ToSchema)]
pub(crate) struct OpenTask {
    id: TaskId,
    title: TaskTitle,
    created_at: Timestamp,
    /// Null if it has not started.
    #[schema(required)]
    started_at: Option<Timestamp>,
    /// When it came into its column.
    entered_at: Timestamp,
}
