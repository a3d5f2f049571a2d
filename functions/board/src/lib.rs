//! `/api/boards/:board_id`: a board with all that is on it, changed, or put into the trash.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading, change,
    postgres, token_checker,
};
use serde_json::Value;
use shared::auth::Scope;
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::{DueAt, MAX_ID, Seq, Timestamp};
use shared::preconditions::EntityTag;
use shared::requests::board_patch;
use shared::validation::FromField;

platform::http_service!(handle);

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

/// Which board is meant by `?at=`: as it stood right after an event, or at a time.
enum At {
    Event(Seq),
    Time(Timestamp),
}

impl FromField for At {
    fn from_field(value: Value) -> Result<Self, String> {
        let text = value.as_str().unwrap_or_default();
        let seq = if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().ok().and_then(Seq::new).map(Self::Event)
        } else {
            DueAt::from_field(value).ok().map(|time| Self::Time(time.moment()))
        };
        seq.ok_or_else(|| {
            format!("must be an event's number from 0 to {MAX_ID}, or an RFC 3339 timestamp")
        })
    }
}

/// The board with `tasks` and `members`: as it is (`?min_seq=`: not older than that), or as it
/// stood `?at=`, also for an admin who is not a member.
async fn read(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let at: Option<At> = call.query_value("at")?;
    let least = call.query_number("min_seq", (0, MAX_ID), 0)?;
    call.if_none_match()?;
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let Some(at) = at else {
        let least = Seq::new(least).unwrap_or(Seq::ZERO);
        return board_reading::read(call, &claims, board, least).await;
    };
    let (seq, time) = match &at {
        At::Event(seq) => (Some(seq.get()), None),
        At::Time(time) => (None, Some(time.to_string())),
    };
    let rest = [
        postgres::number(board.get())?,
        postgres::optional_number(seq)?,
        postgres::optional_text(time.as_deref()),
    ];
    let row = token_checker::read_for(call, &claims, sql::READ_BOARD_AT, rest).await?;
    let head = row.optional_number(1)?.ok_or_else(board_reading::unknown_board)?;
    let Some(text) = row.optional_text(0)? else {
        let detail = match at {
            At::Event(at) => format!("There is no event {at} yet: the newest is {head}."),
            At::Time(at) => format!("There was no such board at {at}: it was created later."),
        };
        return Err(Failure::refused(ProblemKind::NotFound, detail));
    };
    let at = Seq::new(row.number(3)?).ok_or_else(|| Failure::internal("a seq above all"))?;
    let tag = EntityTag::of_board_parts(row.number(2)?, at, row.text(4)?);
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
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let patch = board_patch(call.fields()?)?;
    let parameters =
        [postgres::number(board.get())?, postgres::json(&patch)?, change::expected(call)?];
    change::change(call, &claims, sql::BOARD_PATCH, parameters).await?.shown(StatusCode::OK)
}

/// 204.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let claims = token_checker::signed_for(call, Scope::Admin).await?;
    let parameters = [postgres::number(board.get())?, change::expected(call)?];
    change::change(call, &claims, sql::BOARD_DELETE, parameters).await?.without_content()
}
