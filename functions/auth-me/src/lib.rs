//! `/api/auth/me`: who is logged in, what they want to be called, and their password; and
//! `/api/auth/sessions`: where they are logged in; `/api/auth/email` and the paths below it: their e-mail
//! address; and `/api/auth/export` and `/api/auth/delete-account`.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, header, host,
    own_password, password_hashing, postgres, serve, to_json, token_checker,
};
use shared::auth::{Scope, password};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::{DisplayName, Password, PasswordGuess, User};
use shared::validation::Patch;

mod account;
mod email;
mod sessions;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let path = request.path().trim_matches('/').to_owned();
    if path.ends_with("auth/sessions") {
        let endpoint = Endpoint::of(&[Method::GET]).with_query(&["cursor", "limit"]);
        return endpoint.serve(request, async |call| sessions::list(call).await).await;
    }
    if path.contains("auth/sessions/") {
        let endpoint = Endpoint::of(&[Method::DELETE]);
        return endpoint.serve(request, async |call| sessions::revoke(call).await).await;
    }
    if path.ends_with("auth/export") {
        let endpoint = Endpoint::of(&[Method::GET]);
        return endpoint.serve(request, async |call| account::export(call).await).await;
    }
    if path.ends_with("auth/email") {
        let handler = async |call: &Call| match call.method() {
            Method::GET => email::read(call).await,
            _ => email::set(call).await,
        };
        return serve(request, &[Method::GET, Method::POST], handler).await;
    }
    if let Some((_, below)) = path.split_once("auth/email/") {
        let handler = async |call: &Call| match below {
            "resend" => email::resend(call).await,
            "verify" => email::verify(call).await,
            "remove" => email::remove(call).await,
            _ => Err(Failure::nothing_at(call.path())),
        };
        return serve(request, &[Method::POST], handler).await;
    }
    if path.ends_with("auth/delete-account") {
        let endpoint = Endpoint::of(&[Method::POST]);
        return endpoint.serve(request, async |call| account::delete(call).await).await;
    }
    Endpoint::of(&[Method::GET, Method::PATCH])
        .with_query(&["optional"])
        .serve(request, async |call| match call.method() {
            Method::GET => read(call).await,
            _ => change(call).await,
        })
        .await
}

/// The field of the current password in a request for a new one.
const CURRENT: &str = "/current_password";

/// The user. `?optional=true`: 204 if nobody is logged in, since a page cannot see its cookie and
/// must ask, and a browser writes every 401 into its console as an error.
async fn read(call: &Call) -> Result<Answer, Failure> {
    let optional = call.query_switch("optional")?;
    match find(call).await {
        Err(failure) if optional && failure.problem().kind == ProblemKind::Unauthorized => {
            let nobody = Answer::empty(StatusCode::NO_CONTENT);
            Ok(token_checker::log_out(nobody.with(header::CACHE_CONTROL, "no-store")).await)
        }
        found => found,
    }
}

async fn find(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let row = postgres::query_one(call, sql::FIND_ME, token_checker::parameters(&claims)?).await?;
    shown(&token_checker::user(&row.ok_or_else(token_checker::revoked)?)?.0)
}

/// `{display_name?, password? + current_password}` → the user.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let display_name: Patch<DisplayName> = fields.patch("display_name");
    let new: Option<Password> = fields.replacement("password");
    let current: Option<PasswordGuess> = fields.replacement("current_password");
    fields.finish()?;
    let hashes = match (new, current) {
        (None, _) => None,
        (Some(new), current) => {
            let missing = (CURRENT, "is required for a new password");
            let old = own_password::prove(call, &claims, current.as_ref(), missing).await?;
            let salt = host::random_salt();
            let hash = password_hashing::hash(call, || password::hash(&new, &salt)).await?;
            Some((old, hash))
        }
    };
    let display_name = match &display_name {
        Patch::Keep => None,
        Patch::Remove => Some(claims.username.as_str()),
        Patch::Set(name) => Some(name.as_str()),
    };
    let (old, hash) = hashes.as_ref().map(|(old, new)| (old.as_deref(), new.as_str())).unzip();
    let old = old.flatten();
    let mut parameters = token_checker::parameters(&claims)?;
    parameters.extend([display_name, old, hash].map(postgres::optional_text));
    let row = postgres::query_one(call, sql::UPDATE_ME, parameters).await?;
    let (user, _) = token_checker::user(&row.ok_or_else(token_checker::revoked)?)?;
    if hashes.is_some() {
        token_checker::tell_relays(call, user.id).await;
    }
    shown(&user)
}

fn shown(user: &User) -> Result<Answer, Failure> {
    Ok(Answer::json(StatusCode::OK, to_json(user)?).with(header::CACHE_CONTROL, "no-store"))
}
