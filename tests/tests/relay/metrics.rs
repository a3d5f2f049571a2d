//! `/metrics`: its format, when its values change, and its description in `docs/operations.md`.

use crate::support::{Person, Relay, World, ask, expect, subscribe, until};
use contract_tests::Client;
use contract_tests::prometheus::parse;
use contract_tests::socket::Ended;
use contract_tests::stack::{RELAY_SECRET, workspace};
use serde_json::json;
use shared::data::keys;
use shared::models::BoardId;
use std::collections::BTreeSet;

async fn text(relay: &Relay) -> String {
    let client = Client::new(relay.metrics_url.clone());
    let reply = client.get("/metrics").send().await.expect(200);
    let kind = reply.expect_header("content-type").to_owned();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    String::from_utf8(reply.body.to_vec()).expect("UTF-8")
}

/// The value of a sample without labels, once it exists.
pub(crate) async fn sample(relay: &Relay, name: &str) -> Option<f64> {
    let families = parse(&text(relay).await);
    families.get(name)?.samples.first().map(|(_, value)| *value)
}

/// The value of a sample, or the sum of a family; 0 if it is absent.
pub(crate) async fn value(relay: &Relay, name: &str) -> f64 {
    let families = parse(&text(relay).await);
    let samples = families.values().flat_map(|family| &family.samples);
    let of_name = |sample: &str| {
        sample.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('{'))
    };
    samples.filter(|(sample, _)| of_name(sample)).map(|(_, value)| value).sum()
}

/// Waits until a sample, or the sum of a family, is at least this.
async fn until_at_least(relay: &Relay, name: &str, least: f64) {
    let name = format!("realtime_relay_{name}");
    until(&format!("{name} is {least}"), async || {
        (value(relay, &name).await >= least).then_some(())
    })
    .await;
}

/// Publishes events until one is delivered live, which a fresh relay's first ones need not be:
/// returns its number.
async fn live(
    world: &World,
    relay: &Relay,
    who: &Person,
    board: u64,
    socket: &mut contract_tests::Socket,
) -> u64 {
    let mut last = 0;
    until("an event comes live", async || {
        world.add(who, board, 1).await;
        last += 1;
        expect(socket, board, last..=last).await;
        let appended = r#"realtime_relay_feed_events_total{outcome="appended"}"#;
        (value(relay, appended).await >= 1.0).then_some(last)
    })
    .await
}

/// The metrics' names in a text, without the suffixes of histograms.
fn names(text: &str, known: &BTreeSet<String>) -> BTreeSet<String> {
    let words = text.split(|byte: char| !(byte.is_ascii_alphanumeric() || byte == '_'));
    let ours = |word: &&str| word.starts_with("realtime_relay_") || word.starts_with("process_");
    let family = |word: &str| {
        let mut bases =
            ["_bucket", "_sum", "_count"].iter().filter_map(|suffix| word.strip_suffix(suffix));
        let base = bases.find(|base| known.contains(*base));
        base.unwrap_or(word).to_owned()
    };
    words.filter(ours).map(family).collect()
}

#[tokio::test]
async fn metrics_are_what_prometheus_reads_and_what_the_page_for_operators_explains() {
    let world = World::shared().await;
    let relay = Relay::start(&world, &[]).await;
    let families = parse(&text(&relay).await);
    let shown: BTreeSet<String> = families.keys().cloned().collect();
    assert!(shown.len() > 40, "{shown:?}");
    for place in ["docs/operations.md", "deploy/prometheus/alerts.yaml"] {
        let page = std::fs::read_to_string(workspace().join(place)).expect(place);
        let named = names(&page, &shown);
        let gone: Vec<_> = named.difference(&shown).collect();
        assert!(gone.is_empty(), "{place} names what /metrics does not show: {gone:?}");
        if place.starts_with("docs/") {
            let first_cell =
                |line: &str| line.strip_prefix("| ")?.split(" | ").next().map(str::to_owned);
            let cells: Vec<String> = page.lines().filter_map(first_cell).collect();
            let explained = names(&cells.join(" "), &shown);
            let undocumented: Vec<_> = shown.difference(&explained).collect();
            assert!(undocumented.is_empty(), "{place} does not explain {undocumented:?}");
        }
    }
}

#[tokio::test]
async fn metrics_of_delivery_move_when_events_are_delivered() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &["--ring-events", "1"]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let first = live(&world, &relay, &ada, board, &mut socket).await + 1;
    world.add(&ada, board, 5).await;
    expect(&mut socket, board, first..=first + 4).await;
    for (name, least) in [
        (r#"connections{mode="teams",transport="websocket"}"#, 1.0),
        ("subscriptions", 1.0),
        ("boards", 1.0),
        ("tasks", 5.0),
        ("deliveries_total", 5.0),
        ("frames_per_write_sum", 5.0),
        ("publish_to_write_seconds_count", 1.0),
        ("feed_entries_total", 5.0),
        (r#"feed_events_total{outcome="appended"}"#, 5.0),
        (r#"monitor_entries_total{outcome="counted"}"#, 5.0),
        (r#"store_up{store="redis"}"#, 1.0),
        (r#"store_up{store="postgresql"}"#, 1.0),
        (r#"store_connects_total{store="postgresql"}"#, 1.0),
        (r#"store_last_answer_timestamp_seconds{store="redis"}"#, 1.7e9),
    ] {
        until_at_least(&relay, name, least).await;
    }
    let slow = r#"realtime_relay_publish_to_write_seconds_bucket{le="30"}"#;
    let all = value(&relay, "realtime_relay_publish_to_write_seconds_count").await;
    assert!(value(&relay, slow).await >= all.min(1.0), "both use the same machine's clock");
    // Again, not from the ring, which holds one event.
    let (mut late, _) = relay.follow(&world, &ada, board, Some(0)).await;
    expect(&mut late, board, 1..=first + 4).await;
    until_at_least(&relay, r#"replayed_total{source="redis"}"#, 4.0).await;
    until_at_least(&relay, "subscribers_per_read_sum", 1.0).await;
    until_at_least(&relay, "source_reads_total", 2.0).await;
    // A cursor from a lost future.
    let answer = ask(&mut late, board, Some(5_000)).await;
    assert_eq!(answer["type"], "reset", "{answer}");
    until_at_least(&relay, r#"resets_total{reason="epoch"}"#, 1.0).await;
    drop((socket, late));
    until("nobody is connected", async || {
        (value(&relay, "realtime_relay_connections").await < 1.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn metrics_of_trouble_move_when_stores_are_unavailable_and_events_are_swept() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let last = live(&world, &relay, &ada, board, &mut socket).await;
    let feed = keys::feed(keys::shard(BoardId::new(board).expect("an id")));
    world.redis(&["XTRIM", &feed, "MAXLEN", "0"]);
    until_at_least(&relay, "feeds_restarted_total", 1.0).await;
    let connects = r#"realtime_relay_store_connects_total{store="redis"}"#;
    let before = value(&relay, connects).await;
    world.databases.kill_redis();
    until("Redis is reported as unavailable", async || {
        (value(&relay, r#"realtime_relay_store_up{store="redis"}"#).await < 1.0).then_some(())
    })
    .await;
    until_at_least(&relay, r#"store_failures_total{store="redis"}"#, 1.0).await;
    // Nobody publishes these. The first may be found by the check of the board that the loss of
    // Redis caused.
    let mut last = last;
    until("the safety net finds some", async || {
        world.commit(&ada, board, 2).await;
        expect(&mut socket, board, last + 1..=last + 2).await;
        last += 2;
        let swept = value(&relay, r#"realtime_relay_swept_events_total{by="safety-net"}"#).await;
        (swept >= 2.0).then_some(())
    })
    .await;
    until_at_least(&relay, r#"swept_boards_total{by="safety-net"}"#, 1.0).await;
    until_at_least(&relay, "gaps_healed_total", 2.0).await;
    world.databases.start_redis();
    until_at_least(&relay, r#"store_up{store="redis"}"#, 1.0).await;
    until("it is connected again", async || (value(&relay, connects).await > before).then_some(()))
        .await;
    until_at_least(&relay, r#"swept_boards_total{by="sweeper"}"#, 1.0).await;
    until_at_least(&relay, r#"swept_events_total{by="sweeper"}"#, 2.0).await;
    world.databases.kill_postgres();
    until_at_least(&relay, r#"store_failures_total{store="postgresql"}"#, 1.0).await;
    assert!(value(&relay, r#"realtime_relay_store_up{store="postgresql"}"#).await < 1.0);
    world.databases.start_postgres();
    until_at_least(&relay, r#"store_up{store="postgresql"}"#, 1.0).await;
}

#[tokio::test]
async fn metrics_of_clients_move_when_they_are_refused_or_closed() {
    let world = World::own().await;
    let ada = world.person().await;
    let relay = Relay::start(&world, &["--message-burst", "2"]).await;
    let client = Client::new(relay.url.clone());
    let _ = client.get("/ws").send().await.expect(426);
    let foreign = relay.open(&[("origin", "http://evil.example")]).await;
    assert!(matches!(foreign, Err(Ended::Broken(_))), "{foreign:?}");
    let event = json!({"epoch": "e", "event": {
        "board_id": 7, "seq": 1, "action": "Add", "entity": "task", "task": {},
    }});
    let bearer = format!("Bearer {RELAY_SECRET}");
    let post = client.post("/internal/quick-win/events", &event);
    let _ = post.header("authorization", &bearer).send().await.expect(204);
    let mut hasty = relay.socket(&world, &ada).await;
    for _ in 0..5 {
        hasty.say(&json!({"type": "ping"})).await;
    }
    hasty.say_bytes(b"binary").await;
    assert_eq!(hasty.closed().await, 4400);
    let mut ends = relay.socket(&world, &ada).await;
    let disable = format!("UPDATE users SET disabled = true WHERE id = {}", ada.id);
    world.sql.batch_execute(&disable).await.expect("disabled");
    world.tell_control(&ada);
    assert_eq!(ends.closed().await, 4401);
    for (name, least) in [
        (r#"refused_handshakes_total{reason="not-an-upgrade"}"#, 1.0),
        (r#"refused_handshakes_total{reason="foreign-origin"}"#, 1.0),
        (r#"internal_posts_total{outcome="unwatched"}"#, 1.0),
        ("rate_limited_total", 1.0),
        (r#"closed_total{code="4400"}"#, 1.0),
        (r#"closed_total{code="4401"}"#, 1.0),
        ("revoked_total", 1.0),
    ] {
        until_at_least(&relay, name, least).await;
    }
}

#[tokio::test]
async fn metrics_of_the_process_are_there_and_a_relay_that_ends_says_so() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &["--drain-ms", "60000"]).await;
    let mut socket = relay.socket(&world, &ada).await;
    subscribe(&mut socket, board, None).await;
    let families = parse(&text(&relay).await);
    let single = |name: &str| families[name].samples[0].1;
    assert!(single("process_resident_memory_bytes") > 1e6);
    assert!((5.0..500.0).contains(&single("process_open_fds")));
    assert!(single("process_max_fds") > single("process_open_fds"));
    assert!(single("process_cpu_seconds_total") < 60.0);
    let started = single("process_start_time_seconds");
    let age = crate::support::seconds() as f64 - started;
    assert!((-2.0..120.0).contains(&age), "it started {age} s ago");
    let build = &families["realtime_relay_build_info"].samples[0];
    let version = concat!("realtime_relay_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}");
    assert_eq!(*build, (version.to_owned(), 1.0));
    assert!(value(&relay, "realtime_relay_draining").await < 1.0);
    crate::support::signal(&relay, "-TERM").await;
    until_at_least(&relay, "draining", 1.0).await;
    let late = relay.open(&[]).await;
    assert!(late.is_err(), "{late:?}");
    until_at_least(&relay, r#"refused_handshakes_total{reason="draining"}"#, 1.0).await;
}
