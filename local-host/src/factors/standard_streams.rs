//! What a guest prints, line by line into the log with its component's id.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

/// A line longer than this is logged in pieces, so that a guest cannot fill the host's memory.
const MAX_LINE_BYTES: usize = 8 * 1024;

/// Standard output or standard error of a component's instances.
#[derive(Clone)]
pub(crate) struct LogStream {
    component: Arc<str>,
    name: &'static str,
}

impl LogStream {
    /// The stream called `name` (`stdout` or `stderr`) of `component`.
    pub(crate) fn new(component: &Arc<str>, name: &'static str) -> Self {
        Self { component: Arc::clone(component), name }
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(LineWriter { stream: self.clone(), line: Vec::new() })
    }
}

/// Collects bytes into lines; what is left when it goes is a line too.
struct LineWriter {
    stream: LogStream,
    line: Vec<u8>,
}

impl LineWriter {
    fn log_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        let line = line.trim_end();
        if !line.is_empty() {
            let LogStream { component, name } = &self.stream;
            tracing::info!(target: "guest", component = %component, stream = name, "{line}");
        }
        self.line.clear();
    }
}

impl AsyncWrite for LineWriter {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        for byte in bytes {
            if *byte == b'\n' {
                self.log_line();
                continue;
            }
            self.line.push(*byte);
            if self.line.len() >= MAX_LINE_BYTES {
                self.log_line();
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for LineWriter {
    fn drop(&mut self) {
        self.log_line();
    }
}
