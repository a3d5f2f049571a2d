//! `/healthz` and `/readyz`: whether the process answers, and whether its stores do.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Failure, Method, Request, Response, StatusCode, quick_win, serve};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| match call.path() {
        "/readyz" => Ok(ready(call)),
        _ => Ok(Answer::json(StatusCode::OK, r#"{"status":"ok"}"#)),
    })
    .await
}

/// Every store by name. One that is not configured does not make the whole fail.
fn ready(call: &Call) -> Answer {
    let (status, text, store) = match quick_win::list(call, 0, 1) {
        Ok(_) => (StatusCode::OK, "ready", "ok"),
        Err(Failure::Refused(_) | Failure::Fault { .. }) => {
            (StatusCode::SERVICE_UNAVAILABLE, "not ready", "unavailable")
        }
    };
    let json = format!(
        "{{\"status\":\"{text}\",\"stores\":{{\"key_value\":\"{store}\",\
         \"postgresql\":\"not configured\",\"redis\":\"not configured\"}}}}"
    );
    Answer::json(status, json)
}
