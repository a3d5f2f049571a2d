//! `/api/auth/register`: a new user, who is logged in at once.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, host, postgres, serve,
    token_checker,
};
use shared::auth::password;
use shared::data::sql;
use shared::models::{DisplayName, Password, Username};
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
    let parameters = [username.as_str(), display_name.as_str(), &hash].map(postgres::text).to_vec();
    let row = postgres::query_one(call, sql::REGISTER_USER, parameters).await?;
    let row = row.ok_or_else(|| {
        let detail = format!("Somebody is called {} already.", username.as_str());
        Failure::refused(ProblemKind::UsernameTaken, detail)
    })?;
    let (user, generation) = token_checker::user(&row)?;
    token_checker::log_in(StatusCode::CREATED, &user, generation).await
}
