//! `/api/boards/:board_id/members`: who has a board.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, board_reading, page, postgres,
    token_checker,
};
use shared::auth::Scope;
use shared::data::sql;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&["cursor", "limit"]);
    endpoint.serve(request, async |call| list(call).await).await
}

/// A page of the members, in the order of their ids.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let [after] = call.cursor()?.unwrap_or_default();
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), after, limit])?;
    let row = token_checker::read_for(call, &claims, sql::LIST_MEMBERS, rest).await?;
    page::of_row(&row, board_reading::unknown_board)
}
