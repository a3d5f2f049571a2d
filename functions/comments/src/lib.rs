//! `/api/boards/:board_id/tasks/:task_id/comments`: what was said about a task, and a new comment.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading, change,
    header, page, postgres, token_checker,
};
use serde::Deserialize;
use shared::auth::Scope;
use shared::data::sql;
use shared::models::CommentId;
use shared::requests::new_comment;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET, Method::POST]).with_query(&["cursor", "limit"]);
    endpoint
        .serve(request, async |call| match call.method() {
            Method::GET => list(call).await,
            _ => add(call).await,
        })
        .await
}

/// A page of the comments, oldest first.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let [after] = call.cursor()?.unwrap_or_default();
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), task.get(), after, limit])?;
    let row = token_checker::read_for(call, &claims, sql::LIST_COMMENTS, rest).await?;
    Ok(page::of_row(&row, board_reading::unknown_task)?.gzipped(call))
}

/// `{body}` → 201 with the comment.
async fn add(call: &Call) -> Result<Answer, Failure> {
    #[derive(Deserialize)]
    struct Added {
        id: CommentId,
    }
    let (board, task) = (call.board_id()?, call.task_id()?);
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let body = new_comment(call.fields()?)?;
    let [key, fingerprint] = change::idempotency(call)?;
    let parameters = [
        postgres::number(board.get())?,
        postgres::number(task.get())?,
        postgres::text(body.as_str()),
        key,
        fingerprint,
    ];
    let added = change::change(call, &claims, sql::COMMENT_ADD, parameters).await?;
    let Added { id } = serde_json::from_str(&added.entity).map_err(Failure::internal)?;
    let location = format!("/api/boards/{board}/tasks/{task}/comments/{id}");
    Ok(added.shown(StatusCode::CREATED)?.with(header::LOCATION, &location))
}
