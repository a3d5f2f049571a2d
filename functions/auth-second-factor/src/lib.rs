//! `/api/auth/login/second-factor`: the second step of a log-in; `/api/auth/totp` with the paths below it: the codes
//! that it asks for; and what else takes password and code: parts of `/api/auth/passkeys`, and linking and unlinking an
//! identity at a provider.

#![cfg(target_arch = "wasm32")]

use platform::{Call, Failure, Method, Request, Response, serve};

mod checking;
mod identities;
mod logging_in;
mod managing;
mod passkeys;
mod proof;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let path = request.path().trim_matches('/').to_owned();
    if path.contains("auth/passkeys") {
        return passkeys::handle(request, &path).await;
    }
    if path.contains("auth/identities/") {
        return serve(request, &[Method::POST], async |call| identities::unlink(call).await).await;
    }
    if path.contains("auth/oidc/") {
        return serve(request, &[Method::POST], async |call| identities::link(call).await).await;
    }
    let below = path.rsplit('/').next().unwrap_or_default();
    if below == "totp" {
        let handler = async |call: &Call| match call.method() {
            Method::GET => managing::read(call).await,
            _ => managing::begin(call).await,
        };
        return serve(request, &[Method::GET, Method::POST], handler).await;
    }
    let handler = async |call: &Call| match below {
        "second-factor" => logging_in::log_in(call).await,
        "confirm" => managing::confirm(call).await,
        "recovery-codes" => managing::replace_recovery_codes(call).await,
        "disable" => managing::disable(call).await,
        _ => Err(Failure::nothing_at(call.path())),
    };
    serve(request, &[Method::POST], handler).await
}
