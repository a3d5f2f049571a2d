//! A new password by a link (docs/contract/api.md, API-RESET).

use platform::{
    Answer, Call, Failure, StatusCode, header, host, invitation, login_attempts, password_hashing,
    postgres, token_checker,
};
use serde_json::json;
use shared::auth::{LinkToken, password};
use shared::data::sql;
use shared::models::Password;

/// `{token, password}` → 200 `{username}`: all of the user's tokens are revoked, so they have to log in again.
pub(super) async fn reset(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let token: Option<LinkToken> = fields.required("token");
    let password: Option<Password> = fields.required("password");
    fields.finish()?;
    let (Some(token), Some(password)) = (token, password) else {
        return Err(Failure::internal("a field that was neither read nor refused"));
    };
    postgres::url().await?;
    let digest = token.digest();
    let used = login_attempts::limit_links(call, async || use_up(call, &digest, &password).await);
    let row = used.await?.ok_or_else(invitation::invalid_link)?;
    token_checker::tell_relays(call, row.number(0)?).await;
    let answer = Answer::json(StatusCode::OK, json!({"username": row.text(1)?}).to_string());
    Ok(token_checker::log_out(answer.with(header::CACHE_CONTROL, "no-store")).await)
}

/// Sets the password; `None` if the link does not count.
async fn use_up(
    call: &Call,
    digest: &str,
    password: &Password,
) -> Result<Option<postgres::Row>, Failure> {
    let link = vec![postgres::text(digest)];
    // The link first: a hash for nothing is what costs.
    if postgres::query_one(call, sql::FIND_RESET_LINK, link).await?.is_none() {
        return Ok(None);
    }
    let salt = host::random_salt();
    let hash = password_hashing::hash(call, || password::hash(password, &salt)).await?;
    let parameters = vec![postgres::text(digest), postgres::text(&hash)];
    postgres::query_one(call, sql::RESET_PASSWORD, parameters).await
}
