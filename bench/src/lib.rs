//! Measures the cost of the task board and its peers: load generators for HTTP and WebSocket, the
//! resources of every process, and the reports. docs/performance.md says what is measured and how.
//!
//! Reading order: [`scenarios`] (what is measured), [`load`] (requests, closed and open loop),
//! [`audience`] (sockets that check what they receive), [`process`] (CPU and memory), [`servers`] (the
//! task board and its peers), [`report`] (table, JSON and chart).

pub mod audience;
pub mod chart;
pub mod frames;
pub mod handshake;
pub mod http;
pub mod latency;
pub mod load;
pub mod measured;
pub mod ports;
pub mod process;
pub mod publish;
pub mod report;
pub mod scenarios;
pub mod sequence;
pub mod servers;
pub mod stores;
