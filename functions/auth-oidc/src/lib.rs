//! `/api/auth/providers`, `/api/auth/oidc/…` and `/api/auth/identities`: logging in by an OpenID Connect provider
//! (docs/contract/api.md, API-OIDC). What links and unlinks one is in `auth-second-factor`.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Endpoint, Method, Request, Response, StatusCode, header, oidc, variables};
use serde_json::json;
use shared::passkeys::RelyingParty;

mod callback;
mod identities;
mod logout;
mod page;
mod providers;
mod signatures;
mod start;

platform::http_service!(handle);

/// The most bytes of a logout token's form.
const MOST_FORM: usize = 16 * 1024;

async fn handle(request: Request) -> Response {
    signatures::install();
    let path = request.path().trim_matches('/').to_owned();
    if path.ends_with("/callback") {
        let endpoint = Endpoint::of(&[Method::GET]).with_any_query();
        return endpoint.serve(request, async |call| callback::finish(call).await).await;
    }
    if path.ends_with("/start") {
        let endpoint = Endpoint::of(&[Method::GET]).with_query(&["again", "return"]);
        return endpoint.serve(request, async |call| start::log_in(call).await).await;
    }
    if path.ends_with("/backchannel-logout") {
        let endpoint = Endpoint::of(&[Method::POST]).up_to(MOST_FORM);
        return endpoint.serve(request, async |call| logout::end(call).await).await;
    }
    if path.ends_with("auth/identities") {
        let endpoint = Endpoint::of(&[Method::GET]);
        return endpoint.serve(request, async |call| identities::list(call).await).await;
    }
    Endpoint::of(&[Method::GET]).serve(request, async |_| list().await).await
}

/// What the login page has buttons for.
async fn list() -> Result<Answer, platform::Failure> {
    let providers = oidc::providers().await?;
    let items: Vec<_> =
        providers.iter().map(|known| json!({"id": known.id, "name": known.name})).collect();
    let passkeys = RelyingParty::of(&variables::get("public_origin").await?).is_some();
    let json = json!({"items": items, "passkeys": passkeys});
    Ok(Answer::json(StatusCode::OK, json.to_string())
        .with(header::CACHE_CONTROL, "public, max-age=60"))
}
