//! `/api/boards/:board_id/export`: a whole board as a document that can be imported again.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading, header,
    postgres, token_checker,
};
use shared::auth::Scope;
use shared::data::publication::PAGE_BYTES;
use shared::data::sql;
use shared::quick_win::KEPT_EVENTS;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&["events"]);
    endpoint.serve(request, async |call| export(call).await).await
}

/// How many events a document shows at most: as many as one of quick-win mode.
const MOST_EVENTS: u64 = KEPT_EVENTS as u64;

/// The document, which browsers save as a file: without events, which an import leaves out, or with as many
/// of the newest as `?events=` asks for.
async fn export(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let events = call.query_number("events", (0, MOST_EVENTS), 0)?;
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), events, PAGE_BYTES])?;
    let row = token_checker::read_for(call, &claims, sql::EXPORT_BOARD, rest).await?;
    let document = row.optional_text(0)?.ok_or_else(board_reading::unknown_board)?;
    let disposition = format!("attachment; filename=\"board-{board}.json\"");
    Ok(Answer::json(StatusCode::OK, document.to_owned())
        .with(header::CONTENT_DISPOSITION, &disposition)
        .gzipped(call))
}
