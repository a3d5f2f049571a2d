//! The dashboard's numbers match the event log.

use super::{PATIENCE, STATS, admin};
use contract_tests::api::{Mode, World};
use contract_tests::flow::moment;
use contract_tests::{Api, Socket};
use serde_json::{Value, json};
use std::time::Instant;

async fn stats(boss: &Api<'_>) -> Value {
    boss.get(STATS).send().await.expect(200).json()
}

/// The sum of the events of the last hour.
fn events(stats: &Value) -> u64 {
    let minutes = stats["events"]["per_minute"].as_array().expect("minutes");
    assert_eq!(minutes.len(), 60);
    minutes.iter().map(|it| it["events"].as_u64().expect("a number")).sum()
}

/// The numbers once they satisfy a condition.
async fn until(boss: &Api<'_>, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let stats = stats(boss).await;
        if is_so(&stats) {
            return stats;
        }
        assert!(Instant::now() < deadline, "timed out: {what}\n{stats:#}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Checks that the counts up to each minute's end are those of the log, except for events published
/// a moment later.
fn assert_minutes(world: &World, reported: &Value) {
    let log = psql(
        world,
        "SELECT jsonb_agg(floor(extract(epoch FROM created_at) * 1000)::bigint) FROM events",
    );
    let log: Vec<i64> = log.as_array().expect("a list").iter().filter_map(Value::as_i64).collect();
    let logged = |until: i64| log.iter().filter(|moment| **moment < until).count() as u64;
    let (mut sum, mut next) = (0, None);
    for minute in reported["events"]["per_minute"].as_array().expect("minutes") {
        let begin = moment(&minute["minute"]);
        assert!(next.is_none_or(|next| next == begin), "one after the other: {minute}");
        let end = begin + 60_000;
        next = Some(end);
        sum += minute["events"].as_u64().expect("a number");
        assert!(
            (logged(end - 5_000)..=logged(end)).contains(&sum),
            "{sum} up to the end of {minute}"
        );
    }
}

/// Entries of all feeds that were delivered to a relay and not yet counted.
fn pending(world: &World) -> u64 {
    let script = "local all = 0 for shard = 0, 15 do \
                  local reported = redis.pcall('XPENDING', '{s' .. shard .. '}:feed', 'monitor') \
                  if not reported.err then all = all + reported[1] end end return all";
    let answer = world.databases().redis(&["EVAL", script, "0"]).expect("an answer");
    answer.trim().trim_start_matches(':').parse().expect("a number")
}

fn psql(world: &World, statement: &str) -> Value {
    let text = world.databases().psql(statement).expect("an answer");
    serde_json::from_str(text.trim()).expect("JSON")
}

/// Checks the kinds of changes, the people and the boards against the log.
fn assert_counts(world: &World, reported: &Value) {
    let kinds = "SELECT jsonb_object_agg(kind, times) FROM (SELECT action || ':' || entity AS kind, \
                 count(*) AS times FROM events GROUP BY 1) AS kinds";
    assert_eq!(reported["events"]["by_kind"], psql(world, kinds));
    let people = "SELECT jsonb_agg(jsonb_build_object('username', username, 'events', times) \
                  ORDER BY times DESC) FROM (SELECT event #>> '{actor,username}' AS username, \
                  count(*) AS times FROM events GROUP BY 1) AS people";
    assert_eq!(reported["people"]["busiest"], psql(world, people));
    assert_eq!(reported["people"]["active"], 2);
    let busiest = "SELECT jsonb_agg(jsonb_build_object('board_id', id, 'name', name, 'events', seq) \
                   ORDER BY seq DESC) FROM boards";
    assert_eq!(reported["busiest_boards"], psql(world, busiest));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_stats_are_those_of_the_log_with_several_relays_of_which_one_is_killed() {
    let world = World::start(Mode::TEAMS, &[]).await;
    // As if this Redis had counted for long, because this test examines the counts.
    let since =
        "for shard = 0, 15 do redis.call('HSET', '{s' .. shard .. '}:statistics', 'since', 0) end";
    let _ = world.databases().redis(&["EVAL", since, "0"]).expect("an answer");
    let (boss, ada) = (admin(&world).await, world.somebody().await);
    let environment = world.databases().environment();
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut beside = vec![
        world.stack.another_relay(&environment).await,
        world.stack.another_relay(&environment).await,
    ];
    let boards = [ada.board("One").await, ada.board("Two").await, ada.board("Gone").await];
    // A relay that waits for entries is frozen, gets some, and is killed with them (SIGKILL).
    let still = beside.pop().expect("a relay");
    still.signal("STOP");
    let bob = world.member(&ada, boards[0], "editor").await;
    let mut socket = Socket::open(&ada).await;
    socket.subscribe(boards[0], None).await;
    let write = async |rounds| {
        for _ in 0..rounds {
            ada.add_many(boards[0], 5).await;
            ada.add_many(boards[1], 3).await;
            bob.add_many(boards[0], 2).await;
        }
    };
    write(5).await;
    let logged = psql(&world, "SELECT count(*) FROM events").as_u64().expect("a number");
    let holds = |reported: &Value| {
        let held = pending(&world);
        held > 0 && events(reported) + held == logged
    };
    let _ = until(&boss, "it holds some, and the others are counted", holds).await;
    drop(still);
    write(5).await;
    let task = ada.task_path(boards[0], 1);
    let _ = ada.patch(&task, &json!({"status": "finished"})).send().await.expect(200);
    let _ = ada.delete(&ada.task_path(boards[1], 1)).send().await.expect(204);
    ada.task(boards[2], "Lost").await;
    let archive = ada.patch(&ada.board_path(boards[1]), &json!({"archived": true}));
    let _ = archive.send().await.expect(200);
    let _ = ada.delete(&ada.board_path(boards[2])).send().await.expect(204);
    let _ = ada.get(&ada.board_path(boards[0])).send().await.expect(200);
    let _ = ada.get(&ada.board_path(boards[0])).send().await.expect(200);

    let logged = psql(&world, "SELECT count(*) FROM events").as_u64().expect("a number");
    let reported = until(&boss, "all is counted", |it| events(it) >= logged).await;
    assert_eq!(events(&reported), logged, "nothing twice");
    assert_minutes(&world, &reported);
    assert_counts(&world, &reported);
    let columns = "SELECT jsonb_agg(jsonb_build_object('column', status, 'tasks', times) ORDER BY \
                   times DESC) FROM (SELECT status, count(*) AS times FROM tasks JOIN boards ON \
                   boards.id = board_id WHERE NOT deleted AND deleted_at IS NULL GROUP BY 1) AS c";
    assert_eq!(reported["tasks"]["by_column"], psql(&world, columns));
    assert_eq!(reported["tasks"]["total"], 10 * 7 + 10 * 3 - 1);
    assert_eq!(reported["boards"], json!({"total": 2, "archived": 1, "deleted": 1}));
    assert_eq!(reported["users"], json!({"total": 4, "admins": 1, "disabled": 0}));
    assert_eq!(reported["stores"], json!({"postgresql": "ok", "redis": "ok"}));
    assert_eq!(reported["deliveries"]["deferred"], 0);
    assert_eq!(reported["cache"], json!({"hits": 1, "misses": 1, "hit_rate": 0.5}));
    // Two relays remain, one of which has the socket and has measured latencies.
    let reported = until(&boss, "two relays report", |it| {
        let relays = it["relays"].as_array().expect("relays");
        relays.len() == 2 && it["connections"] == 1 && !it["latency"]["write_to_glass"].is_null()
    });
    let reported = reported.await;
    let delivered = reported["latency"]["publish_to_socket"]["events"].as_u64().expect("a number");
    let head = psql(&world, &format!("SELECT seq FROM boards WHERE id = {}", boards[0]));
    assert!((1..=head.as_u64().expect("a seq")).contains(&delivered), "{delivered} of {head}");
    assert_eq!(reported["latency"]["write_to_glass"]["events"], delivered);
    for latency in ["publish_to_socket", "write_to_glass"] {
        let part = |name: &str| reported["latency"][latency][name].as_f64().expect("a number");
        assert!(part("p50_ms") <= part("p99_ms") && part("p99_ms") < 30_000.0, "{reported:#}");
    }
    assert_eq!(reported["stream"], json!({"lag_entries": 0, "pending_entries": 0}));
    // Without Redis the rest is still returned.
    world.databases().kill_redis();
    let reported =
        until(&boss, "Redis is unavailable", |it| it["stores"]["redis"] == "unavailable").await;
    assert_eq!((&reported["events"], &reported["relays"]), (&Value::Null, &Value::Null));
    assert_eq!(reported["boards"]["total"], 2);
    ada.add_many(boards[0], 3).await;
    world.databases().start_redis();
    let reported = until(&boss, "the sweeper published", |it| {
        it["deliveries"]["deferred"].as_u64().is_some_and(|deferred| deferred >= 3)
    });
    let _ = reported.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_stats_are_those_of_the_log_after_redis_has_lost_its_memory() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let (boss, ada) = (admin(&world).await, world.somebody().await);
    let (one, two) = (ada.board("One").await, ada.board("Two").await);
    let bob = world.member(&ada, one, "editor").await;
    ada.add_many(one, 5).await;
    ada.add_many(two, 3).await;
    bob.add_many(one, 2).await;
    // Events before the last hour, and the first ones in it for boards and people.
    let old = ada.board("Old").await;
    ada.add_many(old, 4).await;
    let shift = format!(
        "UPDATE events SET created_at = now() - interval '2 hours' WHERE board_id = {old} AND seq < 4"
    );
    let _ = world.databases().psql(&shift).expect("shifted");
    let whole = |reported: &Value| {
        assert_eq!(events(reported), 12, "{reported:#}");
        let kinds = json!({"Add:member": 1, "Add:task": 11});
        assert_eq!(reported["events"]["by_kind"], kinds);
        let people = json!([{"username": ada.username(), "events": 10},
            {"username": bob.username(), "events": 2}]);
        assert_eq!(reported["people"], json!({"active": 2, "busiest": people}));
        let busiest = json!([{"board_id": one, "name": "One", "events": 8},
            {"board_id": two, "name": "Two", "events": 3},
            {"board_id": old, "name": "Old", "events": 1}]);
        assert_eq!(reported["busiest_boards"], busiest);
    };
    let reported = until(&boss, "all is counted", |it| events(it) == 12).await;
    whole(&reported);
    for restart in [false, true] {
        if restart {
            world.databases().kill_redis();
            world.databases().start_redis();
        } else {
            let _ = world.databases().redis(&["FLUSHALL"]).expect("an answer");
        }
        let reported = until(&boss, "Redis is available", |it| it["stores"]["redis"] == "ok").await;
        whole(&reported);
        // Nor when relays count entries again that the sweeper published again.
        let reported = until(&boss, "a relay reports", |it| {
            it["relays"].as_array().is_some_and(|relays| relays.len() == 1)
        });
        whole(&reported.await);
    }
    ada.add_many(two, 3).await;
    let reported = until(&boss, "what comes is counted", |it| events(it) == 15).await;
    assert_eq!(reported["people"]["busiest"][0]["events"], 13);
}
