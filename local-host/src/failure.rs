//! Why an instance ended before its time, and who is notified.

use std::sync::Arc;

use tokio::sync::oneshot;
use wasmtime::{Error, WasmBacktrace};

/// What `ProxyHandler` calls an instance that it ended because its time was up.
const TIMED_OUT: &str = "guest timed out";

/// What `ProxyHandler` calls the end of an instance that it did not bring about itself: the host
/// panicked, or it stops and drops everything.
const DROPPED: &str = "worker panicked";

/// The reason that an instance ended.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Its guest took longer than it may.
    TimedOut,
    /// The host stopped.
    CutOff,
    /// Its guest trapped.
    Trapped {
        cause: String,
        /// Where in the guest, one frame a line; empty if that is not known.
        backtrace: String,
    },
}

/// A request that wants to know why its instance ended.
pub(crate) struct Listener {
    pub(crate) request_id: Arc<str>,
    /// Closed when the request is through.
    pub(crate) report: oneshot::Sender<Arc<Failure>>,
}

impl Listener {
    /// Whether the request still waits.
    pub(crate) fn is_listening(&self) -> bool {
        !self.report.is_closed()
    }
}

impl Failure {
    /// What an instance's error means.
    ///
    /// Formats the parts one by one: the `Debug` form of the whole error also holds a native
    /// backtrace, whose symbols take a third of a second to find.
    pub(crate) fn of_instance(error: &Error) -> Self {
        let cause = error.root_cause().to_string();
        if cause == TIMED_OUT {
            return Self::TimedOut;
        }
        if cause == DROPPED && !std::thread::panicking() {
            return Self::CutOff;
        }
        let backtrace = error.downcast_ref::<WasmBacktrace>().map(ToString::to_string);
        Self::Trapped { cause, backtrace: backtrace.unwrap_or_default() }
    }

    /// Logs it once, with all requests that it ended, and fails them.
    pub(crate) fn report(self, component: &str, listeners: Vec<Listener>) {
        let waiting = || listeners.iter().filter(|listener| listener.is_listening());
        let request_ids: Vec<&str> = waiting().map(|listener| &*listener.request_id).collect();
        let request_id = request_ids.join(" ");
        match &self {
            Self::TimedOut if request_ids.is_empty() => {
                tracing::warn!(component, "ended an instance that went on working for too long");
            }
            Self::TimedOut => {
                tracing::error!(component, request_id, "ended a guest that took too long");
            }
            // The server has named the requests that its stop cuts off.
            Self::CutOff => {
                tracing::debug!(component, request_id, "dropped an instance");
            }
            Self::Trapped { cause, backtrace } => {
                tracing::error!(component, request_id, cause, backtrace, "a guest trapped");
            }
        }
        let failure = Arc::new(self);
        for listener in listeners {
            // A request that is through by now does not need to know.
            let _ = listener.report.send(Arc::clone(&failure));
        }
    }
}
