//! When a session sends something on its own, and when its client counts as gone.
//!
//! Two rules meet here. A ping must be answered within 10 s; but a reader that is merely slow is
//! never cut off (RT7): the ping may wait behind megabytes in its own receive buffer. So after
//! events went out the answer has as long as a dead reader has (30 s), and every sign of reading
//! starts that time anew: a message, or a blocked socket that takes bytes again.

use super::SessionSettings;
use std::time::Duration;
use tokio::time::Instant;

/// Longer than any session lasts.
const NEVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What a session has to do now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Due {
    /// Send the heads.
    Heartbeat,
    /// Send a WebSocket ping.
    Ping,
    /// Close: the client reads nothing.
    Dead,
    /// Send that the token ends soon.
    TokenExpiring,
    /// Close: the token has ended, or none came in time.
    TokenEnded,
}

/// The times of one session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadlines {
    heartbeat: Duration,
    ping_interval: Duration,
    pong_timeout: Duration,
    dead_reader: Duration,
    heartbeat_at: Instant,
    ping_at: Instant,
    /// The ping that has no answer yet.
    pinged_at: Option<Instant>,
    /// Since when the socket takes nothing.
    blocked_since: Option<Instant>,
    /// The last sign that the client reads.
    alive_at: Instant,
    /// When to send that the token ends, if that is still to be done.
    warn_at: Option<Instant>,
    /// When the token ends.
    token_ends_at: Option<Instant>,
}

impl Deadlines {
    pub(super) fn new(now: Instant, settings: &SessionSettings) -> Self {
        let mut deadlines = Self {
            heartbeat: settings.heartbeat,
            ping_interval: settings.ping_interval,
            pong_timeout: settings.pong_timeout,
            dead_reader: settings.dead_reader,
            heartbeat_at: now,
            ping_at: now + settings.ping_interval,
            pinged_at: None,
            blocked_since: None,
            alive_at: now,
            warn_at: None,
            token_ends_at: None,
        };
        deadlines.plan_heartbeat(now);
        deadlines
    }

    /// The client cannot answer pings: it is gone when its socket takes nothing.
    pub(super) fn without_pings(mut self) -> Self {
        self.ping_interval = NEVER;
        self.ping_at += NEVER;
        self
    }

    /// The session lasts until then, with a warning before that or without.
    pub(super) fn ends(&mut self, warn_at: Option<Instant>, ends_at: Instant) {
        self.warn_at = warn_at;
        self.token_ends_at = Some(ends_at);
    }

    /// Earlier than announced rather than later, and not all sockets at once.
    fn plan_heartbeat(&mut self, now: Instant) {
        self.heartbeat_at = now + self.heartbeat.mul_f64(0.8 + fastrand::f64() / 5.0);
    }

    /// After writing: whether the socket took bytes, and whether it takes none now.
    pub(super) fn wrote(&mut self, now: Instant, progress: bool, blocked: bool) {
        if progress && self.blocked_since.is_some() {
            self.alive_at = now;
        }
        self.blocked_since = if !blocked {
            None
        } else if progress {
            Some(now)
        } else {
            self.blocked_since.or(Some(now))
        };
    }

    /// Whether the socket took nothing when it was last written to.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.is_some()
    }

    /// The client sent something.
    pub(super) fn received(&mut self, now: Instant) {
        self.alive_at = now;
    }

    /// The client answered the ping.
    pub(super) fn answered(&mut self) {
        self.pinged_at = None;
    }

    /// What is due; call it again after doing that. `busy` is whether events went out since the
    /// last answer.
    pub(super) fn due(&mut self, now: Instant, busy: bool) -> Option<Due> {
        if self.dead_at(busy).is_some_and(|at| now >= at) {
            return Some(Due::Dead);
        }
        if self.token_ends_at.is_some_and(|at| now >= at) {
            return Some(Due::TokenEnded);
        }
        if self.warn_at.take_if(|at| now >= *at).is_some() {
            return Some(Due::TokenExpiring);
        }
        if now >= self.heartbeat_at {
            self.plan_heartbeat(now);
            // A blocked socket gets its heartbeat when it takes bytes again: one, not a queue.
            return if self.blocked_since.is_some() {
                self.due(now, busy)
            } else {
                Some(Due::Heartbeat)
            };
        }
        if now >= self.ping_at {
            self.ping_at = now + self.ping_interval;
            if self.pinged_at.is_none() && self.blocked_since.is_none() {
                self.pinged_at = Some(now);
                return Some(Due::Ping);
            }
        }
        None
    }

    /// When to ask [`Self::due`] again.
    pub(super) fn next(&self, busy: bool) -> Instant {
        let next = self.heartbeat_at.min(self.ping_at);
        let next = self.token_ends_at.map_or(next, |at| next.min(at));
        let next = self.warn_at.map_or(next, |at| next.min(at));
        self.dead_at(busy).map_or(next, |dead_at| next.min(dead_at))
    }

    /// When the client counts as gone, without a sign before that.
    fn dead_at(&self, busy: bool) -> Option<Instant> {
        if let Some(since) = self.blocked_since {
            return Some(since.max(self.alive_at) + self.dead_reader);
        }
        let limit = if busy { self.dead_reader.max(self.pong_timeout) } else { self.pong_timeout };
        self.pinged_at.map(|pinged| pinged.max(self.alive_at) + limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn deadlines(start: Instant) -> Deadlines {
        Deadlines::new(
            start,
            &SessionSettings {
                heartbeat: 1000 * SECOND,
                reconnect_jitter: SECOND,
                ping_interval: 25 * SECOND,
                pong_timeout: 10 * SECOND,
                dead_reader: 30 * SECOND,
                subscriptions: 1,
                messages_per_second: 1,
                message_burst: 1,
            },
        )
    }

    #[test]
    fn close_4408_a_ping_goes_out_every_25_s_and_must_be_answered_within_10() {
        let start = Instant::now();
        let mut it = deadlines(start);
        assert_eq!(it.due(start + 24 * SECOND, false), None);
        assert_eq!(it.due(start + 25 * SECOND, false), Some(Due::Ping));
        assert_eq!(it.due(start + 34 * SECOND, false), None);
        assert_eq!(it.due(start + 35 * SECOND, false), Some(Due::Dead));
        it.answered();
        assert_eq!(it.due(start + 49 * SECOND, false), None);
        assert_eq!(it.due(start + 50 * SECOND, false), Some(Due::Ping));
    }

    #[test]
    fn rt7_a_reader_with_events_before_the_ping_gets_30_s_and_more_with_each_sign() {
        let start = Instant::now();
        let mut it = deadlines(start);
        assert_eq!(it.due(start + 25 * SECOND, true), Some(Due::Ping));
        assert_eq!(it.due(start + 54 * SECOND, true), None);
        it.received(start + 54 * SECOND);
        assert_eq!(it.due(start + 83 * SECOND, true), None);
        assert_eq!(it.due(start + 84 * SECOND, true), Some(Due::Dead));
    }

    #[test]
    fn rt7_a_blocked_socket_is_dead_only_after_30_s_without_any_progress() {
        let start = Instant::now();
        let mut it = deadlines(start);
        it.wrote(start, true, true);
        assert_eq!(it.due(start + 24 * SECOND, true), None);
        it.wrote(start + 24 * SECOND, true, true);
        it.wrote(start + 40 * SECOND, false, true);
        assert_eq!(it.due(start + 53 * SECOND, true), None, "no ping into a blocked socket either");
        assert_eq!(it.due(start + 54 * SECOND, true), Some(Due::Dead));
        it.wrote(start + 54 * SECOND, true, false);
        assert_eq!(it.due(start + 54 * SECOND, true), None);
    }

    #[test]
    fn rt7_who_cannot_answer_pings_is_dead_only_when_its_socket_takes_nothing() {
        let start = Instant::now();
        let mut it = deadlines(start).without_pings();
        assert_eq!(it.due(start + 999 * SECOND, true), Some(Due::Heartbeat));
        assert_eq!(it.due(start + 999 * SECOND, true), None);
        it.wrote(start + 999 * SECOND, false, true);
        assert_eq!(it.due(start + 1028 * SECOND, true), None);
        assert_eq!(it.due(start + 1029 * SECOND, true), Some(Due::Dead));
    }

    #[test]
    fn rt8_heartbeats_come_a_little_earlier_than_announced() {
        let start = Instant::now();
        let mut it = deadlines(start);
        it.ping_interval = 10_000 * SECOND;
        it.ping_at = start + it.ping_interval;
        assert_eq!(it.due(start + 799 * SECOND, false), None);
        assert_eq!(it.due(start + 1000 * SECOND, false), Some(Due::Heartbeat));
        assert_eq!(it.due(start + 1000 * SECOND, false), None);
    }

    #[test]
    fn rt_token_that_ends_is_announced_once_and_closes() {
        let start = Instant::now();
        let mut it = deadlines(start);
        it.ends(Some(start + 5 * SECOND), start + 8 * SECOND);
        assert_eq!(it.next(false), start + 5 * SECOND);
        assert_eq!(it.due(start + 5 * SECOND, false), Some(Due::TokenExpiring));
        assert_eq!(it.due(start + 6 * SECOND, false), None);
        assert_eq!(it.next(false), start + 8 * SECOND);
        assert_eq!(it.due(start + 8 * SECOND, false), Some(Due::TokenEnded));
    }
}
