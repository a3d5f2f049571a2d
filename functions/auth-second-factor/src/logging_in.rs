//! The second step of a log-in (docs/contract/api.md, API-SECOND-FACTOR).

use crate::checking::Factor;
use platform::{Answer, Call, Failure, StatusCode, postgres, token_checker};
use shared::auth::{Code, LinkToken};
use shared::data::sql;
use shared::http::problem::ProblemKind;

/// `{token, code}` → 200 `{user, token, expires_at}`.
pub(super) async fn log_in(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let token: Option<LinkToken> = fields.required("token");
    let code: Option<Code> = fields.required("code");
    fields.finish()?;
    let (Some(token), Some(code)) = (token, code) else {
        return Err(Failure::internal("a field that was neither read nor refused"));
    };
    postgres::url().await?;
    let step = token_checker::first_step(token.reveal()).await?.ok_or_else(expired)?;
    let parameters = token_checker::parameters(&step)?;
    let row = postgres::query_one(call, sql::FIND_SECOND_FACTOR, parameters).await?;
    let row = row.ok_or_else(expired)?;
    let (user, generation) = token_checker::user(&row)?;
    let factor = Factor { user_id: user.id, sealed: row.text(6)? };
    if !factor.use_up(call, &code).await? {
        let detail = "This code is not valid. A code of the app is valid for a minute, and only \
                      once.";
        return Err(Failure::refused(ProblemKind::InvalidCode, detail));
    }
    token_checker::log_in_as(call, StatusCode::OK, &user, generation, step.random_id()).await
}

fn expired() -> Failure {
    let detail = "Too much time has passed since the password. Please log in again.";
    Failure::refused(ProblemKind::LoginExpired, detail)
}
