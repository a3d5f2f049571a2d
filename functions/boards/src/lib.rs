//! `/api/boards`: the user's boards, and a new one.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, change, header, page,
    postgres, publishing, token_checker,
};
use serde::Deserialize;
use shared::auth::Scope;
use shared::data::sql;
use shared::models::BoardId;
use shared::requests::new_board;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET, Method::POST])
        .with_query(&["archived", "cursor", "deleted", "summary", "limit"]);
    endpoint
        .serve(request, async |call| match call.method() {
            Method::GET => list(call).await,
            _ => create(call).await,
        })
        .await
}

/// A page of one's boards, newest activity first: those in use, or `?archived=true` the archived,
/// or `?deleted=true` those that one can still take out of the trash. `?summary=true` adds how many
/// tasks each column has, and who is there.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let kind = match (call.query_switch("archived")?, call.query_switch("deleted")?) {
        (_, true) => "deleted",
        (true, false) => "archived",
        (false, false) => "active",
    };
    let summary = call.query_switch("summary")?;
    let (activity, id) = call.cursor()?.map(|[activity, id]| (activity, id)).unzip();
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = [
        postgres::text(kind),
        postgres::optional_number(activity)?,
        postgres::optional_number(id)?,
        postgres::number(limit)?,
        postgres::Parameter::Boolean(summary),
    ];
    let row = token_checker::read_for(call, &claims, sql::LIST_BOARDS, rest).await?;
    Ok(page::page(row.text(0)?, row.optional_text(1)?))
}

/// `{name, description?, columns?}` → 201 with the board, owned by its maker.
async fn create(call: &Call) -> Result<Answer, Failure> {
    #[derive(Deserialize)]
    struct Made {
        id: BoardId,
    }
    let claims = token_checker::signed_for_all_boards(call, Scope::Admin).await?;
    let request = new_board(call.fields()?)?;
    let [key, fingerprint] = change::idempotency(call)?;
    let parameters = [postgres::json(&request)?, key, fingerprint];
    let made = change::change(call, &claims, sql::BOARD_CREATE, parameters).await?;
    let Made { id } = serde_json::from_str(&made.entity).map_err(Failure::internal)?;
    publishing::begin(call, id).await;
    let answer = made.shown(StatusCode::CREATED)?;
    Ok(answer.with(header::LOCATION, &format!("/api/boards/{id}")))
}
