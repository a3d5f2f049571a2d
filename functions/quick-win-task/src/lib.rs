//! `/api/quick-win/boards/:board_id/tasks/:task_id`: one task, read, changed or moved, deleted.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Failure, Method, Request, Response, StatusCode, quick_win, serve};
use shared::models::TaskPatch;
use shared::preconditions::EntityTag;
use shared::quick_win::{Command, Refusal};

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET, Method::PATCH, Method::DELETE], async |call| {
        match call.method() {
            Method::GET => read(call),
            Method::PATCH => change(call).await,
            _ => delete(call).await,
        }
    })
    .await
}

fn read(call: &Call) -> Result<Answer, Failure> {
    let (board_id, id) = (call.board_id()?, call.task_id()?);
    let condition = call.if_none_match()?;
    let board = quick_win::get(call, board_id)?;
    let task = board.state().task(id).ok_or(Refusal::TaskNotFound)?;
    let tag = EntityTag::of_task(task);
    Ok(match condition {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, platform::to_json(task)?),
    }
    .tagged(&tag))
}

/// `{title?, description?, status?, assigned_to?}` → the task.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let (board_id, id) = (call.board_id()?, call.task_id()?);
    let command = Command::UpdateTask(id, TaskPatch::parse(call.fields()?)?);
    let expected = call.if_match()?;
    let outcome = quick_win::change(call, board_id, &command, expected.as_ref()).await?;
    let task = outcome.board.state().task(id).ok_or(Refusal::TaskNotFound)?;
    let answer = Answer::json(StatusCode::OK, platform::to_json(task)?);
    Ok(outcome.mark(answer.tagged(&EntityTag::of_task(task))))
}

/// 204.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let (board_id, id, expected) = (call.board_id()?, call.task_id()?, call.if_match()?);
    let command = Command::DeleteTask(id);
    let outcome = quick_win::change(call, board_id, &command, expected.as_ref()).await?;
    Ok(outcome.mark(Answer::empty(StatusCode::NO_CONTENT)))
}
