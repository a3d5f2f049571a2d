//! `/api/boards/:board_id/export`: a whole board as a document that can be imported again.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, board_reading, header, postgres,
    serve, token_checker,
};
use shared::data::sql;
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| export(call).await).await
}

/// The document, which browsers save as a file.
async fn export(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let claims = token_checker::check(call).await?;
    let parameters = postgres::numbers([claims.user_id, board.get()])?;
    let row = postgres::query_one(call, sql::EXPORT_BOARD, parameters).await?;
    let row = row.ok_or_else(board_reading::unknown_board)?;
    let disposition = format!("attachment; filename=\"board-{board}.json\"");
    Ok(Answer::json(StatusCode::OK, row.text(0)?.to_owned())
        .with(header::CONTENT_DISPOSITION, &disposition))
}
