//! `/api/boards/:board_id/tasks/:task_id`: one task, read, changed or moved, deleted.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, board_reading, change, postgres,
    serve, token_checker,
};
use shared::data::sql;
use shared::preconditions::EntityTag;
use shared::requests::task_patch;
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET, Method::PATCH, Method::DELETE], async |call| {
        match call.method() {
            Method::GET => read(call).await,
            Method::PATCH => change(call).await,
            _ => delete(call).await,
        }
    })
    .await
}

/// The task.
async fn read(call: &Call) -> Result<Answer, Failure> {
    let (board, task, condition) = (call.board_id()?, call.task_id()?, call.if_none_match()?);
    let claims = token_checker::check(call).await?;
    let parameters = postgres::numbers([claims.user_id, board.get(), task.get()])?;
    let row = postgres::query_one(call, sql::READ_TASK, parameters).await?;
    let row = row.ok_or_else(board_reading::unknown_task)?;
    let tag = EntityTag::of_version(row.number(1)?);
    Ok(match condition {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, row.text(0)?.to_owned()),
    }
    .tagged(&tag))
}

/// A merge patch of what a task can be added with → the task; `status`, `before` and `after` move it.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let claims = token_checker::signed(call).await?;
    let patch = task_patch(call.fields()?)?;
    let parameters = [
        postgres::number(board.get())?,
        postgres::number(task.get())?,
        postgres::text(&patch),
        change::expected(call)?,
    ];
    change::change(call, &claims, sql::TASK_PATCH, parameters).await?.shown(StatusCode::OK)
}

/// 204.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let claims = token_checker::signed(call).await?;
    let parameters =
        [postgres::number(board.get())?, postgres::number(task.get())?, change::expected(call)?];
    change::change(call, &claims, sql::TASK_DELETE, parameters).await?.without_content()
}
