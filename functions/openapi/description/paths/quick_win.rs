//! Quick-win boards: public, in memory.

use crate::description::headers::{
    ETAG, EVENT_DELIVERY, EVENT_SEQ, IDEMPOTENCY_REPLAYED, LOCATION,
};
use crate::description::operation::Operation;
use crate::description::parameters::{after, events_limit, limit, number, query};
use crate::description::schemas::quick_win::{
    NewQuickWinBoard, NewQuickWinTask, QuickWinBoard, QuickWinBoardPatch, QuickWinBoards,
    QuickWinEventPage, QuickWinHeads, QuickWinTask, QuickWinTaskPatch,
};
use serde_json::json;
use shared::http::problem::ProblemKind;
use shared::models::MAX_ID;
use shared::quick_win::{KEPT_EVENTS, MAX_HEADS};
use utoipa::openapi::HttpMethod::{self, Delete, Get, Patch, Post};
use utoipa::openapi::Required;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::{ObjectBuilder, Type};

pub(super) const TAG: &str = "Quick win";

const ALL: &str = "/api/quick-win/boards";
const ONE: &str = "/api/quick-win/boards/{board_id}";
const TASKS: &str = "/api/quick-win/boards/{board_id}/tasks";
const TASK: &str = "/api/quick-win/boards/{board_id}/tasks/{task_id}";
const EVENTS: &str = "/api/quick-win/boards/{board_id}/events";
const HEADS: &str = "/api/quick-win/heads";

pub(super) fn all() -> Vec<Operation> {
    let mut all = boards();
    all.extend(tasks());
    all
}

fn boards() -> Vec<Operation> {
    vec![
        operation(Get, ALL, "listQuickWinBoards", "All quick-win boards")
            .about("Oldest first.")
            .query(limit())
            .query(board_cursor())
            .query(events())
            .json::<QuickWinBoards>(200, "A page of them.", &[]),
        operation(Post, ALL, "createQuickWinBoard", "Make a quick-win board")
            .body::<NewQuickWinBoard>(&json!({"name": "Launch"}))
            .idempotent()
            .json::<QuickWinBoard>(201, "The board.", &[ETAG, LOCATION, IDEMPOTENCY_REPLAYED])
            .problem(ProblemKind::LimitReached),
        operation(Get, ONE, "readQuickWinBoard", "A quick-win board with all that is on it")
            .query(events())
            .cached(&[])
            .json::<QuickWinBoard>(200, "The board.", &[ETAG]),
        operation(Patch, ONE, "changeQuickWinBoard", "Rename a quick-win board")
            .body::<QuickWinBoardPatch>(&json!({"name": "Launch party"}))
            .conditional()
            .json::<QuickWinBoard>(
                200,
                "The board, as it is now.",
                &[ETAG, EVENT_SEQ, EVENT_DELIVERY],
            ),
        operation(Delete, ONE, "deleteQuickWinBoard", "Delete a quick-win board")
            .about("Everybody who follows it is notified.")
            .conditional()
            .answer(204, "It is gone.", &[EVENT_SEQ, EVENT_DELIVERY]),
    ]
}

fn tasks() -> Vec<Operation> {
    vec![
        operation(Post, TASKS, "addQuickWinTask", "Add a task")
            .body::<NewQuickWinTask>(&json!({"title": "Write the invitation"}))
            .idempotent()
            .json::<QuickWinTask>(
                201,
                "The task.",
                &[ETAG, LOCATION, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
            )
            .problem(ProblemKind::LimitReached),
        operation(Get, TASK, "readQuickWinTask", "A task").cached(&[]).json::<QuickWinTask>(
            200,
            "The task.",
            &[ETAG],
        ),
        operation(Patch, TASK, "changeQuickWinTask", "Change or move a task")
            .body::<QuickWinTaskPatch>(&json!({"status": "finished"}))
            .conditional()
            .json::<QuickWinTask>(
                200,
                "The task, as it is now.",
                &[ETAG, EVENT_SEQ, EVENT_DELIVERY],
            )
            .problem(ProblemKind::LimitReached),
        operation(Delete, TASK, "deleteQuickWinTask", "Delete a task").conditional().answer(
            204,
            "It is gone.",
            &[EVENT_SEQ, EVENT_DELIVERY],
        ),
        operation(Get, EVENTS, "listQuickWinEvents", "A quick-win board's history")
            .about(
                "Oldest first, without gaps from `after` + 1 on. The newest 1,000 are kept, and \
                 the deletion events of the 100 boards that were deleted last.",
            )
            .query(after())
            .query(events_limit())
            .json::<QuickWinEventPage>(200, "A part of it.", &[])
            .problem(ProblemKind::EventsGone),
        operation(Get, HEADS, "listQuickWinHeads", "The newest event of many quick-win boards")
            .about("By id. Boards that do not exist are left out.")
            .query(boards_of_heads())
            .json::<QuickWinHeads>(200, "Those that exist.", &[]),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary).problem(ProblemKind::Unavailable)
}

fn events() -> Parameter {
    let kept = KEPT_EVENTS as u64;
    number("events", (0, kept), Some(kept), "How many of the newest events the board contains.")
}

/// The boards whose newest event is asked for.
fn boards_of_heads() -> Parameter {
    // The first digit apart, and one less than the largest id has: all of these are ids.
    let digits = MAX_ID.to_string().len() - 2;
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^[1-9][0-9]{{0,{digits}}}(,[1-9][0-9]{{0,{digits}}})*$")));
    let about = format!("1 to {MAX_HEADS} ids, separated by commas.");
    let mut boards = query("boards", &about, schema.into());
    boards.required = Required::True;
    boards
}

/// The last board's id, as digits.
fn board_cursor() -> Parameter {
    let digits = MAX_ID.to_string().len();
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^[0-9]{{1,{}}}$", digits - 1)));
    query("cursor", "The `next_cursor` of the previous page.", schema.into())
}
