//! `/api/boards/:board_id/tasks/:task_id/events`: a task's history.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, board_reading, page, postgres,
    token_checker,
};
use shared::auth::Scope;
use shared::data::publication::PAGE_BYTES;
use shared::data::sql;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&["cursor", "limit"]);
    endpoint.serve(request, async |call| list(call).await).await
}

/// A page of the task's and its comments' events, oldest first; also of a deleted task.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let [after] = call.cursor()?.unwrap_or_default();
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), task.get(), after, limit, PAGE_BYTES])?;
    let row = token_checker::read_for(call, &claims, sql::LIST_TASK_EVENTS, rest).await?;
    Ok(page::of_row(&row, board_reading::unknown_task)?.gzipped(call))
}
