//! The steps whose instructions `cargo xtask bench counts` counts, each done a number of times:
//! `bench-counted STEP ROUNDS`; `bench-counted steps` lists them.

use anyhow::{Context, Result, anyhow, ensure};
use benchmarks::publish::event;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use platform::ready_document::{Moment, ReadyDocument};
use realtime_relay::connection::{Connection, WriteOutcome};
use realtime_relay::event::{EventFrame, encode};
use realtime_relay::hub::{Cursor, Hub, HubSettings};
use realtime_relay::metrics::{Metrics, Store};
use realtime_relay::stream::{EventSource, Page, Purpose, Read, StoreState};
use realtime_relay::unavailable::Unavailable;
use realtime_relay::websocket::text_frame;
use serde_json::json;
use serde_json::value::RawValue;
use shared::auth::{Claims, Keys};
use shared::data::publication::Publication;
use shared::models::{BoardId, Role, Seq, Timestamp, User};
use std::hint::black_box;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

const BOARD: u64 = 7;

/// Bytes of an event.
const BYTES: usize = 425;

/// Subscribers in a step of the fan-out.
const SUBSCRIBERS: usize = 64;

/// Tasks of the board that is assembled.
const TASKS: usize = 200;

/// 2026-01-02T03:04:05Z.
const NOW: i64 = 1_767_323_045_000;

type Step = fn(u64) -> Result<()>;

const STEPS: [(&str, Step); 6] = [
    ("board-assembly", board_assembly),
    ("event-decode", event_decode),
    ("event-to-publish", event_to_publish),
    ("fan-out-to-64", fan_out),
    ("frame-encode", frame_encode),
    ("token-check", token_check),
];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().context("a step")?;
    if name == "steps" {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        writeln!(std::io::stdout(), "{}", names.join("\n"))?;
        return Ok(());
    }
    let rounds = arguments.next().context("how often")?.parse()?;
    let step = STEPS.iter().find(|(known, _)| *known == name);
    step.with_context(|| format!("no step {name}"))?.1(rounds)
}

/// A WebSocket frame around an event that is decoded.
fn frame_encode(rounds: u64) -> Result<()> {
    let event = event(BOARD, 1, BYTES);
    for _ in 0..rounds {
        black_box(text_frame(&[r#"{"type":"event","board":7,"#, black_box(&event)]));
    }
    Ok(())
}

/// What the relay does to an event of a feed.
fn event_decode(rounds: u64) -> Result<()> {
    let event = RawValue::from_string(event(BOARD, 1, BYTES))?;
    for _ in 0..rounds {
        black_box(encode(black_box(&event))?);
    }
    Ok(())
}

/// What a function reads of an event that it publishes.
fn event_to_publish(rounds: u64) -> Result<()> {
    let event = event(BOARD, 1, BYTES);
    for _ in 0..rounds {
        black_box(Publication::of(black_box(&event))?);
    }
    Ok(())
}

/// Whether a token is valid.
fn token_check(rounds: u64) -> Result<()> {
    let keys = Keys::new(&"k".repeat(32), "").map_err(|error| anyhow!("{error}"))?;
    let now = Timestamp::from_milliseconds(NOW);
    let user = User {
        id: 7,
        username: "ada".to_owned(),
        display_name: "Ada".to_owned(),
        role: Role::User,
        created_at: now,
    };
    let token = Claims::issue(&user, 3, "5f1c", now).sign(&keys);
    for _ in 0..rounds {
        let claims = Claims::verify(black_box(&token), &keys, now);
        black_box(claims.map_err(|refused| anyhow!("{refused}"))?);
    }
    Ok(())
}

/// A board of 200 tasks as the cache keeps it and as a member who accepts gzip gets it, from what PostgreSQL
/// returns.
fn board_assembly(rounds: u64) -> Result<()> {
    let tasks: Vec<_> = (1..=TASKS)
        .map(|id| {
            json!({
                "id": id, "board_id": BOARD, "title": format!("Write down part {id}"),
                "description": "The three of us met and found a way.", "status": "todo",
                "position": format!("a{id:04}"), "labels": ["notes"], "version": 1,
            })
        })
        .collect();
    let rest = json!({
        "id": BOARD, "epoch": "1d08bd32d2afd03a", "name": "Plan", "seq": 205, "version": 2,
        "columns": [{"key": "todo"}, {"key": "done"}], "updated_at": "2026-01-02T03:04:05.678Z",
        "tasks": tasks, "members": [{"id": 3, "role": "owner"}],
    })
    .to_string();
    let moment = Moment {
        board: BoardId::new(BOARD).context("an id")?,
        seq: Seq::new(205).context("a seq")?,
        updated_at: "2026-01-02T03:04:05.678Z".to_owned(),
        epoch: "1d08bd32-d2af-4f2a-8d2b-0f6f6f0b7c11".to_owned(),
    };
    for _ in 0..rounds {
        let made = ReadyDocument::new(&moment, black_box(&rest[1..]), true);
        let value = made.value().context("not too large")?.to_vec();
        let kept = ReadyDocument::kept(value, &moment).context("of this moment")?;
        black_box(kept.body("owner"));
    }
    Ok(())
}

/// A source of a board to which nothing has happened.
struct Nothing;

impl EventSource for Nothing {
    fn read(
        &self,
        _: BoardId,
        _: u64,
        _: usize,
        _: Purpose,
    ) -> BoxFuture<'_, Result<Read, Unavailable>> {
        let (epoch, origin) = ("e".into(), Store::Redis);
        let page = Page { epoch, head: 0, certain: true, origin, events: Vec::new() };
        async { Ok(Read::Page(page)) }.boxed()
    }

    fn answers(&self) -> Vec<StoreState<'_>> {
        Vec::new()
    }
}

/// An event from its offer to the sockets of all subscribers.
fn fan_out(rounds: u64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let hour = Duration::from_secs(3_600);
        let settings = HubSettings {
            boards: 1,
            ring_events: 1_000,
            ring_bytes: 8 << 20,
            check_interval: hour,
            linger: hour,
        };
        let (metrics, board) =
            (Arc::new(Metrics::default()), BoardId::new(BOARD).context("an id")?);
        let hub = Hub::new(Arc::new(Nothing), settings, Arc::clone(&metrics), None);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (mut clients, mut connections) = (Vec::new(), Vec::new());
        for id in 0..SUBSCRIBERS as u64 {
            let client = TcpStream::connect(listener.local_addr()?).await?;
            let connection = Arc::new(Connection::new(id, listener.accept().await?.0));
            let watched = hub.watch(board, &connection).context("watched")?;
            connection.outbox().subscribe(watched, Cursor::asked(None, None), None);
            clients.push(client);
            connections.push(connection);
        }
        for connection in &connections {
            while !connection.outbox().is_granted(board) {
                tokio::task::yield_now().await;
                ensure!(
                    connection.write_pending(&metrics) != WriteOutcome::Broken,
                    "a socket is broken"
                );
            }
            // Locking an outbox would leave the writing to its connection's own task, so it is not
            // held any longer.
            ensure!(
                connection.write_pending(&metrics) == WriteOutcome::Done,
                "a socket that accepts nothing"
            );
        }
        let mut bytes = vec![0; 64 << 10];
        for client in &mut clients {
            // That it is subscribed.
            client.readable().await?;
            while client.try_read(&mut bytes).is_ok() {}
        }
        let last = clients.last_mut().context("a client")?;
        for seq in 1..=rounds {
            let event = RawValue::from_string(event(BOARD, seq, BYTES))?;
            let (_, frame): (_, EventFrame) = encode(&event)?;
            let length = frame.frame.len();
            hub.offer(board, "e", frame);
            last.read_exact(&mut bytes[..length]).await?;
        }
        Ok(())
    })
}
