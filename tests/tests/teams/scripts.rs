//! The scripts that run inside Redis (docs/contract/realtime.md, RT-PUBLISH).

use contract_tests::api::seq;
use contract_tests::chance::dice;
use contract_tests::redis_server::RedisServer;
use fastrand::Rng;
use redis::Connection;
use serde_json::{Value, json};
use shared::data::publication::{Limits, Publication, publish_arguments, publish_arguments_within};
use shared::data::scripts::{PUBLISH, STREAM_FORGET};
use shared::models::BoardId;
use std::sync::atomic::{AtomicU64, Ordering};

/// A board in one of the servers that does not exist in PostgreSQL.
struct Kept {
    redis: Connection,
    board: u64,
    keys: [String; 4],
}

/// A board's events.
struct History {
    events: Vec<String>,
}

impl Kept {
    fn new(redis: Connection) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(9_000_000_000);
        let board = NEXT.fetch_add(1, Ordering::Relaxed);
        // Not a feed that a relay follows: it would look for the boards in PostgreSQL.
        let names = ["events", "feed", "events:runs", "feed:runs"];
        let keys = names.map(|name| format!("{{test-{board}}}:{name}"));
        Self { redis, board, keys }
    }

    /// Publishes events; returns how many were added, and the stream's last seq.
    fn publish(&mut self, events: &[String]) -> (u64, u64) {
        let events: Vec<_> =
            events.iter().map(|event| Publication::of(event).expect("an event")).collect();
        let board = BoardId::new(self.board).expect("an id");
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(PUBLISH).arg(self.keys.len()).arg(&self.keys);
        eval.arg(publish_arguments(board, &events)).query(&mut self.redis).expect("an answer")
    }

    /// Publishes one event with its own limits.
    fn publish_within(&mut self, limits: &Limits, event: &str) {
        let events = [Publication::of(event).expect("an event")];
        let board = BoardId::new(self.board).expect("an id");
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(PUBLISH).arg(self.keys.len()).arg(&self.keys);
        let arguments = publish_arguments_within(limits, board, &events);
        let answer: (u64, u64) = eval.arg(arguments).query(&mut self.redis).expect("an answer");
        assert_eq!(answer.0, 1, "{event}");
    }

    /// Removes the stream if it has more than this; returns whether it had.
    fn forget(&mut self, head: u64) -> bool {
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(STREAM_FORGET).arg(1).arg(&self.keys[0]).arg(head);
        let removed: u8 = eval.query(&mut self.redis).expect("an answer");
        removed == 1
    }

    /// The events of the stream or the feed.
    fn entries(&mut self, key: usize) -> Vec<String> {
        let event = |(id, event): (String, String)| {
            let number: Value = serde_json::from_str(&event).expect("JSON");
            assert!(key == 1 || id == format!("{}-0", number["seq"]), "{id}: {event}");
            event
        };
        self.entries_of(key).into_iter().map(event).collect()
    }

    /// The same as texts, each with its id.
    fn entries_of(&mut self, key: usize) -> Vec<(String, String)> {
        let mut range = redis::cmd("XRANGE");
        let range = range.arg(&self.keys[key]).arg("-").arg("+");
        let entries: Vec<(String, Vec<String>)> = range.query(&mut self.redis).expect("a stream");
        entries.into_iter().map(|(id, mut fields)| (id, fields.pop().expect("a field"))).collect()
    }

    fn run(&mut self, command: &str, arguments: &[&str]) {
        redis::cmd(command).arg(arguments).exec(&mut self.redis).expect("done");
    }
}

impl History {
    /// A random history of this many events.
    fn random(board: u64, length: u64, dice: &mut Rng) -> Self {
        let event = |seq: u64| {
            let entity = ["board", "task", "comment", "checklist", "checklist_item", "member"]
                [dice.usize(..6)];
            let name = ["Plan", "字 \"\\ \u{2028}", "x </\u{1F370}>"][dice.usize(..3)];
            json!({
                "board_id": board, "seq": seq, "action": "Update", "entity": entity,
                entity: {"id": dice.u64(2..9), "name": name, "fields": {"a": [1.5, null, {}]}},
                "timestamp": format!("2026-01-02T03:{:02}:{:02}.000Z", seq / 60 % 60, seq % 60),
            })
            .to_string()
        };
        Self { events: (1..=length).map(event).collect() }
    }

    /// The events of these seqs.
    fn part(&self, first: u64, last: u64) -> &[String] {
        let index = |seq: u64| usize::try_from(seq).expect("small");
        &self.events[index(first - 1)..index(last)]
    }
}

/// A Redis, and a board in it.
fn board() -> (RedisServer, Kept) {
    let server = RedisServer::start();
    let kept = Kept::new(server.connection());
    (server, kept)
}

#[test]
fn rt2_an_event_is_published_once_however_often_and_in_whatever_order_it_is_offered() {
    let (_server, mut kept) = board();
    let history = History::random(kept.board, 9, &mut dice());
    assert_eq!(kept.publish(history.part(1, 3)), (3, 3));
    assert_eq!(kept.publish(history.part(1, 3)), (0, 3), "all of it again");
    assert_eq!(kept.publish(history.part(2, 5)), (2, 5), "half of it again");
    assert_eq!(kept.publish(history.part(7, 8)), (0, 5), "6 is missing before it");
    assert_eq!(kept.publish(history.part(4, 4)), (0, 5), "late");
    let mut holed = history.part(6, 6).to_vec();
    holed.extend_from_slice(history.part(8, 9));
    assert_eq!(kept.publish(&holed), (1, 6), "up to the hole");
    assert_eq!(kept.publish(&[]), (0, 6), "nothing");
    assert_eq!(kept.publish(history.part(6, 9)), (3, 9));
    for key in [0, 1] {
        assert_eq!(kept.entries(key), history.events);
    }
}

#[test]
fn rt3_a_stream_that_does_not_exist_begins_anywhere_and_one_that_was_trimmed_goes_on() {
    let (_server, mut kept) = board();
    let history = History::random(kept.board, 9, &mut dice());
    assert_eq!(kept.publish(history.part(4, 5)), (2, 5));
    assert_eq!(kept.publish(history.part(1, 3)), (0, 5));
    let stream = kept.keys[0].clone();
    kept.run("XTRIM", &[&stream, "MAXLEN", "0"]);
    assert_eq!(kept.entries(0), [] as [String; 0]);
    assert_eq!(kept.publish(history.part(5, 5)), (0, 5), "it is not forgotten");
    assert_eq!(kept.publish(history.part(7, 9)), (0, 5), "nor what comes next");
    assert_eq!(kept.publish(history.part(6, 9)), (4, 9));
    assert_eq!(kept.entries(0), history.part(6, 9));
}

#[test]
fn rt2_an_event_that_somebody_deleted_from_the_stream_is_not_published_again() {
    let (_server, mut kept) = board();
    let history = History::random(kept.board, 9, &mut dice());
    assert_eq!(kept.publish(history.part(1, 5)), (5, 5));
    let stream = kept.keys[0].clone();
    kept.run("XDEL", &[&stream, "4-0", "5-0"]);
    assert_eq!(kept.publish(history.part(4, 7)), (2, 7));
    assert_eq!(kept.entries(1), history.part(1, 7), "each once in the feed");
    assert_eq!(kept.publish(history.part(8, 9)), (2, 9), "it continues");
}

#[test]
fn rt4_what_was_published_in_a_lost_future_gives_way_to_what_happened() {
    let (_server, mut kept) = board();
    let history = History::random(kept.board, 9, &mut dice());
    let _ = kept.publish(history.part(1, 7));
    // The database is restored to 5, and other events are written.
    let mut other: Value = serde_json::from_str(&history.events[5]).expect("JSON");
    other["timestamp"] = json!("2026-01-02T04:00:00.000Z");
    let other = [other.to_string()];
    assert_eq!(kept.publish(&other), (1, 6), "it is started again");
    assert_eq!(kept.entries(0), other);
    assert_eq!(kept.entries(1).last(), Some(&other[0]), "the feed has it");
    assert_eq!(kept.publish(&other), (0, 6), "once");
    // If nothing in Redis contradicts, PostgreSQL does.
    let stream = kept.keys[0].clone();
    kept.run("XADD", &[&stream, "9999-0", "event", ""]);
    assert_eq!(kept.publish(history.part(7, 7)), (0, 9999));
    assert!(!kept.forget(9999), "they were committed meanwhile");
    assert!(kept.forget(7));
    assert!(!kept.forget(7), "it is gone");
    assert_eq!(kept.publish(history.part(7, 8)), (2, 8));
}

#[test]
fn rt9_what_somebody_else_left_under_the_names_of_a_board_keeps_no_event_from_being_published() {
    let (_server, mut kept) = board();
    let history = History::random(kept.board, 9, &mut dice());
    for key in kept.keys.clone() {
        for (command, rest) in [("SET", &["x"][..]), ("HSET", &["a", "b"]), ("RPUSH", &["x"])] {
            let stream = kept.keys[0].clone();
            kept.run("DEL", &[&stream, &key]);
            kept.run(command, &[&[key.as_str()], rest].concat());
            assert_eq!(kept.publish(history.part(1, 3)), (3, 3), "{command} {key}");
            assert_eq!(kept.entries(0), history.part(1, 3), "{command} {key}");
        }
    }
}

/// The bytes of the events that a stream or feed holds.
fn bytes_of(kept: &mut Kept, key: usize) -> usize {
    kept.entries(key).iter().map(String::len).sum()
}

#[test]
fn limit_stream_and_limit_feed_hold_the_newest_events_within_about_so_many_bytes() {
    let (_server, mut kept) = board();
    let event = |seq: u64, length: usize| {
        let title = "x".repeat(length);
        json!({
            "board_id": kept.board, "seq": seq, "action": "Add", "entity": "task",
            "task": {"id": seq, "title": title}, "timestamp": "2026-01-02T03:04:05.678Z",
        })
        .to_string()
    };
    let mut dice = dice();
    // Small ones, then some as large as a run among them, then small ones again.
    let events: Vec<String> = (1..=3_000)
        .map(|seq| {
            let large = (1_000..2_000).contains(&seq) && dice.u8(..10) == 0;
            event(seq, if large { 20_000 } else { dice.usize(..1_000) })
        })
        .collect();
    let (small, large) = (64 * 1_024, 256 * 1_024);
    let limits = Limits { stream: [10_000, small, 60], feed: [100_000, large] };
    let mut most = [0, 0];
    for (nth, event) in events.iter().enumerate() {
        kept.publish_within(&limits, event);
        if nth % 50 == 0 {
            let held = [bytes_of(&mut kept, 0), bytes_of(&mut kept, 1)];
            most = [most[0].max(held[0]), most[1].max(held[1])];
        }
    }
    // A run may be a single event larger than a sixteenth.
    assert!(most[0] < 16 * 20_200, "{most:?}");
    assert!(most[1] < 256 * 1_024 + 16 * 20_200, "{most:?}");
    for (key, limit) in [(0, 64 * 1_024), (1, 256 * 1_024)] {
        let (entries, held) = (kept.entries(key), bytes_of(&mut kept, key));
        assert_eq!(entries, events[events.len() - entries.len()..], "the newest, without a hole");
        assert!((limit / 2..=limit).contains(&held), "{key}: {held}");
    }
    let left: i64 = redis::cmd("TTL").arg(&kept.keys[0]).query(&mut kept.redis).expect("a number");
    assert!((1..=60).contains(&left), "an idle stream expires: {left}");
}

#[test]
fn rt3_whatever_is_published_and_forgotten_the_stream_has_no_hole() {
    let server = RedisServer::start();
    let mut dice = dice();
    for _ in 0..6 {
        let mut kept = Kept::new(server.connection());
        let history = History::random(kept.board, 60, &mut dice);
        let (stream, mut head) = (kept.keys[0].clone(), 0);
        for _ in 0..80 {
            let (count, back) = (dice.u64(1..=4), dice.u64(..6));
            match dice.u8(..8) {
                // The server loses everything, or old events.
                0 => kept.keys.clone().iter().for_each(|key| kept.run("DEL", &[key])),
                1 | 2 => kept.run("XTRIM", &[&stream, "MAXLEN", &count.to_string()]),
                // The events committed meanwhile, sometimes with earlier ones, sometimes with some
                // missing.
                _ => {
                    let first = (head + 1 + count / 4).saturating_sub(back).clamp(1, 60);
                    let last = (first + count - 1).min(60);
                    head = head.max(last);
                    let _ = kept.publish(history.part(first, last));
                }
            }
            let entries = kept.entries(0);
            let number = |text: &String| seq(&serde_json::from_str(text).expect("JSON"));
            let first = entries.first().map_or(1, number);
            let last = entries.last().map_or(0, number);
            assert_eq!(entries, history.part(first, last));
        }
    }
}

#[test]
fn rt1_eight_that_publish_the_same_events_at_once_leave_each_once_and_in_order() {
    let server = RedisServer::start();
    let kept = Kept::new(server.connection());
    let history = History::random(kept.board, 200, &mut dice());
    let seeds: Vec<u64> = (0..8).map(|_| dice().u64(..)).collect();
    std::thread::scope(|scope| {
        for seed in seeds {
            let (board, keys, history) = (kept.board, kept.keys.clone(), &history);
            let server = &server;
            scope.spawn(move || {
                let mut dice = Rng::with_seed(seed);
                let mut kept = Kept { redis: server.connection(), board, keys };
                // The first publication decides where the stream begins.
                let (_, mut last) = kept.publish(history.part(1, 1));
                while last < 200 {
                    let first = dice.u64(last.saturating_sub(3).max(1)..=(last + 3).min(200));
                    let end = (first + dice.u64(..5)).min(200);
                    let (_, now) = kept.publish(history.part(first, end));
                    if now < first {
                        let _ = kept.publish(history.part(now + 1, end));
                    }
                    last = now;
                }
            });
        }
    });
    let mut kept = Kept { redis: server.connection(), ..kept };
    for key in [0, 1] {
        assert_eq!(kept.entries(key), history.events);
    }
}
