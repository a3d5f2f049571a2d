//! A user's own codes: turned on, replaced and turned off (docs/contract/api.md, API-TOTP).

use crate::checking::{Factor, seal, sealer};
use platform::{
    Answer, Call, Failure, StatusCode, header, host, login_attempts, own_password, postgres,
    token_checker,
};
use serde_json::{Value, json};
use shared::auth::{Claims, Code, RecoveryCode, TotpSecret};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::PasswordGuess;

/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 10;

/// `{enabled_at, recovery_codes}`.
pub(super) async fn read(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let row = token_checker::read_for(call, &claims, sql::FIND_TOTP, []).await?;
    shown(&json!({"enabled_at": row.optional_text(1)?, "recovery_codes": row.number(2)?}))
}

/// `{password}` → 200 `{secret, uri}`: a secret that does not count yet, in place of the one before.
pub(super) async fn begin(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let password: Option<PasswordGuess> = fields.required("password");
    fields.finish()?;
    let password = password.ok_or_else(unread)?;
    let _ = own_password::check(call, &claims, &password, "/password").await?;
    let secret = TotpSecret::new(host::random_bytes());
    let sealed = seal(&sealer().await?, claims.user_id, &secret);
    let parameters = vec![postgres::number(claims.user_id)?, postgres::text(&sealed)];
    let begun = postgres::query_one(call, sql::BEGIN_TOTP, parameters).await?;
    begun.ok_or_else(|| already(true))?;
    shown(&json!({"secret": secret.reveal(), "uri": secret.uri(&claims.username)}))
}

/// `{code}` → 200 `{recovery_codes}`: the secret counts.
pub(super) async fn confirm(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let code: Option<Code> = fields.required("code");
    fields.finish()?;
    let code = code.ok_or_else(unread)?;
    let row = token_checker::read_for(call, &claims, sql::FIND_TOTP, []).await?;
    let begun = row.optional_text(0)?.filter(|_| row.optional_text(1).is_ok_and(|at| at.is_none()));
    let Some(sealed) = begun else {
        return Err(already(row.optional_text(0)?.is_some()));
    };
    let factor = Factor { user_id: claims.user_id, sealed };
    let step = match &code {
        // The caller may not be the one who got the secret: a stolen token must not guess its codes.
        Code::Totp(digits) => {
            let check = async || Ok(factor.open().await?.0.step_of(digits, host::now()));
            login_attempts::limit_codes(call, claims.user_id, check).await?
        }
        Code::Recovery(_) => None,
    };
    let step = step.ok_or_else(wrong_code)?;
    let (codes, digests) = recovery_codes();
    let parameters = vec![
        postgres::number(claims.user_id)?,
        postgres::text(sealed),
        postgres::number(step)?,
        postgres::text(&digests),
    ];
    let confirmed = postgres::query_one(call, sql::CONFIRM_TOTP, parameters).await?;
    confirmed.ok_or_else(|| already(true))?;
    shown(&json!({"recovery_codes": codes}))
}

/// `{password, code}` → 200 `{recovery_codes}`: those before are no longer valid.
pub(super) async fn replace_recovery_codes(call: &Call) -> Result<Answer, Failure> {
    let claims = proved(call).await?;
    let (codes, digests) = recovery_codes();
    let parameters = vec![postgres::number(claims.user_id)?, postgres::text(&digests)];
    let replaced = postgres::query_one(call, sql::REPLACE_RECOVERY_CODES, parameters).await?;
    replaced.ok_or_else(|| already(false))?;
    shown(&json!({"recovery_codes": codes}))
}

/// `{password, code}` → 204: no code is asked for any more.
pub(super) async fn disable(call: &Call) -> Result<Answer, Failure> {
    let claims = proved(call).await?;
    let parameters = vec![postgres::number(claims.user_id)?];
    postgres::query(call, sql::DELETE_TOTP, parameters).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Who asks, with their password and a code.
async fn proved(call: &Call) -> Result<Claims, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let password: Option<PasswordGuess> = fields.required("password");
    let code: Option<Code> = fields.required("code");
    fields.finish()?;
    let (Some(password), Some(code)) = (password, code) else { return Err(unread()) };
    let _ = own_password::check(call, &claims, &password, "/password").await?;
    let row = token_checker::read_for(call, &claims, sql::FIND_TOTP, []).await?;
    let (Some(sealed), Some(_)) = (row.optional_text(0)?, row.optional_text(1)?) else {
        return Err(already(false));
    };
    let factor = Factor { user_id: claims.user_id, sealed };
    if factor.use_up(call, &code).await? { Ok(claims) } else { Err(wrong_code()) }
}

/// Fresh ones as they are shown, and their digests as JSON.
fn recovery_codes() -> (Vec<String>, String) {
    let codes: [RecoveryCode; RECOVERY_CODES] =
        std::array::from_fn(|_| RecoveryCode::new(host::random_bytes()));
    let digests: Value = codes.iter().map(RecoveryCode::digest).collect();
    (codes.iter().map(RecoveryCode::reveal).collect(), digests.to_string())
}

pub(super) fn shown(answer: &Value) -> Result<Answer, Failure> {
    Ok(Answer::json(StatusCode::OK, answer.to_string()).with(header::CACHE_CONTROL, "no-store"))
}

fn already(on: bool) -> Failure {
    let detail = if on {
        "Codes of an authenticator app are already asked for."
    } else {
        "No codes of an authenticator app are asked for, and none is being set up."
    };
    Failure::refused(ProblemKind::SecondFactorState, detail)
}

pub(super) fn wrong_code() -> Failure {
    own_password::fault("/code", "is not a valid code")
}

pub(super) fn unread() -> Failure {
    Failure::internal("a field that was neither read nor refused")
}
