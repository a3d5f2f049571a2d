//! `/api/boards/:board_id`: a board with all that is on it, changed, or put into the trash.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading, change,
    postgres, token_checker,
};
use shared::data::document::Document;
use shared::data::sql;
use shared::models::{MAX_ID, Seq};
use shared::problem::ProblemKind;
use shared::requests::board_patch;
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    let endpoint =
        Endpoint::of(&[Method::GET, Method::PATCH, Method::DELETE]).with_query(&["at", "min_seq"]);
    endpoint
        .serve(request, async |call| match call.method() {
            Method::GET => read(call).await,
            Method::PATCH => change(call).await,
            _ => delete(call).await,
        })
        .await
}

/// The board with `tasks` and `members`: as it is (`?min_seq=`: not older than that), or as it
/// stood right after event `?at=`.
async fn read(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let at = call.query_number("at", (0, MAX_ID), MAX_ID)?;
    let least = call.query_number("min_seq", (0, MAX_ID), 0)?;
    call.if_none_match()?;
    let claims = token_checker::signed(call).await?;
    let at = Seq::new(at).filter(|_| at != MAX_ID);
    let Some(at) = at else {
        let least = Seq::new(least).unwrap_or(Seq::ZERO);
        let answer = board_reading::read(call, &claims, board, least).await?;
        return Ok(answer.gzipped(call));
    };
    let rest = postgres::numbers([board.get(), at.get()])?;
    let row = token_checker::read_for(call, &claims, sql::READ_BOARD_AT, rest).await?;
    let head = row.optional_number(1)?.ok_or_else(board_reading::unknown_board)?;
    let Some(text) = row.optional_text(0)? else {
        let detail = format!("There is no event {at} yet: the newest is {head}.");
        return Err(Failure::refused(ProblemKind::NotFound, detail));
    };
    let tag = Document::from_database(text)?.tag()?;
    Ok(match call.if_none_match()? {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, text.to_owned()),
    }
    .tagged(&tag)
    .gzipped(call))
}

/// `{name?, description?, columns?, archived?}` → the board, without what is on it.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let claims = token_checker::signed(call).await?;
    let patch = board_patch(call.fields()?)?;
    let parameters =
        [postgres::number(board.get())?, postgres::text(&patch), change::expected(call)?];
    change::change(call, &claims, sql::BOARD_PATCH, parameters).await?.shown(StatusCode::OK)
}

/// 204.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let claims = token_checker::signed(call).await?;
    let parameters = [postgres::number(board.get())?, change::expected(call)?];
    change::change(call, &claims, sql::BOARD_DELETE, parameters).await?.without_content()
}
