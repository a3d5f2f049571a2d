//! Waits for a condition with a deadline instead of sleeping.

use std::time::{Duration, Instant};

/// The time limit of everything on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Polls until there is an answer.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{what}: not within {PATIENCE:?}");
}
