//! `/api/auth/login`: a name and a password for a token; `/api/auth/reset-password`: a link for a new
//! password; and `/api/auth/forgot-password`: a mail with such a link.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, login_attempts, password_hashing,
    postgres, serve, token_checker,
};
use shared::auth::password;
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::{PasswordGuess, UsernameGuess};

mod forgetting;
mod resetting;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let path = request.path().trim_matches('/').to_owned();
    let handler = async |call: &Call| match path.rsplit('/').next() {
        Some("reset-password") => resetting::reset(call).await,
        Some("forgot-password") => forgetting::ask(call).await,
        _ => log_in(call).await,
    };
    serve(request, &[Method::POST], handler).await
}

/// `{username, password}` → 200 `{user, token, expires_at}`, or `{second_factor: {token, expires_at}}`.
async fn log_in(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let username: Option<UsernameGuess> = fields.required("username");
    let password: Option<PasswordGuess> = fields.required("password");
    fields.finish()?;
    let (Some(username), Some(password)) = (username, password) else {
        return Err(Failure::internal("a field that was neither read nor refused"));
    };
    postgres::url().await?;
    let found = login_attempts::limit(call, &username, async || {
        let parameters = vec![postgres::text(username.name())];
        let row = postgres::query_one(call, sql::FIND_LOGIN, parameters).await?;
        let hash = row.as_ref().map(|row| row.optional_text(6)).transpose()?.flatten();
        // As much work for nobody's password as for somebody's: the time reveals nothing.
        let right = password_hashing::hash(call, || password::verify(&password, hash)).await?;
        Ok(row.filter(|_| right))
    });
    let row = found.await?.ok_or_else(|| {
        let detail = "There is no such user, or that is not their password.";
        Failure::refused(ProblemKind::InvalidCredentials, detail)
    })?;
    let (user, generation) = token_checker::user(&row)?;
    if row.truth(7)? {
        return token_checker::ask_for_second_factor(&user, generation).await;
    }
    token_checker::log_in(call, StatusCode::OK, &user, generation).await
}
