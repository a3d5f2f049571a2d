//! docs/contract/realtime.md, RT-DRAIN: immediately not ready, no new sockets, closes spread over
//! a window, exit; and nobody loses an event.

use crate::support::{Person, Relay, World, expect, subscribe, until};
use contract_tests::event_stream::{EventStream, NoStream};
use contract_tests::socket::{Ended, Socket};
use contract_tests::{Client, chance};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The window over which the relay closes connections.
const WINDOW: Duration = Duration::from_secs(4);

/// A follower of a board, by socket or stream.
enum Follower {
    Socket(Socket),
    Stream(EventStream),
}

impl Follower {
    async fn open(relay: &Relay, world: &World, who: &Person, board: u64, place: Place) -> Self {
        let after = place.last;
        if !place.by_stream {
            let mut socket = relay.socket(world, who).await;
            subscribe(&mut socket, board, Some(after)).await;
            return Self::Socket(socket);
        }
        let bearer = format!("Bearer {}", world.token(who));
        let id = after.to_string();
        let headers = [("authorization", &*bearer), ("last-event-id", &*id)];
        let stream = relay.open_stream(&format!("boards/{board}"), &headers, None).await;
        let mut stream = stream.expect("a stream");
        stream.subscribed(board).await;
        Self::Stream(stream)
    }

    /// The next event's number, or the close code.
    async fn next(&mut self) -> Result<u64, u16> {
        let message = match self {
            Self::Socket(socket) => match socket.read().await {
                Ok(message) => message,
                Err(Ended::Closed(code, _)) => return Err(code),
                Err(broken) => panic!("the socket broke: {broken:?}"),
            },
            Self::Stream(stream) => match stream.read().await.expect("an end, and no break") {
                Some(message) => message,
                None => return Err(stream.ended().await),
            },
        };
        match message["type"].as_str() {
            Some("event") => Ok(message["seq"].as_u64().expect("a number")),
            Some("heartbeat" | "presence") => Box::pin(self.next()).await,
            _ => panic!("unexpected: {message}"),
        }
    }
}

/// A follower's transport and progress.
#[derive(Clone, Copy)]
struct Place {
    by_stream: bool,
    last: u64,
}

/// Follows at the first relay until it is closed, then at the second up to the goal; returns when
/// it was closed and its progress then.
async fn follow(
    (first, second): (&Relay, &Relay),
    (world, who, board): (&World, &Person, u64),
    mut place: Place,
    goal: &AtomicU64,
) -> Instant {
    let mut follower = Follower::open(first, world, who, board, place).await;
    let mut reported = None;
    while place.last < goal.load(Ordering::Relaxed) || reported.is_none() {
        match follower.next().await {
            Ok(seq) => {
                assert_eq!(seq, place.last + 1, "RT2 and RT3, by stream: {}", place.by_stream);
                place.last = seq;
            }
            Err(code) => {
                assert_eq!((code, reported), (1012, None), "only the first relay closes");
                reported = Some(Instant::now());
                follower = Follower::open(second, world, who, board, place).await;
            }
        }
    }
    reported.expect("closed by the first relay")
}

/// Polls until the relay reports that it is draining; returns when. A relay whose stores are slow
/// is not ready either, but accepts new connections.
async fn not_ready(relay: &Relay) -> Instant {
    let client = Client::new(relay.url.clone());
    until("it is not ready", async || {
        let reply = client.get("/readyz").try_send().await.expect("it still answers");
        (reply.status == 503 && reply.json()["status"] == "draining").then(Instant::now)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt_drain_and_close_1012_a_relay_that_ends_spreads_its_closes_and_nobody_loses_an_event() {
    let mut dice = chance::dice();
    let world = World::shared().await;
    let mut teams = Vec::new();
    for _ in 0..4 {
        let who = world.person().await;
        let board = world.board(&who, &[]).await;
        teams.push((who, board));
    }
    let flags = ["--max-sockets-per-user", "200"];
    let window = WINDOW.as_millis().to_string();
    let ends = Relay::start(&world, &[&flags[..], &["--drain-ms", &window]].concat()).await;
    let stays = Relay::start(&world, &flags).await;
    let goals: Vec<_> = teams.iter().map(|_| AtomicU64::new(u64::MAX)).collect();
    let followers = (0..120).map(|number| {
        let team = number % teams.len();
        let (who, board) = &teams[team];
        let place = Place { by_stream: number % 3 == 0, last: 0 };
        follow((&ends, &stays), (&world, who, *board), place, &goals[team])
    });
    let conduct = async {
        until("everybody is there", async || {
            let there = ends.metric("realtime_relay_subscriptions").await == 120;
            there.then_some(())
        })
        .await;
        let mut heads = vec![0; teams.len()];
        let start = Instant::now();
        ends.signal("TERM");
        let noticed = not_ready(&ends).await.duration_since(start);
        assert!(noticed < WINDOW / 8, "{noticed:?}");
        refuses_newcomers(&ends, &world, &teams[0]).await;
        // Throttled: the followers share this task, and must read in time when they are closed.
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        while start.elapsed() < WINDOW {
            pace.tick().await;
            let team = dice.usize(..teams.len());
            let (who, board) = &teams[team];
            heads[team] += world.add(who, *board, dice.usize(1..4)).await.len() as u64;
        }
        for (goal, head) in goals.iter().zip(heads) {
            goal.store(head, Ordering::Relaxed);
        }
        // A follower that is already complete waits for one more event.
        for (who, board) in &teams {
            world.add(who, *board, 1).await;
        }
        start
    };
    let (start, reported) = futures::join!(conduct, futures::future::join_all(followers));
    let reported = reported.into_iter().map(|reported| reported.duration_since(start)).collect();
    expect_spread(reported);
    assert_eq!(ends.ended().await, Some(0), "the exit status");
}

/// A draining relay refuses new connections with a reason.
async fn refuses_newcomers(relay: &Relay, world: &World, (who, board): &(Person, u64)) {
    let bearer = format!("Bearer {}", world.token(who));
    let headers = [("authorization", &*bearer)];
    let client = Client::new(relay.url.clone());
    let call = client.get(&format!("/sse/boards/{board}")).header("authorization", &bearer);
    let reply = call.send().await;
    assert!(reply.header("retry-after").is_some(), "{reply}");
    let _ = reply.problem(503, "unavailable");
    let stream = relay.open_stream(&format!("boards/{board}"), &headers, None).await;
    assert!(matches!(stream, Err(NoStream::Refused(503))), "{stream:?}");
    let Err(Ended::Broken(why)) = relay.open(&headers).await else { panic!("let in") };
    assert!(why.contains("503"), "{why}");
}

/// The closes are spread over the whole window, without bursts.
fn expect_spread(mut reported: Vec<Duration>) {
    reported.sort();
    let (first, last) = (reported[0], reported[reported.len() - 1]);
    assert!(first < WINDOW / 4, "the first after {first:?}");
    assert!(
        last > WINDOW * 3 / 4 && last < WINDOW + Duration::from_secs(2),
        "the last at {last:?}"
    );
    let slice = WINDOW / 8;
    for start in &reported {
        let count = reported.iter().filter(|it| (*start..*start + slice).contains(*it)).count();
        // An eighth would be even; busy machines close in bursts.
        assert!(count <= reported.len() * 3 / 8, "{count} of {} from {start:?} on", reported.len());
    }
}

#[tokio::test]
async fn a_relay_that_gets_a_second_signal_while_it_drains_ends_at_once() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    for (seq, second) in [(1, "TERM"), (2, "INT")] {
        let relay = Relay::start(&world, &["--drain-ms", "600000"]).await;
        let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
        let mut stream = relay.stream(&world, &ada, &format!("boards/{board}")).await;
        stream.subscribed(board).await;
        relay.signal("TERM");
        not_ready(&relay).await;
        // Until then it serves as before.
        world.add(&ada, board, 1).await;
        expect(&mut socket, board, seq..=seq).await;
        stream.event(seq).await;
        let start = Instant::now();
        relay.signal(second);
        assert_eq!(relay.ended().await, Some(0), "the exit status");
        let took = start.elapsed();
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}
