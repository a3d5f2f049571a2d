//! `/api/boards/:board_id/tasks/:task_id`: one task, read, changed or moved, deleted.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, board_reading, change, postgres,
    serve, token_checker,
};
use shared::auth::Scope;
use shared::data::sql;
use shared::preconditions::EntityTag;
use shared::requests::task_patch;

platform::http_service!(handle);

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

async fn read(call: &Call) -> Result<Answer, Failure> {
    let (board, task, condition) = (call.board_id()?, call.task_id()?, call.if_none_match()?);
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), task.get()])?;
    let row = token_checker::read_for(call, &claims, sql::READ_TASK, rest).await?;
    let text = row.optional_text(0)?.ok_or_else(board_reading::unknown_task)?;
    let tag = EntityTag::of_version(row.number(1)?);
    Ok(match condition {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, text.to_owned()),
    }
    .tagged(&tag))
}

/// A merge patch of what a task can be added with → the task; `status`, `before` and `after` move it.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let patch = task_patch(call.fields()?)?;
    let parameters = [
        postgres::number(board.get())?,
        postgres::number(task.get())?,
        postgres::json(&patch)?,
        change::expected(call)?,
    ];
    change::change(call, &claims, sql::TASK_PATCH, parameters).await?.shown(StatusCode::OK)
}

/// 204.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let parameters =
        [postgres::number(board.get())?, postgres::number(task.get())?, change::expected(call)?];
    change::change(call, &claims, sql::TASK_DELETE, parameters).await?.without_content()
}
