//! The scripts that run inside Redis (docs/contract/realtime.md, RT-PUBLISH), against a Redis
//! without JSON commands and against one with the module RedisJSON: what they keep must be told alike.

use contract_tests::api::seq;
use contract_tests::chance::dice;
use contract_tests::redis_server::RedisServer;
use contract_tests::replica::{Replica, canonical};
use fastrand::Rng;
use redis::Connection;
use serde_json::{Value, json};
use shared::data::document::{Document, Found};
use shared::data::publication::{Limits, Publication, publish_arguments, publish_arguments_within};
use shared::data::scripts::{DOCUMENT_FILL, DOCUMENT_READ, PUBLISH, STREAM_FORGET};
use shared::models::BoardId;
use std::sync::atomic::{AtomicU64, Ordering};

/// A board in one of the servers, which PostgreSQL knows nothing of.
struct Kept {
    redis: Connection,
    board: u64,
    keys: [String; 5],
}

/// A board's history: the snapshot before each event and after the last, and the events.
struct History {
    states: Vec<Replica>,
    events: Vec<String>,
}

impl Kept {
    fn new(redis: Connection) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(9_000_000_000);
        let board = NEXT.fetch_add(1, Ordering::Relaxed);
        // No feed that a relay follows: it would miss the boards in PostgreSQL.
        let names = ["events", "feed", "doc", "events:runs", "feed:runs"];
        let keys = names.map(|name| format!("{{test-{board}}}:{name}"));
        Self { redis, board, keys }
    }

    /// Publishes events; gives how many were added, and the stream's last seq.
    fn publish(&mut self, events: &[String]) -> (u64, u64) {
        let events: Vec<_> =
            events.iter().map(|event| Publication::of(event).expect("an event")).collect();
        let board = BoardId::new(self.board).expect("an id");
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(PUBLISH).arg(self.keys.len()).arg(&self.keys);
        eval.arg(publish_arguments(board, &events)).query(&mut self.redis).expect("an answer")
    }

    /// Publishes one event within limits of its own.
    fn publish_within(&mut self, limits: &Limits, event: &str) {
        let events = [Publication::of(event).expect("an event")];
        let board = BoardId::new(self.board).expect("an id");
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(PUBLISH).arg(self.keys.len()).arg(&self.keys);
        let arguments = publish_arguments_within(limits, board, &events);
        let answer: (u64, u64) = eval.arg(arguments).query(&mut self.redis).expect("an answer");
        assert_eq!(answer.0, 1, "{event}");
    }

    /// Offers a document to whoever found nothing wrong there; tells whether it was taken.
    fn fill(&mut self, state: &Replica) -> bool {
        self.fill_in_place_of(&[], state)
    }

    /// The same in place of what `document_read.lua` answered.
    fn fill_in_place_of(&mut self, found: &[String], state: &Replica) -> bool {
        let text = state.canonical();
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        let document = Document::from_database(&text).expect("a board");
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(DOCUMENT_FILL).arg(1).arg(&self.keys[2]);
        let eval = eval.arg(document.fill_arguments(&Found::of(&found)));
        let taken: u8 = eval.query(&mut self.redis).expect("an answer");
        taken == 1
    }

    /// Removes the stream where it has more than this; tells whether it had.
    fn forget(&mut self, head: u64) -> bool {
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(STREAM_FORGET).arg(2).arg(&self.keys[0]).arg(&self.keys[2]);
        let removed: u8 = eval.arg(head).query(&mut self.redis).expect("an answer");
        removed == 1
    }

    /// What is kept in the document's place.
    fn found(&mut self) -> Vec<String> {
        let mut eval = redis::cmd("EVAL");
        let eval = eval.arg(DOCUMENT_READ).arg(1).arg(&self.keys[2]);
        eval.query(&mut self.redis).expect("an answer")
    }

    /// The document as the API would show it, in canonical JSON.
    fn read(&mut self) -> Option<String> {
        let texts = self.found();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let document = Document::from_cache(&texts).expect("a document")?;
        let (json, _) = document.show("owner").expect("a board");
        let mut shown: Value = serde_json::from_str(&json).expect("JSON");
        shown.as_object_mut().expect("an object").remove("role");
        Some(canonical(&shown))
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
    /// A random one, of so many events.
    fn random(board: u64, length: u64, dice: &mut Rng) -> Self {
        let head = |name: &str| {
            json!({
                "id": board, "epoch": "1d08bd32d2afd03a", "name": name, "version": 1, "seq": 0,
                "columns": [{"key": "todo"}, {"key": "done"}],
                "updated_at": "2026-01-02T03:04:05.678Z",
            })
        };
        let mut first = head("Plan");
        first["tasks"] = json!([]);
        first["members"] = json!([{"id": 1, "role": "owner"}]);
        let mut states = vec![Replica::new(first)];
        let mut events = Vec::new();
        let (mut tasks, mut members): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
        for seq in 1..=length {
            let mut event = json!({
                "board_id": board, "seq": seq, "action": "Update",
                "timestamp": format!("2026-01-02T03:{:02}:{:02}.000Z", seq / 60 % 60, seq % 60),
            });
            let commented = tasks.clone();
            let (entity, known) = match dice.u8(..10) {
                0 => ("board", None),
                1 | 2 => ("member", Some(&mut members)),
                3..6 if !tasks.is_empty() => ("comment", None),
                _ => ("task", Some(&mut tasks)),
            };
            event["entity"] = json!(entity);
            if entity == "comment" {
                let (id, moment) = (commented[dice.usize(..commented.len())], &event["timestamp"]);
                event["task_patch"] =
                    json!({"id": id, "comment_count": 1, "version": seq, "updated_at": moment});
            }
            event[entity] = match known {
                None if entity == "comment" => json!({"id": seq}),
                None => head(["Plan", "字 \"\\ \u{2028}", "x"][dice.usize(..3)]),
                Some(known) => {
                    let id = dice.u64(2..9);
                    let at = known.iter().position(|other| *other == id);
                    match at {
                        Some(at) if dice.bool() => {
                            event["action"] = json!("Delete");
                            let _ = known.remove(at);
                        }
                        Some(_) => {}
                        None => {
                            event["action"] = json!("Add");
                            known.push(id);
                        }
                    }
                    let role = ["viewer", "editor"][dice.usize(..2)];
                    if entity == "member" {
                        json!({"id": id, "role": role})
                    } else {
                        task(id, seq, dice)
                    }
                }
            };
            let mut state = states.last().expect("a state").clone();
            state.apply(&event);
            states.push(state);
            events.push(event.to_string());
        }
        Self { states, events }
    }

    /// The events of these seqs.
    fn part(&self, first: u64, last: u64) -> &[String] {
        let index = |seq: u64| usize::try_from(seq).expect("small");
        &self.events[index(first - 1)..index(last)]
    }

    fn state(&self, seq: u64) -> &Replica {
        &self.states[usize::try_from(seq).expect("small")]
    }
}

/// A task, in a place of its own as the database has it.
fn task(id: u64, seq: u64, dice: &mut Rng) -> Value {
    let status = ["todo", "done"][dice.usize(..2)];
    json!({
        "id": id, "status": status, "position": format!("a{id}"), "due_at": null, "labels": [],
        "fields": {"a": {}, "b": [1.5, null, "é"]}, "title": format!("seq {seq} </\u{1F370}>"),
    })
}

/// The two servers, each with its name.
struct Servers([(&'static str, RedisServer); 2]);

impl Servers {
    fn start() -> Self {
        Self([("plain", RedisServer::plain()), ("RedisJSON", RedisServer::with_json())])
    }

    /// A board in each.
    fn boards(&self) -> [(&'static str, Kept); 2] {
        self.0.each_ref().map(|(name, server)| (*name, Kept::new(server.connection())))
    }
}

#[test]
fn rt2_an_event_is_published_once_however_often_and_in_whatever_order_it_is_offered() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        assert_eq!(kept.publish(history.part(1, 3)), (3, 3), "{name}");
        assert_eq!(kept.publish(history.part(1, 3)), (0, 3), "{name}: all of it again");
        assert_eq!(kept.publish(history.part(2, 5)), (2, 5), "{name}: half of it again");
        assert_eq!(kept.publish(history.part(7, 8)), (0, 5), "{name}: 6 is missing before it");
        assert_eq!(kept.publish(history.part(4, 4)), (0, 5), "{name}: late");
        let mut holed = history.part(6, 6).to_vec();
        holed.extend_from_slice(history.part(8, 9));
        assert_eq!(kept.publish(&holed), (1, 6), "{name}: up to the hole");
        assert_eq!(kept.publish(&[]), (0, 6), "{name}: nothing");
        assert_eq!(kept.publish(history.part(6, 9)), (3, 9), "{name}");
        for key in [0, 1] {
            assert_eq!(kept.entries(key), history.events, "{name}");
        }
    }
}

#[test]
fn rt3_a_stream_that_does_not_exist_begins_anywhere_and_one_that_was_trimmed_goes_on() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        assert_eq!(kept.publish(history.part(4, 5)), (2, 5), "{name}");
        assert_eq!(kept.publish(history.part(1, 3)), (0, 5), "{name}");
        let stream = kept.keys[0].clone();
        kept.run("XTRIM", &[&stream, "MAXLEN", "0"]);
        assert_eq!(kept.entries(0), [] as [String; 0], "{name}");
        assert_eq!(kept.publish(history.part(5, 5)), (0, 5), "{name}: it is not forgotten");
        assert_eq!(kept.publish(history.part(7, 9)), (0, 5), "{name}: nor what comes next");
        assert_eq!(kept.publish(history.part(6, 9)), (4, 9), "{name}");
        assert_eq!(kept.entries(0), history.part(6, 9), "{name}");
    }
}

#[test]
fn rt2_an_event_that_somebody_deleted_from_the_stream_is_not_published_again() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        assert_eq!(kept.publish(history.part(1, 5)), (5, 5), "{name}");
        let stream = kept.keys[0].clone();
        kept.run("XDEL", &[&stream, "4-0", "5-0"]);
        assert_eq!(kept.publish(history.part(4, 7)), (2, 7), "{name}");
        assert_eq!(kept.entries(1), history.part(1, 7), "{name}: each once in the feed");
        assert_eq!(kept.publish(history.part(8, 9)), (2, 9), "{name}: it goes on");
    }
}

#[test]
fn rt9_a_document_takes_the_place_of_an_older_one_and_of_one_that_was_found_wrong() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        assert_eq!(kept.read(), None, "{name}");
        assert!(kept.fill(history.state(3)), "{name}: whatever the stream says");
        assert!(!kept.fill(history.state(2)), "{name}: late");
        assert_eq!(kept.read(), Some(history.state(3).canonical()), "{name}");
        assert!(kept.fill(history.state(5)), "{name}");
        // A future that the database has lost: its document went beyond what PostgreSQL has.
        let found = kept.found();
        assert!(kept.fill_in_place_of(&found, history.state(4)), "{name}: it was found wrong");
        assert_eq!(kept.read(), Some(history.state(4).canonical()), "{name}");
        let _ = kept.fill(history.state(6));
        assert!(!kept.fill_in_place_of(&found, history.state(4)), "{name}: another one is there");
        assert_eq!(kept.read(), Some(history.state(6).canonical()), "{name}");
        let document = kept.keys[2].clone();
        for (command, rest) in [("SET", &["x"][..]), ("HSET", &["seq", "99"]), ("RPUSH", &["x"])] {
            kept.run("DEL", &[&document]);
            kept.run(command, &[&[document.as_str()], rest].concat());
            let found = kept.found();
            assert!(kept.fill_in_place_of(&found, history.state(4)), "{name}: {command}");
            assert_eq!(kept.read(), Some(history.state(4).canonical()), "{name}: {command}");
        }
    }
}

#[test]
fn rt9_an_event_changes_only_the_document_right_before_it() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        let _ = kept.publish(history.part(1, 3));
        assert!(kept.fill(history.state(3)), "{name}");
        assert_eq!(kept.publish(history.part(4, 5)), (2, 5), "{name}");
        assert_eq!(kept.read(), Some(history.state(5).canonical()), "{name}");
        // It was read from PostgreSQL after events that are published only now.
        assert!(kept.fill(history.state(7)), "{name}");
        assert_eq!(kept.publish(history.part(6, 6)), (1, 6), "{name}");
        assert_eq!(kept.read(), Some(history.state(7).canonical()), "{name}: it has it already");
        assert_eq!(kept.publish(history.part(7, 8)), (2, 8), "{name}");
        assert_eq!(kept.read(), Some(history.state(8).canonical()), "{name}");
        // One that lacks what is published, or was, goes.
        for (published, held) in [((9, 9), 7), ((9, 9), 8)] {
            let document = kept.keys[2].clone();
            kept.run("DEL", &[&document]);
            assert!(kept.fill(history.state(held)), "{name}");
            let _ = kept.publish(history.part(published.0, published.1));
            assert_eq!(kept.read(), None, "{name}: {held} at {published:?}");
        }
        let deleted = json!({
            "board_id": kept.board, "seq": 10, "action": "Delete", "entity": "board",
            "board": {"id": kept.board}, "timestamp": "2026-01-02T03:04:05.678Z",
        });
        assert!(kept.fill(history.state(9)), "{name}");
        assert_eq!(kept.publish(&[deleted.to_string()]), (1, 10), "{name}");
        assert_eq!(kept.read(), None, "{name}: a deleted board's goes");
    }
}

#[test]
fn rt4_what_was_published_in_a_lost_future_gives_way_to_what_happened() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        let _ = kept.publish(history.part(1, 7));
        assert!(kept.fill(history.state(7)), "{name}");
        // The database is set back to 5, and others write.
        let mut other: Value = serde_json::from_str(&history.events[5]).expect("JSON");
        other["timestamp"] = json!("2026-01-02T04:00:00.000Z");
        let other = [other.to_string()];
        assert_eq!(kept.publish(&other), (1, 6), "{name}: it begins anew");
        assert_eq!((kept.entries(0), kept.read()), (other.to_vec(), None), "{name}");
        assert_eq!(kept.entries(1).last(), Some(&other[0]), "{name}: everybody hears of it");
        assert_eq!(kept.publish(&other), (0, 6), "{name}: once");
        // Where nothing is left that could contradict, PostgreSQL does.
        let stream = kept.keys[0].clone();
        kept.run("XADD", &[&stream, "9999-0", "event", ""]);
        assert_eq!(kept.publish(history.part(7, 7)), (0, 9999), "{name}");
        assert!(!kept.forget(9999), "{name}: they were committed meanwhile");
        assert!(kept.forget(7), "{name}");
        assert!(!kept.forget(7), "{name}: it is gone");
        assert_eq!(kept.publish(history.part(7, 8)), (2, 8), "{name}");
    }
}

#[test]
fn rt9_what_somebody_else_left_under_the_names_of_a_board_keeps_no_event_from_being_published() {
    for (name, mut kept) in Servers::start().boards() {
        let history = History::random(kept.board, 9, &mut dice());
        for key in kept.keys.clone() {
            for (command, rest) in [("SET", &["x"][..]), ("HSET", &["a", "b"]), ("RPUSH", &["x"])] {
                let stream = kept.keys[0].clone();
                kept.run("DEL", &[&stream, &key]);
                kept.run(command, &[&[key.as_str()], rest].concat());
                assert_eq!(kept.publish(history.part(1, 3)), (3, 3), "{name}: {command} {key}");
                assert_eq!(kept.entries(0), history.part(1, 3), "{name}: {command} {key}");
                assert_eq!(kept.read(), None, "{name}: {command} {key}");
            }
        }
    }
}

#[test]
fn rt2_a_value_that_redisjson_refuses_is_delivered_once_and_takes_the_document_with_it() {
    for (name, mut kept) in Servers::start().boards() {
        let mut history = History::random(kept.board, 3, &mut dice());
        let deep = [r#"{"a":"#.repeat(200), "1".to_owned(), "}".repeat(200)].concat();
        let deep = format!(
            r#"{{"board_id":{},"seq":2,"action":"Add","entity":"task","timestamp":"2026-01-02T03:04:05.678Z","task":{{"id":9,"fields":{deep}}}}}"#,
            kept.board
        );
        history.events[1] = deep;
        let _ = kept.publish(history.part(1, 1));
        assert!(kept.fill(history.state(1)), "{name}");
        // It and what comes with it.
        assert_eq!(kept.publish(history.part(2, 3)), (2, 3), "{name}");
        assert_eq!(kept.publish(history.part(2, 3)), (0, 3), "{name}: all of it again");
        for key in [0, 1] {
            let entries: Vec<String> = kept.entries_of(key).into_iter().map(|(_, it)| it).collect();
            assert_eq!(entries, history.events, "{name}");
        }
        let exists: bool =
            redis::cmd("EXISTS").arg(&kept.keys[2]).query(&mut kept.redis).expect("an answer");
        assert_eq!(exists, name == "plain", "{name}: no document that lacks an event");
    }
}

#[test]
fn rt5_both_kinds_of_document_are_patched_alike_through_any_history() {
    let servers = Servers::start();
    let mut dice = dice();
    for _ in 0..6 {
        let boards = servers.boards();
        let board = boards[0].1.board;
        let history = History::random(board, 60, &mut dice);
        let script: Vec<(u8, u64, u64)> =
            (0..80).map(|_| (dice.u8(..12), dice.u64(1..=4), dice.u64(..6))).collect();
        let mut told: Vec<Vec<String>> = Vec::new();
        for (name, mut kept) in boards {
            kept.board = board;
            told.push(walk(name, &mut kept, &history, &script));
        }
        assert_eq!(told[0], told[1], "the plain variant and that of RedisJSON");
    }
}

/// The bytes of the events that a stream or feed holds.
fn bytes_of(kept: &mut Kept, key: usize) -> usize {
    kept.entries(key).iter().map(String::len).sum()
}

#[test]
fn limit_stream_and_limit_feed_hold_the_newest_events_within_about_so_many_bytes() {
    let servers = Servers::start();
    let [(_, mut kept), _] = servers.boards();
    let event = |seq: u64, length: usize| {
        let title = "x".repeat(length);
        json!({
            "board_id": kept.board, "seq": seq, "action": "Add", "entity": "task",
            "task": {"id": seq, "title": title}, "timestamp": "2026-01-02T03:04:05.678Z",
        })
        .to_string()
    };
    let mut dice = dice();
    // Small ones, then mixed with some that are as large as a run, then small ones again.
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
    // A run may be one event that is larger than the sixteenth part.
    assert!(most[0] < 16 * 20_200, "{most:?}");
    assert!(most[1] < 256 * 1_024 + 16 * 20_200, "{most:?}");
    for (key, limit) in [(0, 64 * 1_024), (1, 256 * 1_024)] {
        let (entries, held) = (kept.entries(key), bytes_of(&mut kept, key));
        assert_eq!(entries, events[events.len() - entries.len()..], "the newest, without a hole");
        assert!((limit / 2..=limit).contains(&held), "{key}: {held}");
    }
    let left: i64 = redis::cmd("TTL").arg(&kept.keys[0]).query(&mut kept.redis).expect("a number");
    assert!((1..=60).contains(&left), "a stream that nobody adds to goes: {left}");
}

/// Does what the script says, checks that nothing that is read is wrong, and tells all answers.
fn walk(name: &str, kept: &mut Kept, history: &History, script: &[(u8, u64, u64)]) -> Vec<String> {
    let length = history.events.len() as u64;
    let [stream, _, document, ..] = kept.keys.clone();
    let (mut told, mut head) = (Vec::new(), 0);
    for (what, count, back) in script {
        let answer = match what {
            // The server forgets the document, or everything, or old events.
            0 => {
                kept.run("DEL", &[&document]);
                String::new()
            }
            1 => {
                for key in kept.keys.clone() {
                    kept.run("DEL", &[&key]);
                }
                String::new()
            }
            2 => {
                kept.run("XTRIM", &[&stream, "MAXLEN", &count.to_string()]);
                String::new()
            }
            // What was committed meanwhile, sometimes with earlier events, sometimes without some.
            3..8 => {
                let first = (head + 1 + count / 4).saturating_sub(*back).clamp(1, length);
                let last = (first + count - 1).min(length);
                head = head.max(last);
                format!("{:?}", kept.publish(history.part(first, last)))
            }
            _ => format!("{:?}", kept.fill(history.state(head.saturating_sub(*back / 3)))),
        };
        let (read, entries) = (kept.read(), kept.entries(0));
        if let Some(read) = &read {
            let shown: Value = serde_json::from_str(read).expect("JSON");
            let seq = seq(&shown);
            assert_eq!(*read, history.state(seq).canonical(), "{name} at {seq}");
        }
        for pair in entries.windows(2) {
            let [one, next] = pair else { continue };
            let number = |text: &str| seq(&serde_json::from_str(text).expect("JSON"));
            assert_eq!(number(one) + 1, number(next), "{name}: a hole");
        }
        told.push(format!("{answer} {read:?} {entries:?}"));
    }
    told
}

#[test]
fn rt1_eight_that_publish_the_same_events_at_once_leave_each_once_and_in_order() {
    let server = RedisServer::plain();
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
