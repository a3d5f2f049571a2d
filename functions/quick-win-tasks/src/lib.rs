//! `/api/quick-win/boards/:board_id/tasks`: add a task to a quick-win board.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, header, quick_win, serve,
};
use shared::models::NewTask;
use shared::preconditions::EntityTag;
use shared::quick_win::AddedTask;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::POST], add).await
}

/// `{title, description?, status?, assigned_to?}` → 201 with the task.
async fn add(call: &Call) -> Result<Answer, Failure> {
    let id = call.board_id()?;
    let new = NewTask::parse(call.fields()?)?;
    let (AddedTask { task, seq, replayed }, delivered) =
        quick_win::add_task(call, id, &new).await?;
    Ok(Answer::json(StatusCode::CREATED, platform::to_json(&task)?)
        .tagged(&EntityTag::of_task(&task))
        .after_event(seq, delivered)
        .replayed(replayed)
        .with(header::LOCATION, &format!("/api/quick-win/boards/{id}/tasks/{}", task.id)))
}
