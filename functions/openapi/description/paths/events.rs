//! What happened to teams' boards, and taking it back.

use crate::description::headers::{EVENT_DELIVERY, EVENT_SEQ, IDEMPOTENCY_REPLAYED};
use crate::description::operation::Operation;
use crate::description::parameters::{after, events_limit};
use crate::description::schemas::event::{Event, EventPage};
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Get, Post};

pub(super) const TAG: &str = "Events";

pub(super) fn all() -> Vec<Operation> {
    vec![
        operation(Get, "/api/boards/{board_id}/events", "listEvents", "A board's history")
            .about("Oldest first, complete and without gaps from `after` + 1 on.")
            .query(after())
            .query(events_limit())
            .json::<EventPage>(200, "A part of it.", &[])
            .protected(),
        operation(
            Post,
            "/api/boards/{board_id}/events/{seq}/undo",
            "undoEvent",
            "Undo an event",
        )
        .about(
            "Makes an event that compensates it, unless a later event that is not undone itself \
             touched the same fields. Undo needs the same role as the change itself.",
        )
        .idempotent()
        .json::<Event>(
            201,
            "The event that undid it.",
            &[EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
        )
        .answer(204, "There is nothing to change: everything is already as it was before.", &[IDEMPOTENCY_REPLAYED])
        .problem(ProblemKind::Forbidden)
        .problem(ProblemKind::UndoConflict)
        .problem(ProblemKind::LimitReached)
        .problem(ProblemKind::WipLimit)
        .problem(ProblemKind::ColumnInUse)
        .problem(ProblemKind::LastOwner)
        .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
