//! One's whole account: what is kept of it, and its end (docs/contract/api.md, API-ACCOUNT-EXPORT and
//! API-ACCOUNT-DELETE).

use platform::{
    Answer, Call, Failure, StatusCode, header, own_password, postgres, publishing, token_checker,
};
use shared::data::sql;
use shared::models::PasswordGuess;

/// The most tasks and comments in an export, and the most bytes of comments.
const MOST_ENTRIES: u64 = 10_000;
const MOST_BYTES: u64 = 8 << 20;

/// What is kept of the user, which browsers save as a file.
pub(super) async fn export(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let rest = postgres::numbers([MOST_ENTRIES, MOST_BYTES])?;
    let row = token_checker::read_for(call, &claims, sql::EXPORT_ME, rest).await?;
    let disposition = format!("attachment; filename=\"account-{}.json\"", claims.username);
    Ok(Answer::json(StatusCode::OK, row.text(0)?.to_owned())
        .with(header::CONTENT_DISPOSITION, &disposition)
        .with(header::CACHE_CONTROL, "no-store")
        .gzipped(call))
}

/// `{password?, delete_boards?}` → 204. There is no such user any more.
pub(super) async fn delete(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let password: Option<PasswordGuess> = fields.optional("password");
    let boards_too: Option<bool> = fields.optional("delete_boards");
    fields.finish()?;
    let hash =
        own_password::prove(call, &claims, password.as_ref(), ("/password", "is required")).await?;
    let who = token_checker::asker(&claims).to_string();
    let mut parameters = vec![postgres::text(&who), postgres::optional_text(hash.as_deref())];
    parameters.push(postgres::Parameter::Boolean(boards_too.unwrap_or(false)));
    let events = postgres::query(call, sql::DELETE_ACCOUNT, parameters).await?;
    token_checker::tell_relays(call, claims.user_id).await;
    for event in &events {
        // If this is not delivered now, the relay finds the event itself.
        publishing::publish(call, event.text(0)?).await;
    }
    Ok(token_checker::log_out(Answer::empty(StatusCode::NO_CONTENT)).await)
}
