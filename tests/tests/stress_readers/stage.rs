//! Two relays, two boards, steady writes, and three people: one who will lose a right, with fast
//! and slow readers at each relay, and two who stay.

use crate::field::{Field, PROMISED, since};
use crate::reader::{Pace, Reader};
use crate::support::{Person, World, keys_of};
use crate::writer::{Writer, Written, head};
use contract_tests::chance::dice;
use contract_tests::stack::JWT_SECRET;
use shared::auth::Claims;
use std::time::{Duration, Instant};

const RELAYS: [usize; 2] = [0, 1];
/// How often there is an event.
const EVERY: Duration = Duration::from_millis(8);
/// Bytes of an event: enough to fill a stopped reader's buffers within a second.
const BYTES: usize = 2_000;

/// The scene.
pub(crate) struct Stage {
    pub(crate) field: Field,
    /// The owner of both boards.
    pub(crate) ada: Person,
    /// Who will lose a right.
    pub(crate) bob: Person,
    /// The board that they lose, if any.
    pub(crate) board: u64,
    /// The board that they keep.
    pub(crate) other: u64,
    /// Bob's sockets that keep up with both boards, one at each relay.
    pub(crate) losers: Vec<Reader>,
    /// Bob's stopped sockets on the one board.
    pub(crate) behind: Vec<Reader>,
    /// Ada's and Carol's sockets.
    pub(crate) stayers: Vec<Reader>,
    /// The first events of both boards after everybody had subscribed.
    first: [u64; 2],
    writer: Writer,
}

/// The stage's remains after the writes have ended and the others have left.
pub(crate) struct Ended {
    pub(crate) field: Field,
    pub(crate) losers: Vec<Reader>,
    pub(crate) behind: Vec<Reader>,
    pub(crate) written: Vec<Written>,
}

impl Stage {
    /// Starts the stage; everybody has been following for a moment. Bob's token has these claims.
    pub(crate) async fn set(flags: &[&str], claims: impl Fn(&Person) -> Claims) -> Self {
        Self::set_in(World::shared().await, flags, claims).await
    }

    /// The same in a world that the test may break.
    pub(crate) async fn set_in(
        world: World,
        flags: &[&str],
        claims: impl Fn(&Person) -> Claims,
    ) -> Self {
        let (ada, bob, carol) = (world.person().await, world.person().await, world.person().await);
        let board = world.board(&ada, &[&bob, &carol]).await;
        let other = world.board(&ada, &[&bob, &carol]).await;
        let field = Field::start(world, RELAYS.len(), flags).await;
        let token = claims(&bob).sign(&keys_of(JWT_SECRET));
        let (mut losers, mut behind, mut stayers) = (Vec::new(), Vec::new(), Vec::new());
        for relay in RELAYS {
            losers.push(field.follow_with(relay, &token, &[board, other]).await);
            behind.push(field.follow_asleep(relay, &token, board).await);
            for who in [&ada, &carol] {
                let token = field.world.token(who);
                stayers.push(field.follow_with(relay, &token, &[board, other]).await);
            }
        }
        let writer = Writer::start(&field.world, &ada, &[board, other], EVERY, BYTES).await;
        let first = [3, 3];
        let stage = Self { field, ada, bob, board, other, losers, behind, stayers, first, writer };
        stage.go_on(Duration::from_millis(dice().u64(1_500..2_000))).await;
        stage
    }

    /// Lets the writes go on for a random while, so that what follows happens at a random moment.
    pub(crate) async fn go_on(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Bob's sockets end with 4401 within this time of the loss; the others miss nothing.
    pub(crate) async fn all_sockets_end(self, what: &str, lost: Instant, within: Duration) {
        let mut took = Vec::new();
        for loser in &self.losers {
            let (at, code) = loser.ended().await;
            assert_eq!(code, Some(4401), "{what}");
            took.push(since(lost, at));
        }
        // Stopped readers are checked once everything that could still be sent to them was sent.
        self.go_on(PROMISED).await;
        self.behind.iter().for_each(|reader| reader.set_pace(Pace::Full));
        let Ended { field, losers, behind, written } = self.end().await;
        let stale = |reader: &Reader| stale(reader, &written, lost);
        let late = losers.iter().chain(&behind).filter_map(stale).max().unwrap_or_default();
        for reader in losers.into_iter().chain(behind) {
            reader.leave().await;
        }
        field.is_left_clean().await;
        eprintln!("RT6: {what}: closed after {took:?}; the latest event got was {late:?} too new");
        for time in took.into_iter().chain([late]) {
            assert!(time < within, "{what}: {time:?}");
        }
    }

    /// Checks that Bob's subscriptions to the one board end for this reason within this time of the
    /// loss, after the event that ended it and nothing later, and that his other board continues.
    /// If a relay may have forgotten when it was, slow readers do not get `all_before`.
    pub(crate) async fn subscriptions_end(
        self,
        reason: &str,
        lost: Instant,
        (by, all_before): (u64, bool),
        within: Duration,
    ) {
        let mut took = Vec::new();
        for loser in &self.losers {
            let (at, message) = loser.message_of("unsubscribed").await;
            assert_eq!(message["reason"], reason, "{message}");
            assert_eq!(message["board"], self.board, "{message}");
            took.push(since(lost, at));
        }
        self.go_on(within).await;
        self.behind.iter().for_each(|reader| reader.set_pace(Pace::Full));
        for reader in &self.behind {
            let (_, message) = reader.message_of("unsubscribed").await;
            assert_eq!(message["reason"], reason, "{message}");
        }
        let (board, other, first) = (self.board, self.other, self.first);
        let others: Vec<u64> = self.losers.iter().map(|reader| reader.last(other)).collect();
        for (reader, last) in self.losers.iter().zip(others) {
            reader.has(other, last + 20).await;
        }
        let Ended { field, losers, behind, .. } = self.end().await;
        for reader in losers {
            let seen = reader.leave().await;
            seen.assert_all(board, first[0], by);
            let last = seen.of(other).last().expect("events").seq;
            seen.assert_all(other, first[1], last);
            assert_eq!(seen.end, None, "the socket stays open");
        }
        for reader in behind {
            let seen = reader.leave().await;
            let last = seen.of(board).last().expect("events").seq;
            seen.assert_all(board, first[0], if all_before { by } else { last.min(by) });
        }
        field.is_left_clean().await;
        eprintln!("RT6: {reason}: informed after {took:?}");
        for time in took {
            assert!(time < within, "{reason}: informed after {time:?}");
        }
    }

    /// Stops writing, and checks that those who stay received everything. Returns Bob's readers.
    pub(crate) async fn end(self) -> Ended {
        let Self { field, losers, behind, stayers, writer, board, other, first, .. } = self;
        let written = writer.stop().await;
        let heads = [board, other].map(|board| head(&written, board));
        for reader in stayers {
            for ((board, first), last) in [board, other].into_iter().zip(first).zip(heads) {
                reader.has(board, last).await;
                let seen = reader.seen();
                seen.assert_all(board, first, seen.of(board).last().expect("events").seq);
            }
            let seen = reader.leave().await;
            assert_eq!(seen.end, None, "those who stay are not closed");
        }
        Ended { field, losers, behind, written }
    }
}

/// How long after the loss the newest event was committed that a reader still received.
pub(crate) fn stale(reader: &Reader, written: &[Written], lost: Instant) -> Option<Duration> {
    let seen = reader.seen();
    let newest = seen.events.iter().filter_map(|got| {
        let event = written.iter().find(|(board, seq, _)| (*board, *seq) == (got.board, got.seq));
        event.map(|(_, _, at)| since(lost, *at))
    });
    newest.max()
}
