//! RT7 and 4408: a client that reads nothing at all is closed after the dead reader's timeout and
//! not before; one that reads anything, however little, is not.

use crate::field::{Field, resident};
use crate::raw::Raw;
use crate::reader::Pace;
use crate::support::{Person, World, until};
use crate::writer::Writer;
use contract_tests::chance::dice;
use contract_tests::stress::scale;
use std::time::{Duration, Instant};

const DEAD_READERS: &str = "realtime_relay_dead_readers_total";
/// The dead reader's timeout; the relay's default is ten times as long.
const DEAD: Duration = Duration::from_secs(3);

/// A relay with that timeout, a user, and their board.
async fn begin() -> (Field, Person, u64) {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let field = Field::start(world, 1, &["--dead-reader-ms", "3000"]).await;
    (field, ada, board)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_and_close_4408_who_reads_nothing_is_closed_after_the_dead_readers_time_and_not_before()
{
    let (field, ada, board) = begin().await;
    let relay = &field.relays[0];
    let awake = field.follow(0, &ada, board).await;
    let token = field.world.token(&ada);
    let began = Instant::now();
    let never = field.follow_asleep(0, &token, board).await;
    let writer = Writer::start(&field.world, &ada, &[board], Duration::from_millis(5), 8_000).await;
    until("the dead reader is seen", async || (relay.metric(DEAD_READERS).await > 0).then_some(()))
        .await;
    let took = began.elapsed();
    let before = resident(relay.process());
    // It gets the close code if it reads again before the relay has given up sending it.
    never.set_pace(Pace::Full);
    let (_, code) = never.ended().await;
    let last = writer.stop().await.last().expect("an event").1;
    awake.has(board, last).await;
    awake.leave().await.assert_all(board, 1, last);
    eprintln!("RT7: closed with {code:?} after {took:?}; resident {before} KiB");
    assert_eq!(code, Some(4408));
    assert!(took >= DEAD, "it may read nothing for {DEAD:?}, and was closed after {took:?}");
    assert!(took < DEAD + Duration::from_secs(4), "closed after {took:?}");
    let got = never.leave().await;
    got.assert_all(board, 1, got.events.last().map_or(0, |got| got.seq));
    assert_eq!(relay.metric(DEAD_READERS).await, 1);
    field.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt7_who_reads_a_little_now_and_then_is_never_closed() {
    let mut dice = dice();
    let (field, ada, board) = begin().await;
    let relay = &field.relays[0];
    let awake = field.follow(0, &ada, board).await;
    let mut raw = Raw::subscribe(relay, &field.world.token(&ada), board, 0).await;
    let writer = Writer::start(&field.world, &ada, &[board], Duration::from_millis(5), 4_000).await;
    let (began, mut read) = (Instant::now(), 0);
    while began.elapsed() < (4 * DEAD).mul_f64(scale()) {
        read += raw.take(dice.usize(400..800)).await.expect("still open");
        // This reader's pace is the subject of the test.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let pace = read as f64 / began.elapsed().as_secs_f64();
    let last = writer.stop().await.last().expect("an event").1;
    let behind = last - raw.seqs.last().copied().unwrap_or_default();
    eprintln!("RT7: read {pace:.0} bytes a second and was {behind} events behind at the end");
    assert_eq!(raw.closed, None);
    raw.has(last).await;
    raw.assert_all(1, last);
    awake.has(board, last).await;
    awake.leave().await.assert_all(board, 1, last);
    assert_eq!(relay.metric(DEAD_READERS).await, 0);
    drop(raw);
    field.is_left_clean().await;
}
