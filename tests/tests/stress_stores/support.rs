//! The common parts of all scenarios with failing stores: the crowd, the measurements, and the
//! final checks.

use contract_tests::Client;
use contract_tests::api::{Mode, seq};
use contract_tests::stress::{Arena, ClientPlan, Outcome, Plan, WriterPlan, scale, scaled};
use fastrand::Rng;
use futures::future::join_all;
use redis::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

/// The limit here for what must happen within two seconds, because everything competes for this
/// machine.
pub(crate) const GENEROUS: Duration = Duration::from_secs(10);

/// The limit for what only has to happen before a scenario begins.
const TO_BEGIN: Duration = Duration::from_secs(60);

/// After how many milliseconds a restless client breaks its connection.
const RESTLESS: Range<u64> = 300..2_000;

/// The name prefix of clients that stay connected, and must not be disconnected.
const STEADY: &str = "steady";

/// Three relays and some boards of a team.
pub(crate) fn plan() -> Plan {
    let plan = Plan::new(Mode::TEAMS);
    Plan { relays: 3, people: 4, boards: scaled(8), ..plan }
}

/// Clients that follow three boards each: half stay connected, half come and go.
pub(crate) fn populate(arena: &Arena, dice: &mut Rng) {
    for number in 0..scaled(40) {
        let mut boards = arena.boards.clone();
        dice.shuffle(&mut boards);
        boards.truncate(3);
        let steady = number % 2 == 0;
        let name = format!("{}-{number}", if steady { STEADY } else { "restless" });
        let plan = ClientPlan::new(name, number, boards, dice);
        arena.follow(if steady { plan } else { plan.restless(RESTLESS) });
    }
}

/// People of this name who write to these boards until the scenario ends.
pub(crate) fn write(arena: &Arena, name: &str, boards: &[u64], dice: &mut Rng) {
    for number in 0..6 {
        let plan = WriterPlan::new(format!("{name}-{number}"), number, boards.to_vec(), dice);
        arena.write(plan.pause(0..60));
    }
}

/// Starts all of the above on all boards, and waits until everything is running.
pub(crate) async fn begin(plan: Plan, dice: &mut Rng) -> Arena {
    let arena = Arena::start(plan).await;
    populate(&arena, dice);
    subscribed(&arena).await;
    let boards = arena.boards.clone();
    write(&arena, "writer", &boards, dice);
    go_on(dice, 700..1_200).await;
    arena
}

/// Waits until every client that stays connected has subscribed to all of its boards: before that
/// it needs a host for its snapshots, also where the scenario kills the only one.
///
/// # Panics
/// If it takes too long.
async fn subscribed(arena: &Arena) {
    let start = Instant::now();
    let clients = arena.clients();
    loop {
        let mut waiting = clients.iter().filter(|client| client.plan.name.starts_with(STEADY));
        let lacks = waiting.find(|client| {
            let status = client.status();
            status.subscribed.len() < status.cursors.len()
        });
        let Some(client) = lacks else { return };
        assert!(
            start.elapsed() < TO_BEGIN,
            "{} is not subscribed within {TO_BEGIN:?}: {}",
            client.plan.name,
            client.status().trouble
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Lets the traffic go on for a random time within this range of milliseconds (longer at a larger
/// scale).
pub(crate) async fn go_on(dice: &mut Rng, milliseconds: Range<u64>) {
    let pause = Duration::from_millis(dice.u64(milliseconds));
    tokio::time::sleep(pause.mul_f64(scale().max(1.0))).await;
}

/// Each board's newest event in PostgreSQL.
pub(crate) fn heads(arena: &Arena) -> BTreeMap<u64, u64> {
    let rows = arena.databases().psql("SELECT id, seq FROM boards").expect("boards");
    let number = |text: &str| text.parse().expect("a number");
    let rows = rows.lines().filter_map(|row| row.split_once('|'));
    rows.map(|(board, seq)| (number(board), number(seq))).collect()
}

/// How long it takes until all clients that stay connected have everything committed so far.
///
/// # Panics
/// If it takes too long.
pub(crate) async fn seen(arena: &Arena) -> Duration {
    let (start, heads) = (Instant::now(), heads(arena));
    let clients = arena.clients();
    let steady = || clients.iter().filter(|client| client.plan.name.starts_with(STEADY));
    loop {
        let mut behind = Vec::new();
        for client in steady() {
            let lacks = |(board, seq): &(&u64, &u64)| !client.has(**board, **seq);
            behind.extend(heads.iter().find(lacks).map(|lack| (&client.plan.name, lack)));
        }
        if behind.is_empty() {
            return start.elapsed();
        }
        assert!(start.elapsed() < GENEROUS, "not seen within {GENEROUS:?}: {behind:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How long it takes until Redis has everything committed so far.
///
/// # Panics
/// If it takes too long.
pub(crate) async fn published(arena: &Arena) -> Duration {
    let (start, heads) = (Instant::now(), heads(arena));
    let mut redis = arena.databases().redis_connection();
    for (board, head) in &heads {
        // A missing stream misleads nobody: it is created when it is needed.
        while let Some(newest) = newest(&mut redis, *board).filter(|newest| newest < head) {
            let took = start.elapsed();
            assert!(took < GENEROUS, "board {board} is at {newest} of {head} after {took:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    start.elapsed()
}

/// The newest event in a board's stream; none if there is no stream.
fn newest(redis: &mut redis::Connection, board: u64) -> Option<u64> {
    let key = format!("{{s{}}}:board:{board}:events", board % 16);
    let reported: Vec<Value> = redis::cmd("XINFO").arg("STREAM").arg(key).query(redis).ok()?;
    let bulk = |text: &str| Value::BulkString(text.as_bytes().to_vec());
    let pair = reported.chunks(2).find(|pair| pair[0] == bulk("last-generated-id"))?;
    let Value::BulkString(id) = pair.get(1)? else { return None };
    String::from_utf8_lossy(id).split_once('-')?.0.parse().ok()
}

/// Whether the cache serves a board in the version at the time of the request or a newer one.
pub(crate) async fn is_cached(arena: &Arena, board: u64) -> bool {
    let path = format!("{}/{board}", arena.plan.mode.boards);
    let head = heads(arena)[&board];
    let reply = arena.api(0).get(&path).try_send().await.expect("an answer").expect(200);
    reply.header("x-cache") == Some("hit") && seq(&reply.json()) >= head
}

/// Both: all connected clients have it, and so has Redis. The promise is two seconds.
pub(crate) async fn healed(arena: &Arena, after: &str) {
    let (seen, published) = (seen(arena).await, published(arena).await);
    eprintln!("healed after {after}: seen within {seen:?}, published {published:?} later");
}

/// Repeats all of the writers' creations so far with the same keys: nothing is created twice.
///
/// # Panics
/// If something is.
pub(crate) async fn repeat(arena: &Arena, after: &str) {
    let writers = arena.writers();
    let repeated = join_all(writers.iter().map(|writer| writer.repeat())).await;
    let repeated: usize = repeated.into_iter().sum();
    assert!(repeated > 0, "nothing was created before {after}");
    eprintln!("after {after} {repeated} retries were answered as replays");
}

/// A relay's `/readyz`: its status, and the state of each store.
pub(crate) async fn readiness(arena: &Arena, relay: usize) -> (u16, serde_json::Value) {
    let client = Client::new(arena.relay_url(relay));
    let reply = client.get("/readyz").try_send().await.expect("an answer");
    (reply.status, reply.json()["stores"].clone())
}

/// Waits until every relay reports this state of a store, `ok` or `unavailable`, with the matching
/// status.
///
/// # Panics
/// If one does not.
pub(crate) async fn says(arena: &Arena, store: &str, state: &str) {
    for relay in 0..arena.relays() {
        let start = Instant::now();
        loop {
            let (status, stores) = readiness(arena, relay).await;
            if stores[store]["status"] == state {
                assert_eq!(status == 200, state == "ok", "{status} with {stores}");
                break;
            }
            assert!(
                start.elapsed() < GENEROUS,
                "relay {relay} reports {stores}, not {store} {state}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// How many writes so far were answered `Event-Delivery: deferred`, and how many attempts got no
/// answer or 5xx.
pub(crate) fn troubles(arena: &Arena) -> (usize, usize) {
    let written = arena.writers().into_iter().map(|writer| writer.written());
    written.fold((0, 0), |(deferred, retries), written| {
        (deferred + written.deferred, retries + written.retries)
    })
}

/// The final checks: all promises were kept, nobody was disconnected, and Redis has what PostgreSQL
/// has.
pub(crate) async fn end(arena: &Arena) -> Outcome {
    let outcome = finish(arena).await;
    for client in arena.clients() {
        let (name, status) = (&client.plan.name, client.status());
        if name.starts_with(STEADY) {
            assert_eq!((status.connections, status.closes.len()), (1, 0), "{name} was cut off");
        }
    }
    outcome
}

/// The same where every client had to disconnect once.
pub(crate) async fn finish(arena: &Arena) -> Outcome {
    arena.end_writers().await;
    published(arena).await;
    let outcome = arena.finish().await;
    assert!(outcome.events > 50, "too little was written: {outcome:?}");
    let (deferred, retries) = troubles(arena);
    let resets: usize = arena.clients().iter().map(|client| client.status().resets.len()).sum();
    eprintln!("{outcome:?}, {deferred} deferred, {retries} retries, {resets} resets");
    for client in arena.clients() {
        let (name, status) = (&client.plan.name, client.status());
        assert_eq!(status.over, None, "{name}");
        assert!(status.ended.is_empty(), "{name}: {:?}", status.ended);
        // Nobody is disconnected because a store is unavailable; a client that leaves gets no code.
        let codes: Vec<u16> = status.closes.iter().copied().flatten().collect();
        assert!(codes.is_empty(), "{name} was closed with {codes:?}");
    }
    for board in &arena.boards {
        let (streamed, logged) =
            (arena.databases().streamed(*board), arena.databases().logged(*board));
        let first = streamed.first().map_or(logged.len() + 1, |event| number(seq(event)));
        assert!(streamed == logged[first - 1..], "stream and log of board {board} differ");
    }
    outcome
}

fn number(seq: u64) -> usize {
    usize::try_from(seq).expect("a small number")
}
