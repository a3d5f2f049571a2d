//! The second step of a log-in (docs/contract/api.md, API-SECOND-FACTOR).

use crate::checking::Factor;
use platform::token_checker::{KnownCode, login_expired};
use platform::{Answer, Call, Failure, postgres, token_checker};
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
    let step = token_checker::first_step(token.reveal()).await?.ok_or_else(login_expired)?;
    let parameters = token_checker::parameters(&step)?;
    let row = postgres::query_one(call, sql::FIND_SECOND_FACTOR, parameters).await?;
    let row = row.ok_or_else(login_expired)?;
    let (user, generation) = token_checker::user(&row)?;
    let factor = Factor { user_id: user.id, sealed: row.text(6)? };
    let log_in = async |code: KnownCode<'_>| {
        token_checker::log_in_by_code(call, &user, generation, step.random_id(), code).await
    };
    factor.check(call, &code, log_in).await?.ok_or_else(|| {
        let detail = "This code is not valid. A code of the app is valid for a minute, and only \
                      once.";
        Failure::refused(ProblemKind::InvalidCode, detail)
    })
}
