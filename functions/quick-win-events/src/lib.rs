//! `/api/quick-win/boards/:board_id/events`: a quick-win board's history, without holes.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Failure, Method, Request, Response, StatusCode, quick_win, serve};
use shared::models::{MAX_ID, Seq};
use shared::problem::{Problem, ProblemKind};
use shared::quick_win::KEPT_EVENTS;
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| read(call)).await
}

/// `{"items": [event…], "next_after": SEQ|null, "seq": HEAD, "epoch": "…"}`. The end of a deleted
/// board stays readable, so that nobody who follows it misses the deletion.
fn read(call: &Call) -> Result<Answer, Failure> {
    let after = call.query_number("after", (0, MAX_ID), 0)?;
    let limit = call.query_number("limit", (1, KEPT_EVENTS), KEPT_EVENTS)?;
    let board = quick_win::find(call, call.board_id()?)?;
    let entity = board.state().board();
    let after = Seq::new(after).unwrap_or(Seq::ZERO);
    let Some(page) = board.events_after(after, limit) else {
        let detail = format!("The events right after {after} are no longer kept.");
        return Err(Problem::new(ProblemKind::EventsGone, detail)
            .with("seq", entity.seq.get())
            .with("epoch", entity.epoch.as_str())
            .into());
    };
    let next_after = page.next_after.map_or_else(|| "null".to_owned(), |seq| seq.to_string());
    let json = format!(
        "{{\"items\":[{}],\"next_after\":{next_after},\"seq\":{},\"epoch\":{}}}",
        page.items.join(","),
        entity.seq,
        platform::to_json(&entity.epoch)?
    );
    Ok(Answer::json(StatusCode::OK, json))
}
