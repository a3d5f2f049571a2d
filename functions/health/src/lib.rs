//! `/healthz` and `/readyz`: whether the process answers, and whether its stores do.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, postgres, quick_win, redis, serve,
};
use serde_json::{Map, Value, json};
use shared::data::sql;
use shared::http::problem::ProblemKind;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| match call.path() {
        "/readyz" => Ok(ready(call).await),
        _ => Ok(Answer::json(StatusCode::OK, r#"{"status":"ok"}"#)),
    })
    .await
}

/// Every store by name, and of those that are away what does not work. One that is not configured does not
/// make the whole fail.
async fn ready(call: &Call) -> Answer {
    let stores = [
        ("key_value", state(call, quick_win::list(call, 0, 1).map(drop))),
        ("postgresql", state(call, postgres::query(call, sql::PING, Vec::new()).await.map(drop))),
        ("redis", state(call, redis::check(call).await)),
    ];
    let mut details = Map::new();
    for (name, (_, detail)) in &stores {
        details.extend(detail.clone().map(|detail| ((*name).to_owned(), detail.into())));
    }
    let states: Map<String, Value> =
        stores.map(|(name, (state, _))| (name.to_owned(), state.into())).into_iter().collect();
    if details.is_empty() {
        return Answer::json(
            StatusCode::OK,
            json!({"status": "ready", "stores": states}).to_string(),
        );
    }
    let document = json!({"status": "not ready", "stores": states, "details": details});
    Answer::json(StatusCode::SERVICE_UNAVAILABLE, document.to_string())
}

/// What a store's answer says of it, and what does not work; why is for the log.
fn state(call: &Call, answer: Result<(), Failure>) -> (&'static str, Option<String>) {
    match answer {
        Ok(()) => ("ok", None),
        Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotConfigured => {
            ("not configured", None)
        }
        Err(failure) => {
            if let Failure::Fault { cause, .. } = &failure {
                eprintln!("not ready: {cause} (request_id {})", call.request_id());
            }
            ("unavailable", Some(failure.problem().detail.clone()))
        }
    }
}
