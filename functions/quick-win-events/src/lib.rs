//! `/api/quick-win/boards/:board_id/events`: a quick-win board's history, without gaps; and
//! `/api/quick-win/heads`: the newest event of many.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, quick_win};
use shared::http::problem::{Problem, ProblemKind};
use shared::models::{BoardId, MAX_ID, Seq};
use shared::quick_win::{KEPT_EVENTS, MAX_HEADS};
use shared::validation::Invalid;
use std::collections::BTreeSet;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&["after", "boards", "limit"]);
    endpoint
        .serve(request, async |call| match call.path() {
            "/api/quick-win/heads" => heads(call),
            _ => read(call),
        })
        .await
}

/// `{"items": [{"board": 7, "epoch": "…", "seq": HEAD}…], "next_after": ID|null}`: of those among
/// `?boards=ID,ID,…` that are there, by id. The relay asks it once a second for all that it watches.
fn heads(call: &Call) -> Result<Answer, Failure> {
    /// Of a list with as many ids as may be.
    const LONGEST: usize = MAX_HEADS * 17;
    let list = call.query_text("boards", LONGEST)?;
    let ids: Option<BTreeSet<BoardId>> =
        list.and_then(|list| list.split(',').map(BoardId::parse).collect());
    let Some(ids) = ids.filter(|ids| ids.len() <= MAX_HEADS) else {
        let detail = format!("must be 1 to {MAX_HEADS} ids of boards, separated by commas");
        return Err(Invalid::query("boards", detail).into());
    };
    let ids: Vec<BoardId> = ids.into_iter().collect();
    let (heads, next_after) = quick_win::heads(call, &ids)?;
    let next_after = next_after.map_or_else(|| "null".to_owned(), |id| id.to_string());
    let items = platform::to_json(&heads)?;
    let json = format!("{{\"items\":{items},\"next_after\":{next_after}}}");
    Ok(Answer::json(StatusCode::OK, json).gzipped(call))
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
        let detail = format!("The events right after {after} are no longer available.");
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
    Ok(Answer::json(StatusCode::OK, json).gzipped(call))
}
