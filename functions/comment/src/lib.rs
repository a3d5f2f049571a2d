//! `/api/boards/:board_id/tasks/:task_id/comments/:comment_id`: a comment, changed and deleted.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, change, postgres, serve,
    token_checker,
};
use shared::auth::Scope;
use shared::data::sql;
use shared::models::CommentText;
use shared::requests::comment_patch;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::PATCH, Method::DELETE], async |call| match call.method() {
        Method::PATCH => change(call).await,
        _ => delete(call).await,
    })
    .await
}

/// `{body?}` → the comment. Only its author may.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let (board, task, comment) = (call.board_id()?, call.task_id()?, call.comment_id()?);
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let body = comment_patch(call.fields()?)?;
    let mut parameters = postgres::numbers([board.get(), task.get(), comment.get()])?;
    parameters.push(postgres::optional_text(body.as_ref().map(CommentText::as_str)));
    parameters.push(change::expected(call)?);
    change::change(call, &claims, sql::COMMENT_PATCH, parameters).await?.shown(StatusCode::OK)
}

/// 204. Its author may, and the board's owners.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let (board, task, comment) = (call.board_id()?, call.task_id()?, call.comment_id()?);
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let mut parameters = postgres::numbers([board.get(), task.get(), comment.get()])?;
    parameters.push(change::expected(call)?);
    change::change(call, &claims, sql::COMMENT_DELETE, parameters).await?.without_content()
}
