//! The end of a scenario: all clients catch up, and then everything is checked.

use super::Arena;
use crate::api::{Mode, seq};
use crate::stack::workspace;
use futures::future::join_all;
use history::{Json, Record};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long it may take until every client has everything.
const PATIENCE: Duration = Duration::from_secs(40);

/// How long a relay may keep resources of clients that have left.
const LINGER: Duration = Duration::from_secs(15);

/// How many tasks a relay without connections may have: about 20 (docs/operations.md), and some
/// that are just ending.
const TASKS: f64 = 60.0;

/// How many faults, such as stuck clients, are printed.
const NAMED: usize = 12;

/// The outcome of a scenario.
#[derive(Debug)]
pub struct Outcome {
    /// The last event of each board.
    pub heads: BTreeMap<u64, u64>,
    /// Events in the logs of all boards.
    pub events: u64,
    /// Events received by all clients together.
    pub received: u64,
    /// The time from the last write until every client had everything.
    pub settled: Duration,
}

impl Arena {
    /// Ends the writers, waits until every client has everything, reads the stored state, and fails
    /// with every promise that was not kept.
    ///
    /// # Panics
    /// If a client gets stuck, a write got no answer, a promise was broken, or a relay keeps resources
    /// of clients that have left.
    pub async fn finish(&self) -> Outcome {
        self.end_writers().await;
        let truth = self.truth().await;
        let heads: BTreeMap<u64, u64> =
            truth.iter().map(|(board, (_, document))| (*board, seq(document))).collect();
        let (settled, mut faults) = self.settle(&heads).await;
        join_all(self.clients().iter().map(|client| client.stop())).await;
        let events = truth.values().map(|(events, _)| events.len() as u64).sum();
        faults.extend(self.count_what_was_made(&truth));
        self.record(truth);
        self.judge(&faults);
        self.expect_nothing_left().await;
        let received = self.clients().iter().map(|client| client.status().received).sum();
        Outcome { heads, events, received, settled }
    }

    /// Lets all writers finish their current writes.
    ///
    /// # Panics
    /// If one of them gave up on a write.
    pub async fn end_writers(&self) {
        for writer in self.writers() {
            writer.stop().await;
            let written = writer.written();
            assert!(
                written.given_up.is_empty(),
                "no answer to {:?} of {}",
                written.given_up,
                writer.plan.name
            );
        }
    }

    /// The event log and the document of each remaining board.
    async fn truth(&self) -> BTreeMap<u64, (Vec<Value>, Value)> {
        let mut truth = BTreeMap::new();
        let api = self.api(0);
        for board in &self.boards {
            let path = format!("{}/{board}", self.plan.mode.boards);
            let events = match self.plan.mode {
                Mode::QUICK_WIN => self.paged(*board).await,
                _ => self.logged(*board).await,
            };
            let head = events.last().map_or(0, seq);
            let whole = match self.plan.mode {
                Mode::QUICK_WIN => path,
                _ => format!("{path}?min_seq={head}"),
            };
            let reply = api.get(&whole).try_send().await.expect("the board");
            if reply.status != 404 {
                truth.insert(*board, (events, reply.expect(200).json()));
            }
        }
        truth
    }

    /// The events of a board from PostgreSQL. Not by psql, which omits Unicode's
    /// noncharacters.
    async fn logged(&self, board: u64) -> Vec<Value> {
        let address = self.databases().database_url();
        let (sql, connection) =
            tokio_postgres::connect(&address, tokio_postgres::NoTls).await.expect("PostgreSQL");
        tokio::spawn(connection);
        let statement = "SELECT event::text FROM events WHERE board_id = $1 ORDER BY seq";
        let board = i64::try_from(board).expect("an id");
        let rows = sql.query(statement, &[&board]).await.expect("events");
        rows.iter().map(|row| serde_json::from_str(row.get(0)).expect("JSON")).collect()
    }

    /// The events of a board from the API, page by page.
    async fn paged(&self, board: u64) -> Vec<Value> {
        let (api, mut events, mut next) = (self.api(0), Vec::new(), Some(0));
        while let Some(after) = next {
            let path = format!("{}/{board}/events?after={after}", self.plan.mode.boards);
            let page = api.get(&path).try_send().await.expect("a page");
            if page.status == 404 {
                break;
            }
            let page = page.expect(200).json();
            events.extend(page["items"].as_array().expect("`items`").iter().cloned());
            next = page["next_after"].as_u64();
        }
        events
    }

    /// Waits until every client has everything; returns how long that took, and which clients got
    /// stuck, where and why.
    async fn settle(&self, heads: &BTreeMap<u64, u64>) -> (Duration, Vec<String>) {
        self.shared.calm.send_replace(true);
        for client in self.clients() {
            client.conduct(super::Conduct::Follow);
        }
        let start = Instant::now();
        loop {
            let stuck = self.behind(heads);
            if stuck.is_empty() || start.elapsed() >= PATIENCE {
                return (start.elapsed(), stuck);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// The clients that do not have everything, and their progress.
    fn behind(&self, heads: &BTreeMap<u64, u64>) -> Vec<String> {
        let mut stuck = Vec::new();
        for client in self.clients() {
            let has_all = heads.iter().all(|(board, head)| client.has(*board, *head));
            let status = client.status();
            let subscribed = status.cursors.keys().all(|board| status.subscribed.contains(board));
            if status.over.is_some() || (has_all && subscribed) {
                continue;
            }
            let mut text = format!("{} at", client.plan.name);
            for (board, cursor) in &status.cursors {
                let head = heads.get(board).copied().unwrap_or_default();
                let _ = write!(text, " {board}: {} of {head},", cursor.unwrap_or_default());
            }
            let _ = write!(text, " relay {:?} got stuck, {}", status.relay, status.trouble);
            stuck.push(text);
        }
        stuck
    }

    /// Checks that everything acknowledged as created exists exactly once, however often it was
    /// requested; returns the exceptions.
    fn count_what_was_made(&self, truth: &BTreeMap<u64, (Vec<Value>, Value)>) -> Vec<String> {
        let mut faults = Vec::new();
        for writer in self.writers() {
            for (board, key) in writer.written().made {
                let Some((events, _)) = truth.get(&board) else { continue };
                let made = events.iter().filter(|event| {
                    let (task, comment) = (&event["task"]["title"], &event["comment"]["body"]);
                    let what = if event["entity"] == "comment" { comment } else { task };
                    event["action"] == "Add" && *what == key
                });
                match made.count() {
                    1 => {}
                    count => faults.push(format!("{key} was made {count} times on board {board}")),
                }
            }
        }
        faults
    }

    fn record(&self, truth: BTreeMap<u64, (Vec<Value>, Value)>) {
        for (board, (events, document)) in truth {
            for event in events {
                let (seq, event) = (seq(&event), Json::from(event));
                self.recording.add(Record::Committed { board, seq, event });
            }
            self.recording.add(Record::Final { board, document: document.into() });
        }
    }

    /// Checks the recording, and keeps it if there is a fault.
    fn judge(&self, faults: &[String]) {
        let verdict = self.recording.look(history::check);
        if verdict.is_proved() && faults.is_empty() {
            return;
        }
        let place = self.keep_recording();
        let named = faults[..faults.len().min(NAMED)].join("\n");
        panic!("{} faults:\n{named}\n{verdict}\nthe recording: {place}", faults.len());
    }

    /// Saves the recording for inspection; returns its path.
    fn keep_recording(&self) -> String {
        let number = fastrand::u32(..);
        let place = workspace().join(format!("target/contract-tests/recording-{number}.jsonl"));
        let file = std::fs::File::create(&place).expect("a file for the recording");
        self.recording.write_to(&mut std::io::BufWriter::new(file)).expect("the recording");
        place.display().to_string()
    }

    /// Checks that the relays have no connections, subscriptions or tasks of clients left.
    ///
    /// # Panics
    /// If they still have some after a while.
    pub async fn expect_nothing_left(&self) {
        #[expect(clippy::cast_precision_loss, reason = "a handful of relays")]
        let own = TASKS * self.relays() as f64;
        for (name, most) in [
            ("realtime_relay_connections", 0.0),
            ("realtime_relay_subscriptions", 0.0),
            ("realtime_relay_tasks", own),
        ] {
            let deadline = Instant::now() + LINGER;
            loop {
                let left = self.metric_of_all(name).await;
                if left <= most {
                    break;
                }
                assert!(Instant::now() < deadline, "{name} stays at {left} after all left");
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}
