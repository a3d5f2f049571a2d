//! `/api/quick-win/boards/:board_id/tasks`: add a task to a quick-win board.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, header, quick_win, serve,
};
use shared::models::{NewTask, Subject};
use shared::preconditions::EntityTag;
use shared::quick_win::Command;
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::POST], add).await
}

/// `{title, description?, status?, assigned_to?}` → 201 with the task.
async fn add(call: &Call) -> Result<Answer, Failure> {
    let id = call.board_id()?;
    let command = Command::AddTask(NewTask::parse(call.fields()?)?);
    let outcome = quick_win::change(call, id, &command, None).await?;
    let Some(Subject::Task { task }) = outcome.event.map(|event| event.subject) else {
        return Err(Failure::internal("an added task made no event"));
    };
    Ok(Answer::json(StatusCode::CREATED, platform::to_json(&task)?)
        .tagged(&EntityTag::of_task(&task))
        .after_event(outcome.board.state().board().seq, outcome.delivered)
        .with(header::LOCATION, &format!("/api/quick-win/boards/{id}/tasks/{}", task.id)))
}
