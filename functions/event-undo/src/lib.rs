//! `/api/boards/:board_id/events/:seq/undo`: takes an event back.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, change, postgres, serve,
    token_checker,
};
use shared::auth::Scope;
use shared::data::sql;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::POST], async |call| undo(call).await).await
}

/// 201 with the compensating event, or 204 if everything is as it was before already.
async fn undo(call: &Call) -> Result<Answer, Failure> {
    let (board, seq) = (call.board_id()?, call.seq()?);
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let [key, fingerprint] = change::idempotency(call)?;
    let parameters =
        [postgres::number(board.get())?, postgres::number(seq.get())?, key, fingerprint];
    let changed = change::change(call, &claims, sql::EVENT_UNDO, parameters).await?;
    match &changed.event {
        Some(event) => changed.showing(Answer::json(StatusCode::CREATED, event.clone())),
        None => changed.without_content(),
    }
}
