//! The outbox over a real socket whose other side does not read.
