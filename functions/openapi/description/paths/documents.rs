//! Whole boards, exported and imported.

use crate::description::headers::{
    CONTENT_DISPOSITION, ETAG, EVENT_DELIVERY, EVENT_SEQ, IDEMPOTENCY_REPLAYED, LOCATION,
};
use crate::description::operation::Operation;
use crate::description::parameters::number;
use crate::description::schemas::document::{BoardImport, ExportedBoard, ImportedBoard};
use serde_json::json;
use shared::quick_win::KEPT_EVENTS;
use utoipa::openapi::HttpMethod::{self, Get, Post};
use utoipa::openapi::path::Parameter;

pub(super) const TAG: &str = "Documents";

pub(super) fn all() -> Vec<Operation> {
    vec![
        operation(
            Get,
            "/api/boards/{board_id}/export",
            "exportBoard",
            "Export a board as a document",
        )
        .about(
            "Its tasks with their comments and checklists. An import does not need the events, so there are none \
             unless `events` asks for some.",
        )
        .query(events())
        .json::<ExportedBoard>(200, "The document.", &[CONTENT_DISPOSITION])
        .protected(),
        operation(Post, "/api/boards/import", "importBoard", "Make a board from a document")
            .about(
                "All or nothing, with up to 8 MiB, 10,000 tasks and 20,000 comments. What could \
                 not be imported is listed in `warnings`.",
            )
            .body::<BoardImport>(&json!({"name": "Launch", "tasks": [{"title": "Invite"}]}))
            .idempotent()
            .json::<ImportedBoard>(
                201,
                "The board.",
                &[ETAG, LOCATION, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
            )
            .protected(),
    ]
}

fn events() -> Parameter {
    let most = KEPT_EVENTS as u64;
    number("events", (0, most), Some(0), "How many of the newest events the document contains.")
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
