//! Clocks of a relay, PostgreSQL and Redis that are wrong or jump. The first two are set by
//! libfaketime (Debian's package `faketime`) through a file that can be rewritten while a program
//! runs; Redis does not start with it, so it gets entries with ids of another time.

use crate::field::{BUSY, Field, lets_in, open, relay};
use crate::reader::{Pace, Reader, Seen};
use crate::support::{World, keys_of, seconds, until};
use crate::writer::{Writer, head, write_many};
use contract_tests::Databases;
use contract_tests::chance::dice;
use contract_tests::stack::JWT_SECRET;
use shared::auth::Claims;
use shared::data::keys;
use shared::models::BoardId;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often a relay checks whether a feed was lost.
const LOOKED_AFTER: Duration = Duration::from_secs(2);

/// A clock that can be set.
struct Clock {
    file: PathBuf,
}

impl Clock {
    /// A clock that is right.
    fn right() -> Self {
        let name = format!("clock-{}-{}", std::process::id(), fastrand::u32(..));
        let clock = Self { file: std::env::temp_dir().join(name) };
        clock.set(0);
        clock
    }

    /// Shifts it by this many seconds from now on.
    fn set(&self, seconds: i64) {
        // A program must never read half of it.
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{seconds:+}\n")).expect("a file");
        // PostgreSQL runs as another user.
        fs::set_permissions(&next, Permissions::from_mode(0o644)).expect("a file");
        fs::rename(&next, &self.file).expect("a file");
    }

    /// The environment that makes a program use it. Timers do not: the kernel's never jump either.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let file = self.file.to_str().expect("a path").to_owned();
        let on = || "1".to_owned();
        vec![
            ("LD_PRELOAD", library()),
            ("FAKETIME_TIMESTAMP_FILE", file),
            ("FAKETIME_NO_CACHE", on()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", on()),
            ("FAKETIME_DISABLE_SHM", on()),
        ]
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// Where libfaketime is.
fn library() -> String {
    let folders = fs::read_dir("/usr/lib").expect("a folder").flatten();
    let places = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    let found = places.into_iter().find(|place| place.exists());
    let place = found.expect("libfaketime: install the package faketime");
    place.to_str().expect("a path").to_owned()
}

/// Timestamps never go backwards along `seq`.
#[track_caller]
fn assert_time_goes_on(seen: &Seen, board: u64) {
    let stamps: Vec<&String> = seen.of(board).map(|got| &got.timestamp).collect();
    let back = stamps.windows(2).position(|pair| pair[0] > pair[1]);
    assert_eq!(back, None, "{:?}", back.map(|place| &stamps[place..place + 2]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_a_relay_whose_clock_jumps_goes_on_and_judges_new_tokens_by_it() {
    const HOUR: i64 = 3_600;
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let clock = Clock::right();
    let environment = clock.environment();
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, &**value)).collect();
    let wrong = relay(&world, &[], &environment).await;
    let field = Field::start(world, 1, &[]).await;
    let token =
        |left: u64| Claims { exp: seconds() + left, ..ada.claims(0) }.sign(&keys_of(JWT_SECRET));
    let mut living = Vec::new();
    // One expires in half an hour, which the jumping clock will skip, and one in six seconds.
    for left in [1_800, 30 * 24 * 3_600, 6] {
        let reader = Reader::start(open(&wrong, &token(left), None).await, Pace::Full);
        reader.join(board).await;
        living.push(reader);
    }
    let right = field.follow(0, &ada, board).await;
    let writer = Writer::start(&field.world, &ada, &[board], Duration::from_millis(10), 500).await;
    for (jump, half_an_hour) in [(0, true), (HOUR, false), (-2 * HOUR, true), (0, true)] {
        clock.set(jump);
        // Long enough for all of the relay's periodic work to run by this clock.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(lets_in(&wrong, &token(1_800)).await, half_an_hour, "{jump} s");
        assert!(lets_in(&wrong, &token(30 * 24 * 3_600)).await, "{jump} s");
    }
    // Six seconds have passed on every clock that did not jump.
    assert_eq!(living[2].ended().await.1, Some(4401));
    let written = writer.stop().await;
    let last = head(&written, board);
    for reader in living.drain(..2).chain([right]) {
        reader.has(board, last).await;
        let seen = reader.leave().await;
        seen.assert_all(board, 1, last);
        assert_eq!(seen.end, None);
    }
    field.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn timestamps_never_go_backwards_along_seq_whatever_the_clock_of_postgresql_does() {
    let mut dice = dice();
    let clock = Clock::right();
    let environment = clock.environment();
    let start = move || Databases::start_with(&environment);
    let databases = tokio::task::spawn_blocking(start).await.expect("databases");
    let world = World::of(databases).await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 1, &[]).await;
    let reader = field.follow(0, &ada, board).await;
    let (mut last, mut jumps) = (0, Vec::new());
    for _ in 0..10 {
        last = write_many(&field.world, &ada, board, 15, 100).await;
        let jump = dice.i64(-100_000..100_000);
        clock.set(jump);
        jumps.push(jump);
    }
    last = last.max(write_many(&field.world, &ada, board, 15, 100).await);
    reader.has(board, last).await;
    let seen = reader.leave().await;
    seen.assert_all(board, 1, last);
    assert_time_goes_on(&seen, board);
    let mut stamps: Vec<_> = seen.of(board).map(|got| &got.timestamp).collect();
    stamps.dedup();
    eprintln!("{} different timestamps of {last} events over jumps by {jumps:?} s", stamps.len());
    assert!(stamps.len() > 15, "the clock did run");
    field.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt2_and_rt6_the_clock_of_redis_jumps_back_and_nothing_is_lost_twice_or_not_heard_of() {
    let world = World::own().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 2, &[]).await;
    let readers = [field.follow(0, &ada, board).await, field.follow(1, &ada, board).await];
    let loser = field.follow_with(1, &field.world.token(&bob), &[]).await;
    let feed = keys::feed(keys::shard(BoardId::new(board).expect("an id")));
    let writer = Writer::start(&field.world, &ada, &[board], Duration::from_millis(10), 500).await;
    readers[0].has(board, 20).await;
    let fed = "realtime_relay_feed_entries_total";
    let before = field.relays[0].metric(fed).await;
    // Its clock was a day ahead for a moment: new entries get ids from that time.
    let ahead = format!("{}-0", (seconds() + 24 * 3_600) * 1_000);
    for feed in [&feed, keys::CONTROL_FEED] {
        field.world.redis(&["XADD", feed, &ahead, "nothing", "known"]);
    }
    until("entries with ids of then are read", async || {
        (field.relays[0].metric(fed).await > before + 50).then_some(())
    })
    .await;
    let ids = ids(&field.world, &feed);
    assert!(ids.is_sorted_by(|one, next| one < next), "the ids of a feed only grow");
    // One feed is lost and its ids start from today again, while the other is as busy as before.
    field.world.redis(&["DEL", keys::CONTROL_FEED]);
    let revoke = format!("UPDATE users SET token_generation = 1 WHERE id = {}", bob.id);
    field.world.sql.batch_execute(&revoke).await.expect("revoked");
    let lost = Instant::now();
    field.world.tell_control(&bob);
    let (at, code) = loser.ended().await;
    eprintln!("RT6: with the ids gone back: closed after {:?}", at - lost);
    assert_eq!(code, Some(4401));
    assert!(at - lost < LOOKED_AFTER + BUSY, "closed after {:?}", at - lost);
    // And nothing is missing.
    field.world.databases.flush_redis();
    let restarted = "realtime_relay_feeds_restarted_total";
    until("the feeds are read from where they are now", async || {
        (field.relays[0].metric(restarted).await >= 2).then_some(())
    })
    .await;
    let written = writer.stop().await;
    let last = head(&written, board);
    for reader in readers {
        reader.has(board, last).await;
        let seen = reader.leave().await;
        seen.assert_all(board, 1, last);
        assert!(seen.others.is_empty() && seen.end.is_none(), "{:?}", seen.others);
    }
    loser.leave().await;
    field.is_left_clean().await;
}

/// The ids of a feed's entries in the order in which they were added.
fn ids(world: &World, feed: &str) -> Vec<(u64, u64)> {
    let mut range = redis::cmd("XRANGE");
    let range = range.arg(feed).arg("-").arg("+");
    let entries: Vec<(String, Vec<String>)> =
        range.query(&mut world.databases.redis_connection()).expect("a feed");
    let id = |id: &str| {
        let (time, number) = id.split_once('-').expect("an id");
        (time.parse().expect("a number"), number.parse().expect("a number"))
    };
    entries.iter().map(|(text, _)| id(text)).collect()
}
