//! `/api/auth/register`: a new user, who is logged in at once.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, host, postgres, serve,
    token_checker,
};
use shared::auth::password;
use shared::data::sql;
use shared::models::{DisplayName, Password, PasswordGuess, User, Username};
use shared::problem::ProblemKind;
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::POST], async |call| register(call).await).await
}

/// `{username, password, display_name?}` → 201 `{user, token, expires_at}`.
async fn register(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let username: Option<Username> = fields.required("username");
    let password: Option<Password> = fields.required("password");
    let display_name: Option<DisplayName> = fields.optional("display_name");
    fields.finish()?;
    let (Some(username), Some(password)) = (username, password) else {
        return Err(Failure::internal("a field that was neither read nor refused"));
    };
    postgres::url().await?;
    let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
    let hash = password::hash(&password, &host::random_salt()).map_err(Failure::internal)?;
    let key = call.idempotency_key()?;
    let mut parameters =
        [username.as_str(), display_name.as_str(), &hash].map(postgres::text).to_vec();
    parameters.push(postgres::optional_text(key.as_deref()));
    if let Some(row) = postgres::query_one(call, sql::REGISTER_USER, parameters).await? {
        let (user, generation) = token_checker::user(&row)?;
        return token_checker::log_in(StatusCode::CREATED, &user, generation).await;
    }
    if let Some(key) = key
        && let Some((user, generation)) = registered(call, &username, &password, &key).await?
    {
        if user.display_name != display_name.as_str() {
            let detail = "This Idempotency-Key belongs to another request.";
            return Err(Failure::refused(ProblemKind::IdempotencyKeyReused, detail));
        }
        let answer = token_checker::log_in(StatusCode::CREATED, &user, generation).await?;
        return Ok(answer.replayed(true));
    }
    let detail = format!("Somebody is called {} already.", username.as_str());
    Err(Failure::refused(ProblemKind::UsernameTaken, detail))
}

/// The user whom an earlier request with the same key and password made: its answer was lost on the
/// way. They get a token of their own, because none is ever stored.
async fn registered(
    call: &Call,
    username: &Username,
    password: &Password,
    key: &str,
) -> Result<Option<(User, u64)>, Failure> {
    let parameters = [username.as_str(), key].map(postgres::text).to_vec();
    let Some(row) = postgres::query_one(call, sql::FIND_REGISTERED, parameters).await? else {
        return Ok(None);
    };
    let guess = PasswordGuess::from(password);
    let right = password::verify(&guess, Some(row.text(6)?)).map_err(Failure::internal)?;
    right.then(|| token_checker::user(&row)).transpose()
}
