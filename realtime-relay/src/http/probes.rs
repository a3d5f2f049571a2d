//! What operators look at: alive, ready, counters.

use super::Relay;
use super::answer::{Answer, answer};
use http::StatusCode;
use serde_json::json;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The stores are asked at most this often, however often `/readyz` is.
const ASK_EVERY: Duration = Duration::from_secs(1);
const ASK_TIMEOUT: Duration = Duration::from_secs(2);

/// What the stores answered last, and when.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Result<(), String>)>>);

/// The process answers.
pub(super) fn health() -> Answer {
    answer(StatusCode::OK, "application/json", json!({"status": "ok"}).to_string())
}

/// The stores answer, each by name, and the relay is not about to end.
pub(super) async fn readiness(relay: &Relay) -> Answer {
    let source = relay.shared.hub.source();
    let mut last = relay.readiness.0.lock().await;
    let known = last.as_ref().filter(|(at, _)| at.elapsed() < ASK_EVERY);
    let functions = match known {
        Some((_, result)) => result.clone(),
        None => {
            let asked = tokio::time::timeout(ASK_TIMEOUT, source.answers()).await;
            let result = match asked {
                Ok(Ok(())) => Ok(()),
                Ok(Err(away)) => {
                    tracing::warn!(store = source.name(), why = %away, "a store does not answer");
                    Err("it does not answer".to_owned())
                }
                Err(_) => Err("it did not answer in time".to_owned()),
            };
            *last = Some((Instant::now(), result.clone()));
            result
        }
    };
    drop(last);
    let draining = relay.sockets.is_draining();
    let (status, code) = match (&functions, draining) {
        (_, true) => ("draining", StatusCode::SERVICE_UNAVAILABLE),
        (Ok(()), false) => ("ready", StatusCode::OK),
        (Err(_), false) => ("not ready", StatusCode::SERVICE_UNAVAILABLE),
    };
    let store = match functions {
        Ok(()) => json!({"status": "ok"}),
        Err(detail) => json!({"status": "unavailable", "detail": detail}),
    };
    let not_configured = json!({"status": "not configured"});
    let document = json!({
        "status": status,
        "stores": {
            source.name(): store,
            "postgresql": not_configured,
            "redis": not_configured,
        },
    });
    answer(code, "application/json", document.to_string())
}

/// Everything counted, for Prometheus.
pub(super) fn metrics(relay: &Relay) -> Answer {
    answer(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", relay.shared.metrics.text())
}
