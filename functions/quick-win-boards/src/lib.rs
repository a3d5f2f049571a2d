//! `/api/quick-win/boards`: list the quick-win boards, make one.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, header, quick_win,
};
use shared::models::{BoardName, MAX_ID};
use shared::preconditions::EntityTag;
use shared::quick_win::KEPT_EVENTS;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint =
        Endpoint::of(&[Method::GET, Method::POST]).with_query(&["cursor", "events", "limit"]);
    endpoint
        .serve(request, async |call| match call.method() {
            Method::GET => list(call),
            _ => create(call),
        })
        .await
}

/// `{"boards": [board document…], "next_cursor": "…"|null}`, oldest first.
fn list(call: &Call) -> Result<Answer, Failure> {
    let limit = call.query_number("limit", (1, 200), 50)?;
    let after = call.query_number("cursor", (0, MAX_ID), 0)?;
    let events = call.query_number("events", (0, KEPT_EVENTS), KEPT_EVENTS)?;
    let page = quick_win::list(call, after, limit)?;
    let boards: Vec<String> = page.boards.iter().map(|board| board.document(events)).collect();
    let cursor = page.next_after.map_or_else(|| "null".to_owned(), |id| format!("\"{id}\""));
    let json = format!("{{\"boards\":[{}],\"next_cursor\":{cursor}}}", boards.join(","));
    Ok(Answer::json(StatusCode::OK, json).gzipped(call))
}

/// `{name}` → 201 with the board document.
fn create(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let name: Option<BoardName> = fields.required("name");
    fields.finish()?;
    let name = name.ok_or_else(|| Failure::internal("a name that was neither read nor refused"))?;
    let (board, replayed) = quick_win::create(call, &name)?;
    let entity = board.state().board();
    Ok(Answer::json(StatusCode::CREATED, board.document(KEPT_EVENTS))
        .tagged(&EntityTag::of_board(entity))
        .replayed(replayed)
        .with(header::LOCATION, &format!("/api/quick-win/boards/{}", entity.id)))
}
