//! What operators look at: alive, ready, counters.

use super::Relay;
use super::answer::{Answer, answer};
use crate::stream::{EventSource, Unready};
use crate::unavailable::Unavailable;
use http::StatusCode;
use serde_json::{Map, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The stores are asked at most this often, however often `/readyz` is.
const ASK_EVERY: Duration = Duration::from_secs(1);
const ASK_TIMEOUT: Duration = Duration::from_secs(2);

/// What the stores answered last, and when.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Vec<Store>)>>);

/// A store by name, and why it does not answer.
type Store = (&'static str, Result<(), String>);

/// The process answers.
pub(super) fn health() -> Answer {
    answer(StatusCode::OK, "application/json", json!({"status": "ok"}).to_string())
}

/// The stores answer, each by name, and the relay is not about to end.
pub(super) async fn readiness(relay: &Relay) -> Answer {
    let mut last = relay.readiness.0.lock().await;
    let known = last.as_ref().filter(|(at, _)| at.elapsed() < ASK_EVERY);
    let stores = match known {
        Some((_, stores)) => stores.clone(),
        None => {
            let stores = ask(relay).await;
            *last = Some((Instant::now(), stores.clone()));
            stores
        }
    };
    drop(last);
    let answer_all = stores.iter().all(|(_, state)| state.is_ok());
    let (status, code) = match (answer_all, relay.sockets.is_draining()) {
        (_, true) => ("draining", StatusCode::SERVICE_UNAVAILABLE),
        (true, false) => ("ready", StatusCode::OK),
        (false, false) => ("not ready", StatusCode::SERVICE_UNAVAILABLE),
    };
    let mut names = Map::new();
    if relay.teams.is_none() {
        for name in ["postgresql", "redis"] {
            names.insert(name.to_owned(), json!({"status": "not configured"}));
        }
    }
    for (name, state) in stores {
        let state = match state {
            Ok(()) => json!({"status": "ok"}),
            Err(detail) => json!({"status": "unavailable", "detail": detail}),
        };
        names.insert(name.to_owned(), state);
    }
    let document = json!({"status": status, "stores": names});
    answer(code, "application/json", document.to_string())
}

async fn ask(relay: &Relay) -> Vec<Store> {
    let hubs = [Some(&relay.shared), relay.teams.as_ref().map(|it| &it.shared)];
    let sources = hubs.into_iter().flatten().map(|shared| shared.hub.source());
    let answers = sources.flat_map(EventSource::answers).map(|(name, answer)| async move {
        let answer = tokio::time::timeout(ASK_TIMEOUT, answer).await;
        let silent = || Unready::of(Unavailable("no answer in time".to_owned()));
        (name, answer.unwrap_or_else(|_| Err(silent())))
    });
    let answers = futures::future::join_all(answers).await.into_iter();
    let state = |(name, answer): (&'static str, Result<(), Unready>)| {
        let state = answer.map_err(|Unready { detail, why }| {
            tracing::warn!(store = name, %why, "a store does not answer");
            detail
        });
        (name, state)
    };
    answers.map(state).collect()
}

/// Everything counted, for Prometheus. Not by a thread that has sockets to serve: it reads files.
pub(super) async fn metrics(relay: &Relay) -> Answer {
    let metrics = Arc::clone(&relay.shared.metrics);
    if let Some(traces) = &relay.traces {
        metrics.spans_are(traces.outcomes());
    }
    let text = tokio::task::spawn_blocking(move || metrics.text()).await.unwrap_or_default();
    answer(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
}
