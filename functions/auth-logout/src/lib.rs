//! `/api/auth/logout`: the end of a token, or with `?everywhere=true` of all that its user has.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, postgres, token_checker,
};
use shared::data::sql;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::POST]).with_query(&["everywhere"]);
    endpoint.serve(request, async |call| log_out(call).await).await
}

/// 204, and no cookie.
async fn log_out(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut parameters = token_checker::parameters(&claims)?;
    if call.query_switch("everywhere")? {
        let row = postgres::query_one(call, sql::REVOKE_ALL_TOKENS, parameters).await?;
        row.ok_or_else(token_checker::revoked)?;
    } else {
        parameters.push(postgres::number(claims.exp)?);
        let row = postgres::query_one(call, sql::REVOKE_TOKEN, parameters).await?;
        row.ok_or_else(token_checker::revoked)?;
    }
    token_checker::tell_relays(call, claims.user_id).await;
    Ok(token_checker::log_out(Answer::empty(StatusCode::NO_CONTENT)).await)
}
