//! `/healthz` and `/readyz`: whether the process answers, and whether its stores do and its variables are valid.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, postgres, quick_win, redis,
    serve, variables,
};
use serde_json::{Map, Value, json};
use shared::data::{reason::reason, sql};
use shared::http::problem::ProblemKind;
use shared::settings;
use std::cell::Cell;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| match call.path() {
        "/readyz" => Ok(ready(call).await),
        _ => Ok(Answer::json(StatusCode::OK, r#"{"status":"ok"}"#)),
    })
    .await
}

thread_local! {
    /// Whether invalid variables were logged: once an instance, however often somebody asks.
    static LOGGED: Cell<bool> = const { Cell::new(false) };
}

/// Every store by name, and what does not work of those that are unavailable; and every invalid variable. A store that
/// is not configured does not make the whole fail.
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
    let faults = faults().await;
    if details.is_empty() && faults.is_empty() {
        return Answer::json(
            StatusCode::OK,
            json!({"status": "ready", "stores": states}).to_string(),
        );
    }
    let mut document = json!({"status": "not ready", "stores": states, "details": details});
    if !faults.is_empty() {
        document["variables"] = faults.into();
    }
    Answer::json(StatusCode::SERVICE_UNAVAILABLE, document.to_string())
}

/// The invalid variables, and what they must be: without values, which may be secrets.
async fn faults() -> Map<String, Value> {
    let mut faults = Map::new();
    for name in settings::CHECKED {
        let fault = match variables::get(name).await {
            Ok(value) => settings::fault(name, &value),
            Err(_) => Some("cannot be read".to_owned()),
        };
        if let Some(fault) = fault {
            faults.insert(name.to_owned(), fault.into());
        }
    }
    if !faults.is_empty() && !LOGGED.replace(true) {
        for (name, fault) in &faults {
            eprintln!("not ready: variable {name} {}", fault.as_str().unwrap_or_default());
        }
    }
    faults
}

/// What a store's answer says of it, and what does not work, with the reason as far as everybody may know it; the cause is
/// for the log.
fn state(call: &Call, answer: Result<(), Failure>) -> (&'static str, Option<String>) {
    match answer {
        Ok(()) => ("ok", None),
        Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NotConfigured => {
            ("not configured", None)
        }
        Err(failure) => {
            let mut detail = failure.problem().detail.clone();
            if let Failure::Fault { cause, .. } = &failure {
                eprintln!("not ready: {cause} (request_id {})", call.request_id());
                if let Some(reason) = reason(cause) {
                    detail = format!("{}: {reason}.", detail.trim_end_matches('.'));
                }
            }
            ("unavailable", Some(detail))
        }
    }
}
