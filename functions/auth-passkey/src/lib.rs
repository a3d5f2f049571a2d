//! `/api/auth/login/passkey` with the paths below it, and `/api/auth/passkeys`: what browsers and authenticators say is
//! checked here (docs/contract/api.md, API-PASSKEY-CHECK). What takes the password as well is in `auth-second-factor`.

#![cfg(target_arch = "wasm32")]

use platform::{Endpoint, Method, Request, Response};

mod ceremonies;
mod logging_in;
mod own;
mod public_key;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let path = request.path().trim_matches('/').to_owned();
    if path.ends_with("auth/passkeys") {
        let endpoint = Endpoint::of(&[Method::GET, Method::POST]);
        return endpoint
            .serve(request, async |call| match call.method() {
                Method::GET => own::list(call).await,
                _ => own::add(call).await,
            })
            .await;
    }
    let endpoint = Endpoint::of(&[Method::POST]);
    if path.ends_with("/options") {
        return endpoint.serve(request, async |call| logging_in::begin(call).await).await;
    }
    endpoint.serve(request, async |call| logging_in::log_in(call).await).await
}
