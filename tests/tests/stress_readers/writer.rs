//! Steady writes: commits and publishes events of some boards until it is stopped.

use crate::support::{Person, World};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A board, an event's number, and when it was committed.
pub(crate) type Written = (u64, u64, Instant);

/// A running writer.
pub(crate) struct Writer {
    stop: watch::Sender<bool>,
    written: Arc<Mutex<Vec<Written>>>,
    task: JoinHandle<()>,
}

impl Writer {
    /// Writes an event of about this many bytes to one of the boards at each interval.
    pub(crate) async fn start(
        world: &World,
        owner: &Person,
        boards: &[u64],
        every: Duration,
        bytes: usize,
    ) -> Self {
        let (stop, written) = (watch::Sender::new(false), Arc::new(Mutex::new(Vec::new())));
        let (world, owner, boards) = (world.beside().await, owner.clone(), boards.to_vec());
        let (stopped, log) = (stop.subscribe(), Arc::clone(&written));
        let task = tokio::spawn(async move {
            let mut pause = tokio::time::interval(every);
            for board in boards.iter().cycle() {
                pause.tick().await;
                if *stopped.borrow() {
                    return;
                }
                write(&world, &owner, *board, bytes, &log).await;
            }
        });
        Self { stop, written, task }
    }

    /// Stops after the current write; returns what was written.
    pub(crate) async fn stop(self) -> Vec<Written> {
        self.stop.send_replace(true);
        self.task.await.expect("a writer that did not fail");
        self.written.lock().expect("the log").clone()
    }
}

async fn write(world: &World, owner: &Person, board: u64, bytes: usize, log: &Mutex<Vec<Written>>) {
    let task = json!({"title": "steady", "description": "x".repeat(bytes)});
    let event = world.commit_task(owner, board, &task).await;
    let seq = number(&event);
    log.lock().expect("the log").push((board, seq, Instant::now()));
    // If Redis is unavailable the relays find it and the sweeper publishes it.
    let _ = world.try_publish(&[event]);
}

/// Writes this many events of about this many bytes in sequence; returns the last one's number.
pub(crate) async fn write_many(
    world: &World,
    owner: &Person,
    board: u64,
    count: u64,
    bytes: usize,
) -> u64 {
    let log = Mutex::new(Vec::new());
    for _ in 0..count {
        write(world, owner, board, bytes, &log).await;
    }
    log.into_inner().expect("the log").last().map_or(0, |(_, seq, _)| *seq)
}

pub(crate) fn number(event: &str) -> u64 {
    let event: Value = serde_json::from_str(event).expect("an event");
    event["seq"].as_u64().expect("a number")
}

/// The last event that was written of a board.
pub(crate) fn head(written: &[Written], board: u64) -> u64 {
    written.iter().rev().find(|(of, _, _)| *of == board).map_or(0, |(_, seq, _)| *seq)
}
