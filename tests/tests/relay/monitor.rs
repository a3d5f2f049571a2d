//! The consumer group `monitor`: every event is counted once, even if consumers fail.
//! (docs/contract/realtime.md, RT-MONITOR)

use crate::metrics::{sample, value};
use crate::support::{Person, Relay, World, joined, signal, until};
use redis::Connection;
use shared::data::{keys, scripts};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// After what idle time a dead consumer's entries are claimed.
const TEN_SECONDS: Duration = Duration::from_secs(10);

/// Counts by kind of change, such as `Add:task`, and `all`.
type Counts = BTreeMap<String, u64>;

/// The counts, summed over all shards.
fn counted(redis: &mut Connection) -> Counts {
    let totals = (0..keys::SHARDS).map(keys::monitor_counts).collect::<Vec<_>>();
    sum(redis, &totals)
}

/// The counts of the stored minutes.
fn counted_in_minutes(redis: &mut Connection) -> Counts {
    let minutes: Vec<String> =
        redis::cmd("KEYS").arg("{s[0-9]*}:monitor:counts:[0-9]*").query(redis).expect("keys");
    for minute in &minutes {
        let left: i64 = redis::cmd("TTL").arg(minute).query(redis).expect("a time");
        assert!((7_000..=7_300).contains(&left), "{minute} expires in {left} s");
    }
    sum(redis, &minutes)
}

fn sum(redis: &mut Connection, names: &[String]) -> Counts {
    let mut sum = Counts::new();
    for name in names {
        let counts: HashMap<String, u64> =
            redis::cmd("HGETALL").arg(name).query(redis).expect("a hash");
        for (what, count) in counts {
            *sum.entry(what).or_default() += count;
        }
    }
    sum
}

/// How many entries were ever added to the feeds.
fn fed(redis: &mut Connection) -> u64 {
    let mut all = 0;
    for shard in 0..keys::SHARDS {
        let info: redis::RedisResult<HashMap<String, redis::Value>> =
            redis::cmd("XINFO").arg("STREAM").arg(keys::feed(shard)).query(redis);
        if let Ok(redis::Value::Int(added)) = info.map(|info| info["entries-added"].clone()) {
            all += u64::try_from(added).expect("a number");
        }
    }
    all
}

/// How many entries are pending: delivered to consumers and not acknowledged.
fn pending(redis: &mut Connection) -> u64 {
    let pending = |shard| {
        let mut ask = redis::cmd("XPENDING");
        let ask = ask.arg(keys::feed(shard)).arg(keys::MONITOR_GROUP);
        // The group may not exist yet.
        let answer: redis::RedisResult<(u64, redis::Value, redis::Value, redis::Value)> =
            ask.query(redis);
        answer.map_or(0, |(pending, ..)| pending)
    };
    (0..keys::SHARDS).map(pending).sum()
}

/// Waits until exactly the entries of the feeds are counted.
async fn until_all_is_counted(world: &World, least: u64) -> Counts {
    let mut redis = world.databases.redis_connection();
    let what = format!("all is counted, at least {least}");
    let counts = until(&what, async || {
        // In this order, because the sweeper may publish in between.
        let (counts, fed) = (counted(&mut redis), fed(&mut redis));
        let all = counts.get("all").copied().unwrap_or_default();
        assert!(all <= fed, "{all} were counted of {fed}");
        (all == fed && all >= least && pending(&mut redis) == 0).then_some(counts)
    })
    .await;
    let single: u64 = counts.iter().filter(|(what, _)| *what != "all").map(|(_, it)| it).sum();
    assert_eq!(single, counts["all"], "{counts:?}");
    assert_eq!(counted_in_minutes(&mut redis), counts);
    counts
}

/// Freezes the only relay and publishes events until some were delivered to it: returns how many it
/// holds.
async fn freeze_with_entries(world: &World, who: &Person, board: u64, relay: &Relay) -> u64 {
    let mut redis = world.databases.redis_connection();
    until("the relay waits for entries", async || {
        let clients: String = redis::cmd("CLIENT").arg("LIST").query(&mut redis).expect("a list");
        let waits = |client: &str| client.contains("cmd=xreadgroup") && client.contains("flags=b");
        clients.lines().any(waits).then_some(())
    })
    .await;
    signal(relay, "-STOP").await;
    until("the frozen relay is given entries", async || {
        let events = world.commit(who, board, 7).await;
        world.publish(&events);
        Some(pending(&mut redis)).filter(|held| *held > 0)
    })
    .await
}

/// The events in a relay's activity log.
fn reported(relay: &Relay) -> Vec<(u64, u64)> {
    let log = relay.log();
    let lines = log.lines().filter(|line| line.contains(" activity: "));
    let number = |line: &str, name: &str| -> u64 {
        let (_, rest) = line.split_once(name).expect(line);
        rest.split_whitespace().next().expect(line).parse().expect(line)
    };
    lines.map(|line| (number(line, "board="), number(line, "seq="))).collect()
}

#[tokio::test]
async fn rt_monitor_every_event_is_counted_once_by_whichever_of_two_relays() {
    let world = World::own().await;
    let ada = world.person().await;
    let eve = world.person().await;
    // One event before any group exists.
    let mut boards = vec![world.board(&ada, &[]).await];
    world.add(&ada, boards[0], 3).await;
    let relays = [Relay::start(&world, &[]).await, Relay::start(&world, &[]).await];
    for relay in &relays {
        joined(relay).await;
    }
    for _ in 0..5 {
        boards.push(world.board(&ada, &[&eve]).await);
    }
    for _ in 0..8 {
        for board in &boards {
            world.add(&ada, *board, 5).await;
        }
    }
    // Found by the sweeper, published by whichever relay is first.
    world.commit(&ada, boards[0], 4).await;
    let row = world.sql.query_one("SELECT sum(seq)::bigint FROM boards", &[]).await;
    let committed = u64::try_from(row.expect("a sum").get::<_, i64>(0)).expect("a number");
    let counts = until_all_is_counted(&world, committed).await;
    let expected = Counts::from([
        ("all".to_owned(), committed),
        ("Add:member".to_owned(), 5),
        ("Add:task".to_owned(), 3 + 8 * 6 * 5 + 4),
    ]);
    assert_eq!(counts, expected);
    // The relays learn of it shortly after Redis.
    let counted = r#"realtime_relay_monitor_entries_total{outcome="counted"}"#;
    until("the relays say so", async || {
        let sum = relays[0].metric(counted).await + relays[1].metric(counted).await;
        assert!(sum <= committed, "{sum}");
        (sum == committed).then_some(())
    })
    .await;
    let by_relay = [reported(&relays[0]), reported(&relays[1])];
    let mut all = by_relay.concat();
    all.sort_unstable();
    let mut dense = Vec::new();
    for board in &boards {
        let row = world
            .sql
            .query_one(
                "SELECT seq FROM boards WHERE id = $1",
                &[&i64::try_from(*board).expect("an id")],
            )
            .await;
        let last = u64::try_from(row.expect("a board").get::<_, i64>(0)).expect("a number");
        dense.extend((1..=last).map(|seq| (*board, seq)));
    }
    dense.sort_unstable();
    assert_eq!(all, dense, "one line an event");
    for relay in &relays {
        let log = relay.log();
        let mut lines = log.lines().filter(|line| line.contains(" activity: "));
        assert!(lines.all(|line| !line.contains("a, b")), "no task's text is logged");
    }
}

#[tokio::test]
async fn rt_monitor_entries_of_a_dead_consumer_are_claimed_within_ten_seconds() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let dies = Relay::start(&world, &[]).await;
    let held = freeze_with_entries(&world, &ada, board, &dies).await;
    let lives = Relay::start(&world, &[]).await;
    until("it shows what the other one holds", async || {
        let shown = value(&lives, "realtime_relay_monitor_pending_entries").await;
        (shown >= held as f64).then_some(())
    })
    .await;
    world.add(&ada, board, 5).await;
    let start = Instant::now();
    drop(dies);
    until_all_is_counted(&world, held + 5).await;
    let took = start.elapsed();
    assert!(took < TEN_SECONDS, "{took:?}");
    assert_eq!(lives.metric("realtime_relay_monitor_claimed_total").await, held);
}

#[tokio::test]
async fn rt_monitor_a_slow_consumer_that_comes_back_counts_nothing_twice() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let slow = Relay::start(&world, &[]).await;
    let held = freeze_with_entries(&world, &ada, board, &slow).await;
    let quick = Relay::start(&world, &[]).await;
    until_all_is_counted(&world, held).await;
    assert_eq!(quick.metric("realtime_relay_monitor_claimed_total").await, held);
    let failures = || slow.log().matches("events cannot be counted").count();
    let before = failures();
    signal(&slow, "-CONT").await;
    let duplicates = r#"realtime_relay_monitor_entries_total{outcome="duplicate"}"#;
    // The freeze exceeded the response timeout on both its connections: whether it sees the answer
    // or the timeout first is chance.
    until("it hands in what it was given, or has given that up", async || {
        let gave_up = failures() > before;
        (gave_up || slow.metric(duplicates).await >= held).then_some(())
    })
    .await;
    world.add(&ada, board, 5).await;
    until_all_is_counted(&world, held + 5).await;
}

#[tokio::test]
async fn rt_monitor_what_was_trimmed_is_reported_and_the_rest_goes_on() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let dies = Relay::start(&world, &[]).await;
    let held = freeze_with_entries(&world, &ada, board, &dies).await;
    for shard in 0..keys::SHARDS {
        world.redis(&["XTRIM", &keys::feed(shard), "MAXLEN", "0"]);
    }
    drop(dies);
    let lives = Relay::start(&world, &[]).await;
    until("their loss is reported", async || {
        (lives.metric("realtime_relay_monitor_lost_total").await == held).then_some(())
    })
    .await;
    world.add(&ada, board, 5).await;
    let mut redis = world.databases.redis_connection();
    until("what comes then is counted", async || {
        (counted(&mut redis).get("all") == Some(&5)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn rt_monitor_the_lag_is_of_entries_that_are_still_there() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let slow = Relay::start(&world, &[]).await;
    freeze_with_entries(&world, &ada, board, &slow).await;
    let events = world.commit(&ada, board, 7).await;
    world.publish(&events);
    // These were delivered to nobody, and only the newest will be.
    for shard in 0..keys::SHARDS {
        world.redis(&["XTRIM", &keys::feed(shard), "MAXLEN", "1"]);
    }
    signal(&slow, "-CONT").await;
    let mut redis = world.databases.redis_connection();
    until("all that is left is counted", async || (pending(&mut redis) == 0).then_some(())).await;
    // One that measures for the first time, so that no earlier measurement can be mistaken for it.
    let late = Relay::start(&world, &[]).await;
    until("there is no lag", async || {
        let lag = sample(&late, "realtime_relay_monitor_lag_entries").await;
        lag.filter(|lag| *lag < 1.0).map(drop)
    })
    .await;
}

#[tokio::test]
async fn rt_monitor_an_emptied_or_restarted_redis_is_counted_anew() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let relays = [Relay::start(&world, &[]).await, Relay::start(&world, &[]).await];
    world.add(&ada, board, 20).await;
    until_all_is_counted(&world, 20).await;
    world.databases.flush_redis();
    world.add(&ada, board, 20).await;
    until_all_is_counted(&world, 20).await;
    world.databases.kill_redis();
    world.commit(&ada, board, 10).await;
    world.databases.start_redis();
    world.add(&ada, board, 10).await;
    until_all_is_counted(&world, 10).await;
    world.add(&ada, board, 10).await;
    until_all_is_counted(&world, 20).await;
    let tasks: Vec<u64> = [
        relays[0].metric("realtime_relay_tasks").await,
        relays[1].metric("realtime_relay_tasks").await,
    ]
    .into();
    assert!(tasks.iter().all(|tasks| *tasks < 50), "{tasks:?}");
}

#[tokio::test]
async fn rt_monitor_a_faulty_entry_is_counted_as_such_and_no_reason_to_stop() {
    let world = World::own().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let _relay = Relay::start(&world, &[]).await;
    let feed = keys::feed(3);
    for event in ["", "{}", r#"{"action":"Purr","entity":"task","actor":{"id":1,"username":"a"}}"#]
    {
        world.redis(&["XADD", &feed, "*", "board", "3", "seq", "1", "event", event]);
    }
    world.redis(&["XADD", &feed, "*", "something", "else"]);
    world.add(&ada, board, 2).await;
    let counts = until_all_is_counted(&world, 6).await;
    assert_eq!((counts["faulty"], counts["Add:task"]), (4, 2));
}

#[tokio::test]
async fn rt_monitor_only_consumers_that_are_gone_and_left_nothing_are_removed() {
    let world = World::shared().await;
    let mut redis = world.databases.redis_connection();
    // A feed that no relay follows.
    let feed = "{test-tidy}:feed";
    let mut run = |words: &[&str]| -> redis::Value {
        redis::cmd(words[0]).arg(&words[1..]).query(&mut redis).expect("done")
    };
    run(&["XGROUP", "CREATE", feed, "monitor", "0", "MKSTREAM"]);
    for name in ["gone", "busy"] {
        run(&["XGROUP", "CREATECONSUMER", feed, "monitor", name]);
    }
    run(&["XADD", feed, "*", "board", "1"]);
    run(&["XREADGROUP", "GROUP", "monitor", "busy", "STREAMS", feed, ">"]);
    let mut tidy = |idle: &str| run(&["EVAL", scripts::MONITOR_TIDY, "1", feed, "monitor", idle]);
    assert_eq!(tidy("600000"), redis::Value::Int(0), "both were active a moment ago");
    // Redis counts idle time in milliseconds, and more than one must be over.
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(tidy("1"), redis::Value::Int(1));
    assert_eq!(tidy("1"), redis::Value::Int(0));
    let left = format!("{:?}", run(&["XINFO", "CONSUMERS", feed, "monitor"]));
    assert!(left.contains("busy") && !left.contains("gone"), "{left}");
    run(&["DEL", feed]);
}

#[tokio::test]
async fn limit_statistics_only_so_many_boards_and_people_are_told_apart() {
    let world = World::own().await;
    let mut redis = world.databases.redis_connection();
    let mut tell = |words: &[&str]| -> redis::Value {
        redis::cmd(words[0]).arg(&words[1..]).query(&mut redis).expect("an answer")
    };
    tell(&["XGROUP", "CREATE", "{s1}:test", keys::MONITOR_GROUP, "0", "MKSTREAM"]);
    let ids = ["1-1", "1-2", "1-3", "1-4", "1-5"];
    for id in ids {
        tell(&["XADD", "{s1}:test", id, "event", "e"]);
    }
    let group = keys::MONITOR_GROUP;
    tell(&["XREADGROUP", "GROUP", group, "one", "STREAMS", "{s1}:test", ">"]);
    let mut words = vec!["EVAL", scripts::MONITOR_COUNT, "5", "{s1}:test", "{s1}:all"];
    words.extend(["{s1}:minute", "{s1}:boards", "{s1}:people", group, "2"]);
    words.extend(["9999999999"; 3]);
    for (id, board) in ids.into_iter().zip(["17", "33", "49", "17", "33"]) {
        words.extend([id, "3", "Add:task", "4", "5", board, "ada"]);
    }
    tell(&words);
    let counts = |name: &str| sum(&mut world.databases.redis_connection(), &[name.to_owned()]);
    let all = Counts::from([("all".to_owned(), 5), ("Add:task".to_owned(), 5)]);
    assert_eq!((counts("{s1}:all"), counts("{s1}:minute")), (all.clone(), all));
    assert_eq!(counts("{s1}:boards").len(), 2, "the first two, whichever they are");
    assert_eq!(counts("{s1}:people"), Counts::from([("ada".to_owned(), 5)]));
}
