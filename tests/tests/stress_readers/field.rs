//! Relays on one world, the state that they must return to in the end, and their measurements.

use crate::reader::{Pace, Reader};
use crate::support::{Person, Relay, World, until};
use contract_tests::Socket;
use contract_tests::socket::Ended;
use std::time::{Duration, Instant};

/// On a busy machine a scenario takes longer than the relay's default for readers that read nothing:
/// where the flags say nothing else, those of the scenarios may stop for as long as they like.
const PATIENT: (&str, &str) = ("RELAY_DEAD_READER_MS", "600000");

/// The flags of every relay in these scenarios: heartbeats come within a test's time limit, all
/// sockets may be one user's, and a board without subscribers is soon forgotten.
const FLAGS: [&str; 6] =
    ["--heartbeat-ms", "4000", "--max-sockets-per-user", "5000", "--linger-ms", "200"];

/// The contract's limit: how soon losing a right ends its access (RT6).
pub(crate) const PROMISED: Duration = Duration::from_secs(1);

/// The additional allowance for a busy machine.
pub(crate) const BUSY: Duration = Duration::from_secs(1);

/// The receive buffer of a stopped reader: small, so that it fills soon.
pub(crate) const SMALL: u32 = 4 << 10;

/// Metrics that must return to their initial values when everybody has left.
const GAUGES: [&str; 3] =
    ["realtime_relay_connections", "realtime_relay_subscriptions", "realtime_relay_boards"];

/// Relays over a world.
pub(crate) struct Field {
    pub(crate) world: World,
    pub(crate) relays: Vec<Relay>,
}

impl Field {
    /// Starts this many relays on this world, with additional flags.
    pub(crate) async fn start(world: World, count: usize, flags: &[&str]) -> Self {
        let mut relays = Vec::with_capacity(count);
        for _ in 0..count {
            relays.push(relay(&world, flags, &[PATIENT]).await);
        }
        Self { world, relays }
    }

    /// This person's fast reader at a relay, following a board from now on.
    pub(crate) async fn follow(&self, relay: usize, who: &Person, board: u64) -> Reader {
        self.follow_with(relay, &self.world.token(who), &[board]).await
    }

    /// The same for several boards, with this token.
    pub(crate) async fn follow_with(&self, relay: usize, token: &str, boards: &[u64]) -> Reader {
        let socket = open(&self.relays[relay], token, None).await;
        let reader = Reader::start(socket, Pace::Full);
        for board in boards {
            reader.join(*board).await;
        }
        reader
    }

    /// The same with a small receive buffer, and reading nothing after its subscription.
    pub(crate) async fn follow_asleep(&self, relay: usize, token: &str, board: u64) -> Reader {
        let socket = open(&self.relays[relay], token, Some(SMALL)).await;
        let reader = Reader::start(socket, Pace::Full);
        reader.join(board).await;
        reader.set_pace(Pace::Stopped);
        reader
    }

    /// Checks, when everybody has left, that no relay holds a socket, a subscription or a board any
    /// more.
    pub(crate) async fn is_left_clean(&self) {
        for relay in &self.relays {
            for gauge in GAUGES {
                until(gauge, async || (relay.metric(gauge).await == 0).then_some(())).await;
            }
        }
    }
}

/// A relay over a world.
pub(crate) async fn relay(world: &World, flags: &[&str], environment: &[(&str, &str)]) -> Relay {
    let relay = Relay::start_with(world, &[&FLAGS, flags].concat(), environment).await;
    until("the feeds are followed", async || {
        relay.log().contains("the feeds are followed").then_some(())
    })
    .await;
    relay
}

/// A welcomed socket with this token.
pub(crate) async fn open(relay: &Relay, token: &str, receive_buffer: Option<u32>) -> Socket {
    let bearer = format!("Bearer {token}");
    let url = format!("{}/ws", relay.url);
    let headers = [("authorization", &*bearer)];
    let mut socket = Socket::connect_to(&url, &headers, receive_buffer).await.expect("a socket");
    let welcome = socket.message().await;
    assert_eq!(welcome["type"], "welcome", "{welcome}");
    socket
}

/// Whether a relay accepts this token; otherwise it must close with 4401.
pub(crate) async fn lets_in(relay: &Relay, token: &str) -> bool {
    let bearer = format!("Bearer {token}");
    let url = format!("{}/ws", relay.url);
    let headers = [("authorization", &*bearer)];
    let mut socket = Socket::connect_to(&url, &headers, None).await.expect("a handshake");
    match socket.read().await {
        Ok(welcome) => {
            assert_eq!(welcome["type"], "welcome", "{welcome}");
            true
        }
        Err(Ended::Closed(code, _)) => {
            assert_eq!(code, 4401);
            false
        }
        Err(broken) => panic!("{broken:?}"),
    }
}

/// A process's resident memory, in KiB.
pub(crate) fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// The percentiles of the times, such as 50 and 99.
pub(crate) fn percentiles<const N: usize>(
    mut times: Vec<Duration>,
    per_cent: [usize; N],
) -> [Duration; N] {
    times.sort_unstable();
    assert!(!times.is_empty(), "nothing was measured");
    per_cent.map(|share| times[(times.len() - 1) * share / 100])
}

/// How long after `start` this was; zero if it was before.
pub(crate) fn since(start: Instant, at: Instant) -> Duration {
    at.saturating_duration_since(start)
}
