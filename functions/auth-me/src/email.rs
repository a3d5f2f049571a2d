//! One's e-mail address (docs/contract/api.md, API-EMAIL).

use platform::{
    Answer, Call, Failure, StatusCode, header, mailing, own_password, postgres, token_checker,
};
use shared::auth::{Claims, LinkToken};
use shared::data::sql;
use shared::models::{EmailAddress, Language, PasswordGuess};

/// `{address, verified_at, pending}`.
pub(super) async fn read(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let row = token_checker::read_for(call, &claims, sql::FIND_EMAIL, []).await?;
    shown(StatusCode::OK, &row)
}

/// `{address, password?, language?}` → 202 with the same: a mail goes there.
pub(super) async fn set(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let address: Option<EmailAddress> = fields.required("address");
    let password: Option<PasswordGuess> = fields.optional("password");
    let language: Option<Language> = fields.optional("language");
    fields.finish()?;
    let address = address.ok_or_else(unread)?;
    let hash = proof(call, &claims, password.as_ref()).await?;
    mailing::ask(call).await?;
    let link = mailing::fresh_link().await?;
    let parameters = vec![
        who(&claims),
        postgres::optional_text(hash.as_deref()),
        postgres::text(address.as_str()),
        postgres::text(language.unwrap_or_default().tag()),
        postgres::text(&link.digest),
        postgres::text(&link.sealed),
    ];
    changed(call, sql::EMAIL_SET, parameters).await
}

/// `{language?}` → 202: another mail with another link.
pub(super) async fn resend(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let language: Option<Language> = fields.optional("language");
    fields.finish()?;
    if let Err(failure) = mailing::ask(call).await {
        // A revoked token learns nothing else.
        token_checker::read_for(call, &claims, sql::CHECK_TOKEN, []).await?;
        return Err(failure);
    }
    let link = mailing::fresh_link().await?;
    let parameters = vec![
        who(&claims),
        postgres::text(language.unwrap_or_default().tag()),
        postgres::text(&link.digest),
        postgres::text(&link.sealed),
    ];
    changed(call, sql::EMAIL_RESEND, parameters).await
}

/// `{token}` → 200: the address is theirs.
pub(super) async fn verify(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let token: Option<LinkToken> = fields.required("token");
    fields.finish()?;
    let token = token.ok_or_else(unread)?;
    let parameters = vec![who(&claims), postgres::text(&token.digest())];
    let row = postgres::query_one(call, sql::EMAIL_VERIFY, parameters).await?;
    shown(StatusCode::OK, &row.ok_or_else(unanswered)?)
}

/// `{password?}` → 204: no address any more.
pub(super) async fn remove(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let password: Option<PasswordGuess> = fields.optional("password");
    fields.finish()?;
    let hash = proof(call, &claims, password.as_ref()).await?;
    let parameters = vec![who(&claims), postgres::optional_text(hash.as_deref())];
    postgres::query(call, sql::EMAIL_REMOVE, parameters).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

async fn proof(
    call: &Call,
    claims: &Claims,
    password: Option<&PasswordGuess>,
) -> Result<Option<String>, Failure> {
    own_password::prove(call, claims, password, ("/password", "is required")).await
}

async fn changed(
    call: &Call,
    statement: &'static str,
    parameters: Vec<postgres::Parameter>,
) -> Result<Answer, Failure> {
    let row = postgres::query_one(call, statement, parameters).await?.ok_or_else(unanswered)?;
    mailing::tell_relays(call).await;
    shown(StatusCode::ACCEPTED, &row)
}

fn who(claims: &Claims) -> postgres::Parameter {
    postgres::text(&token_checker::asker(claims).to_string())
}

fn shown(status: StatusCode, row: &postgres::Row) -> Result<Answer, Failure> {
    let answer = Answer::json(status, row.text(0)?.to_owned());
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

fn unread() -> Failure {
    Failure::internal("a field that was neither read nor refused")
}

fn unanswered() -> Failure {
    Failure::internal("an address without an answer")
}
