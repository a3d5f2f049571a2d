//! `/healthz` and `/readyz`: whether the process answers, and whether its stores do.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, postgres, quick_win, redis, serve,
};
use shared::data::sql;
use shared::problem::ProblemKind;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| match call.path() {
        "/readyz" => Ok(ready(call).await),
        _ => Ok(Answer::json(StatusCode::OK, r#"{"status":"ok"}"#)),
    })
    .await
}

/// Every store by name. One that is not configured does not make the whole fail.
async fn ready(call: &Call) -> Answer {
    let stores = [
        ("key_value", state(call, quick_win::list(call, 0, 1).map(drop))),
        ("postgresql", state(call, postgres::query(call, sql::PING, Vec::new()).await.map(drop))),
        ("redis", state(call, redis::execute(call, "PING", &[]).await.map(drop))),
    ];
    let ready = stores.iter().all(|(_, state)| *state != AWAY);
    let (status, text) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let stores = stores.map(|(name, state)| format!("\"{name}\":\"{state}\"")).join(",");
    Answer::json(status, format!("{{\"status\":\"{text}\",\"stores\":{{{stores}}}}}"))
}

const AWAY: &str = "unavailable";

/// What a store's answer says of it; why one does not answer is for the log.
fn state(call: &Call, answer: Result<(), Failure>) -> &'static str {
    match answer {
        Ok(()) => "ok",
        Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotConfigured => {
            "not configured"
        }
        Err(Failure::Refused(_)) => AWAY,
        Err(Failure::Fault { cause, .. }) => {
            eprintln!("not ready: {cause} (request_id {})", call.request_id());
            AWAY
        }
    }
}
