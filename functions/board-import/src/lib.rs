//! `/api/boards/import`: a new board, made of a document or of an export of Trello.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, change, header,
    postgres, publishing, to_json, token_checker,
};
use serde_json::{Map, Value};
use shared::auth::Scope;
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::import::{self, Import, Warning};
use shared::models::BoardId;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::POST]).up_to(import::MAX_BYTES);
    endpoint.serve(request, async |call| make(call).await).await
}

/// A board document → 201 with the board and `warnings`, which list what could not be imported.
async fn make(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed_for_all_boards(call, Scope::Admin).await?;
    let claims = token_checker::named(call, claims).await?;
    if import::is_too_heavy(call.body()) {
        let detail = "The body holds too many values to be read at once.";
        return Err(Failure::refused(ProblemKind::PayloadTooLarge, detail));
    }
    let Import { board, warnings } = import::parse(call.json()?, &claims.username)?;
    let [key, fingerprint] = change::idempotency(call)?;
    let parameters = [postgres::json(&board)?, key, fingerprint];
    // Not needed from here on, and it may be large.
    drop(board);
    let mut made = change::unpublished(call, &claims, sql::BOARD_IMPORT, parameters).await?;
    let (id, entity) = with_warnings(&made.entity, &warnings)?;
    made.entity = entity;
    if let Some(event) = &made.event {
        // The event is the newest of many: all of them go to those who follow every board.
        made.delivered = publishing::publish_history(call, event).await;
    }
    let answer = made.shown(StatusCode::CREATED)?;
    Ok(answer.with(header::LOCATION, &format!("/api/boards/{id}")))
}

/// The board with what was noticed while reading before what the database noticed. A replayed answer
/// has the same, because it is to the same body.
fn with_warnings(board: &str, warnings: &[Warning]) -> Result<(BoardId, String), Failure> {
    let mut board: Map<String, Value> = serde_json::from_str(board).map_err(Failure::internal)?;
    let id = board.get("id").and_then(Value::as_u64).and_then(BoardId::new);
    let id = id.ok_or_else(|| Failure::internal("a board without an id"))?;
    if let Some(Value::Array(noticed)) = board.get_mut("warnings") {
        noticed.splice(0..0, warnings.iter().map(Warning::to_json));
    }
    Ok((id, to_json(&board)?))
}
