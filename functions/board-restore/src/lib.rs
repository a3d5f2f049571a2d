//! `/api/boards/:board_id/restore`: takes a board out of the trash.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, change, postgres, serve,
    token_checker,
};
use shared::auth::Scope;
use shared::data::sql;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::POST], async |call| restore(call).await).await
}

/// The board, without what is on it; one that is not in the trash is left as it is.
async fn restore(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let claims = token_checker::signed_for(call, Scope::Admin).await?;
    let [key, fingerprint] = change::idempotency(call)?;
    let parameters = [postgres::number(board.get())?, key, fingerprint];
    change::change(call, &claims, sql::BOARD_RESTORE, parameters).await?.shown(StatusCode::OK)
}
