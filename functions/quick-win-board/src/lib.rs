//! `/api/quick-win/boards/:board_id`: one quick-win board, read, renamed, deleted.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, quick_win};
use shared::models::BoardName;
use shared::preconditions::EntityTag;
use shared::quick_win::{Command, KEPT_EVENTS};

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint =
        Endpoint::of(&[Method::GET, Method::PATCH, Method::DELETE]).with_query(&["events"]);
    endpoint
        .serve(request, async |call| match call.method() {
            Method::GET => read(call),
            Method::PATCH => rename(call).await,
            _ => delete(call).await,
        })
        .await
}

fn read(call: &Call) -> Result<Answer, Failure> {
    let events = call.query_number("events", (0, KEPT_EVENTS), KEPT_EVENTS)?;
    let condition = call.if_none_match()?;
    let board = quick_win::get(call, call.board_id()?)?;
    let tag = EntityTag::of_board(board.state().board());
    Ok(match condition {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, board.document(events)),
    }
    .tagged(&tag)
    .gzipped(call))
}

/// `{name?}` → the board document.
async fn rename(call: &Call) -> Result<Answer, Failure> {
    let id = call.board_id()?;
    let mut fields = call.fields()?;
    let name: Option<BoardName> = fields.replacement("name");
    fields.finish()?;
    let expected = call.if_match()?;
    let command = Command::RenameBoard(match name {
        Some(name) => name,
        None => quick_win::get(call, id)?.state().board().name.clone(),
    });
    let outcome = quick_win::change(call, id, &command, expected.as_ref()).await?;
    let board = outcome.board.state().board();
    let answer = Answer::json(StatusCode::OK, outcome.board.document(KEPT_EVENTS));
    Ok(outcome.mark(answer.tagged(&EntityTag::of_board(board))))
}

/// 204; those who follow the board are notified.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let (id, expected) = (call.board_id()?, call.if_match()?);
    let outcome = quick_win::change(call, id, &Command::DeleteBoard, expected.as_ref()).await?;
    Ok(outcome.mark(Answer::empty(StatusCode::NO_CONTENT)))
}
