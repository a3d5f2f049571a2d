//! Where somebody is logged in (docs/contract/api.md, API-SESSIONS).

use platform::{Answer, Call, Failure, StatusCode, header, page, postgres, token_checker};
use shared::data::sql;
use shared::http::problem::ProblemKind;

/// A page of one's log-ins that still count, newest first.
pub(super) async fn list(call: &Call) -> Result<Answer, Failure> {
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let below = call.cursor()?.map(|[below]| below);
    let claims = token_checker::signed(call).await?;
    let rest = [postgres::optional_number(below)?, postgres::number(limit)?];
    let row = token_checker::read_for(call, &claims, sql::LIST_SESSIONS, rest).await?;
    let answer = page::of_row(&row, || Failure::internal("a page without items"))?;
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

/// 204. Its token is no longer valid; it may be the one that asks.
pub(super) async fn revoke(call: &Call) -> Result<Answer, Failure> {
    let session = call.session_id()?;
    let claims = token_checker::signed(call).await?;
    let rest = [postgres::number(session.get())?];
    let row = token_checker::read_for(call, &claims, sql::REVOKE_SESSION, rest).await?;
    if !row.truth(0)? {
        return Err(Failure::refused(ProblemKind::NotFound, "There is no such session."));
    }
    token_checker::tell_relays(call, claims.user_id).await;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
