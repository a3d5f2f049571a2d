//! `/api/auth/tokens` and `/api/boards/:board_id/tokens`: tokens for programs, of a user and of a board
//! (docs/contract/api.md, API-TOKENS).

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, header, host, page,
    postgres, token_checker,
};
use serde_json::{Value, json};
use shared::auth::{ApiToken, Claims, Reach};
use shared::data::sql;
use shared::requests::{new_api_token, new_board_api_token};

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let path = request.path().trim_matches('/').to_owned();
    let personal = path.starts_with("api/auth/");
    if path.ends_with("/tokens") {
        let endpoint = Endpoint::of(&[Method::GET, Method::POST]).with_query(&["cursor", "limit"]);
        let handler = async |call: &Call| match call.method() {
            Method::GET => list(call, personal).await,
            _ => create(call, personal).await,
        };
        endpoint.serve(request, handler).await
    } else {
        let endpoint = Endpoint::of(&[Method::DELETE]);
        endpoint.serve(request, async |call| revoke(call, personal).await).await
    }
}

/// Who is asking, and about which board's tokens; none of their own.
struct Asker {
    claims: Claims,
    board: Option<u64>,
}

impl Asker {
    async fn of(call: &Call, personal: bool) -> Result<Self, Failure> {
        let board = if personal { None } else { Some(call.board_id()?.get()) };
        Ok(Self { claims: token_checker::signed(call).await?, board })
    }

    /// What each statement takes first: who, and the board.
    fn parameters(&self) -> Result<Vec<postgres::Parameter>, Failure> {
        let who = token_checker::asker(&self.claims).to_string();
        Ok(vec![postgres::text(&who), postgres::optional_number(self.board)?])
    }
}

/// `{name, scope, boards?, expires_in_days?}`, of a board without `boards` → 201 with what is kept of it,
/// and the token, which is not shown again.
async fn create(call: &Call, personal: bool) -> Result<Answer, Failure> {
    let asker = Asker::of(call, personal).await?;
    let fields = call.fields()?;
    let request = if personal { new_api_token(fields)? } else { new_board_api_token(fields)? };
    let reach = Reach { scope: request.scope, some_boards: request.some_boards };
    let token = ApiToken::new(asker.claims.user_id, reach, host::random_bytes());
    let mut parameters = asker.parameters()?;
    parameters.extend([postgres::text(&token.digest()), postgres::json(&request)?]);
    let row = postgres::query_one(call, sql::API_TOKEN_CREATE, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("a token without an answer"))?;
    let mut made: Value = serde_json::from_str(row.text(0)?).map_err(Failure::internal)?;
    let location = format!("{}/{}", call.path().trim_end_matches('/'), made["id"]);
    made["token"] = json!(token.reveal());
    Ok(Answer::json(StatusCode::CREATED, made.to_string())
        .with(header::LOCATION, &location)
        .with(header::CACHE_CONTROL, "no-store"))
}

/// A page of those that count, newest first.
async fn list(call: &Call, personal: bool) -> Result<Answer, Failure> {
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let below = call.cursor()?.map(|[below]| below);
    let mut parameters = Asker::of(call, personal).await?.parameters()?;
    parameters.extend([postgres::optional_number(below)?, postgres::number(limit)?]);
    let row = postgres::query_one(call, sql::API_TOKEN_LIST, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("a page without an answer"))?;
    let answer = page::of_row(&row, || Failure::internal("a page without items"))?;
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

/// 204. It is no longer valid, and the sockets that were opened with it are closed.
async fn revoke(call: &Call, personal: bool) -> Result<Answer, Failure> {
    let token = call.api_token_id()?.get();
    let mut parameters = Asker::of(call, personal).await?.parameters()?;
    parameters.push(postgres::number(token)?);
    let row = postgres::query_one(call, sql::API_TOKEN_DELETE, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("an end without an answer"))?;
    token_checker::tell_relays(call, row.number(0)?).await;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
