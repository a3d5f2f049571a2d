//! `/api/boards/:board_id/events`: a board's history, complete and without gaps.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading,
    postgres, to_json, token_checker,
};
use shared::auth::Scope;
use shared::data::publication::PAGE_BYTES;
use shared::data::sql;
use shared::models::MAX_ID;

/// The most events of one answer, as in quick-win mode.
const MAX_LIMIT: u64 = 1_000;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&["after", "limit"]);
    endpoint.serve(request, async |call| list(call).await).await
}

/// The events after `?after=`, oldest first, at most `?limit=`:
/// `{"items", "next_after", "seq", "epoch"}`.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let after = call.query_number("after", (0, MAX_ID), 0)?;
    let limit = call.query_number("limit", (1, MAX_LIMIT), MAX_LIMIT)?;
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), after, limit, PAGE_BYTES])?;
    let row = token_checker::read_for(call, &claims, sql::LIST_EVENTS, rest).await?;
    let items = row.optional_text(0)?.ok_or_else(board_reading::unknown_board)?;
    let (seq, epoch) = (row.number(2)?, row.text(3)?);
    let next = to_json(&row.optional_number(1)?)?;
    let json = format!(
        r#"{{"items":{items},"next_after":{next},"seq":{seq},"epoch":{}}}"#,
        to_json(&epoch)?
    );
    Ok(Answer::json(StatusCode::OK, json).gzipped(call))
}
