//! One client on one board: its requests, what it received, and its expected copy by the client
//! rule of docs/contract/realtime.md.

use crate::subscription::{Arrival, Subscription};
use crate::truth::{Board, difference};
use crate::verdict::{Rule, Verdict, Violation};
use crate::{Json, Replica};
use std::collections::VecDeque;
use std::ops::RangeInclusive;

/// A client on a board.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    /// Its unanswered subscription: the connection and the cursor.
    asked: VecDeque<(u64, Option<u64>)>,
    current: Option<Subscription>,
    /// Whether its subscriptions are known: a recording may begin during one.
    known: bool,
    /// The last event that it has applied.
    cursor: Option<u64>,
    /// Its replayed copy; none without a snapshot.
    replica: Option<Replica>,
    /// Its own copy at the end of the run, and the line.
    own: Option<(Json, usize)>,
    /// Whether it received something wrong, so that its copy may differ.
    wronged: bool,
}

/// The place and the client of a report.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) board: u64,
    pub(crate) client: &'a str,
    pub(crate) connection: Option<u64>,
    pub(crate) line: usize,
}

impl Place<'_> {
    fn violation(
        self,
        rule: Rule,
        seqs: RangeInclusive<u64>,
        lines: &[usize],
        what: String,
    ) -> Violation {
        let (client, lines) = (Some(self.client.to_owned()), lines.to_vec());
        Violation {
            rule,
            board: self.board,
            client,
            connection: self.connection,
            seqs,
            lines,
            what,
        }
    }
}

impl Follower {
    /// Its copy starts (again) from this snapshot.
    pub(crate) fn snapshot(&mut self, document: &Json) {
        let replica = Replica::new((**document).clone());
        self.cursor = Some(replica.seq());
        self.replica = Some(replica);
    }

    /// Its own copy at the end of the run.
    pub(crate) fn own(&mut self, document: &Json, line: usize) {
        self.own = Some((document.clone(), line));
    }

    /// It subscribed after this cursor.
    pub(crate) fn asks(&mut self, after: Option<u64>, place: Place<'_>, verdict: &mut Verdict) {
        if let (Some(cursor), Some(after)) = (self.cursor, after) {
            verdict.judge(Rule::Client);
            if after > cursor {
                let what = format!("it asks for what comes after {after} and has only {cursor}");
                let seqs = cursor + 1..=after;
                verdict.report(place.violation(Rule::Client, seqs, &[place.line], what));
                self.lose(Some(after));
            }
        }
        self.known = true;
        self.asked.push_back((place.connection.unwrap_or_default(), after));
    }

    /// Its copy cannot be replayed from here on.
    fn lose(&mut self, cursor: Option<u64>) {
        self.cursor = cursor;
        self.replica = None;
    }

    /// Its subscription was granted, with this head.
    pub(crate) fn granted(&mut self, head: u64, place: Place<'_>, verdict: &mut Verdict) {
        let connection = place.connection.unwrap_or_default();
        self.end(place, verdict);
        self.known = true;
        let after = loop {
            match self.asked.pop_front() {
                Some((of, after)) if of == connection => break after,
                Some(_) => {}
                None => break None,
            }
        };
        verdict.judge(Rule::Head);
        match after {
            Some(after) if head < after => {
                let what = format!("the head {head} was sent to a client that has {after} already");
                let seqs = head + 1..=after;
                verdict.report(place.violation(Rule::Head, seqs, &[place.line], what));
            }
            None if self.cursor != Some(head) => self.lose(Some(head)),
            _ => {}
        }
        let cursor = after.unwrap_or(head);
        self.cursor.get_or_insert(cursor);
        self.current = Some(Subscription::after(cursor, connection));
    }

    pub(crate) fn received(
        &mut self,
        seq: u64,
        event: &Json,
        place: Place<'_>,
        verdict: &mut Verdict,
    ) {
        let connection = place.connection.unwrap_or_default();
        if !self.known {
            // The recording began during this subscription.
            self.known = true;
            self.current = Some(Subscription::after(seq.saturating_sub(1), connection));
        }
        for rule in [Rule::Order, Rule::ExactlyOnce, Rule::NoGap] {
            verdict.judge(rule);
        }
        let current = self.current.as_mut().filter(|current| current.connection == connection);
        let arrival = current.map(|current| current.take(seq, place.line));
        let broken = match arrival {
            Some(Arrival::Ahead) => None,
            Some(Arrival::Late(by)) => {
                let what = "came after one that follows it".to_owned();
                Some((Rule::Order, vec![by, place.line], what))
            }
            Some(Arrival::Again) => {
                let what = "came a second time on this subscription".to_owned();
                Some((Rule::ExactlyOnce, vec![place.line], what))
            }
            Some(Arrival::Early) => {
                let what = "came although the cursor is behind it".to_owned();
                Some((Rule::ExactlyOnce, vec![place.line], what))
            }
            None => {
                let what = "came without a subscription".to_owned();
                Some((Rule::NoGap, vec![place.line], what))
            }
        };
        if let Some((rule, lines, what)) = broken {
            verdict.report(place.violation(rule, seq..=seq, &lines, what));
            self.wronged = true;
        }
        self.apply(seq, event, place, verdict);
    }

    /// The client rule: drop, apply, or wait for missing events.
    fn apply(&mut self, seq: u64, event: &Json, place: Place<'_>, verdict: &mut Verdict) {
        let cursor = *self.cursor.get_or_insert(seq.saturating_sub(1));
        if seq != cursor + 1 {
            return;
        }
        self.cursor = Some(seq);
        let applied = self.replica.as_mut().map(|replica| replica.apply(event));
        if let Some(Err(fault)) = applied {
            let what = format!("it cannot be applied: {fault}");
            verdict.report(place.violation(Rule::Convergence, seq..=seq, &[place.line], what));
            self.lose(Some(seq));
            self.wronged = true;
        }
    }

    /// A heartbeat had this head.
    pub(crate) fn head(&self, head: u64, place: Place<'_>, verdict: &mut Verdict) {
        let current = self.current.as_ref();
        let Some(current) = current.filter(|current| Some(current.connection) == place.connection)
        else {
            return;
        };
        verdict.judge(Rule::Head);
        if head < current.last() {
            let what = format!("the head {head} was sent after event {}", current.last());
            let seqs = head + 1..=current.last();
            verdict.report(place.violation(Rule::Head, seqs, &[place.line], what));
        }
    }

    /// The relay made it fetch a new snapshot.
    pub(crate) fn reset(&mut self, place: Place<'_>, verdict: &mut Verdict) {
        self.unsubscribed(place, verdict);
        self.lose(None);
    }

    /// Its subscription, or its request for one, has ended.
    pub(crate) fn unsubscribed(&mut self, place: Place<'_>, verdict: &mut Verdict) {
        self.known = true;
        if self.asked.front().is_some_and(|(connection, _)| Some(*connection) == place.connection) {
            self.asked.pop_front();
        }
        self.end(place, verdict);
    }

    /// Its connection has ended.
    pub(crate) fn closed(&mut self, place: Place<'_>, verdict: &mut Verdict) {
        self.asked.retain(|(connection, _)| Some(*connection) != place.connection);
        if self.current.as_ref().map(|current| current.connection) == place.connection {
            self.end(place, verdict);
        }
    }

    /// Events that its subscription skipped will not come any more.
    fn end(&mut self, place: Place<'_>, verdict: &mut Verdict) {
        let Some(current) = self.current.take() else { return };
        let place = Place { connection: Some(current.connection), ..place };
        for (gap, line) in current.gaps() {
            let what = "never came, although a later one did".to_owned();
            verdict.report(place.violation(Rule::NoGap, gap, &[line], what));
            self.wronged = true;
        }
    }

    /// Checks it at the end of the recording.
    pub(crate) fn judge(
        mut self,
        board: u64,
        client: &str,
        truth: Option<&Board>,
        verdict: &mut Verdict,
    ) {
        let connection = self.current.as_ref().map(|current| current.connection);
        let place = Place { board, client, connection, line: 0 };
        let subscribed = connection.is_some();
        self.end(place, verdict);
        let head = truth.and_then(Board::head);
        if let (true, Some(cursor), Some(head)) = (subscribed, self.cursor, head) {
            verdict.judge(Rule::Committed);
            if cursor < head && !self.wronged {
                let what = "never came to whoever was subscribed to the end".to_owned();
                verdict.report(place.violation(Rule::Committed, cursor + 1..=head, &[], what));
                self.wronged = true;
            }
        }
        if !self.wronged && truth.is_none_or(|truth| !truth.differs) {
            self.judge_copy(place, truth, verdict);
        }
    }

    /// Checks its copy against snapshot and events, and against the server's board.
    fn judge_copy(&self, place: Place<'_>, truth: Option<&Board>, verdict: &mut Verdict) {
        let Some(replica) = &self.replica else { return };
        let report = |verdict: &mut Verdict, line: usize, what: String| {
            let seqs = replica.seq()..=replica.seq();
            let place = Place { connection: None, ..place };
            verdict.report(place.violation(Rule::Convergence, seqs, &[line], what));
        };
        if let Some((own, line)) = &self.own {
            verdict.judge(Rule::Convergence);
            if let Some(place) = difference(replica.document(), own) {
                let what = format!("its copy is not its snapshot and the events since: {place}");
                return report(verdict, *line, what);
            }
        }
        let Some((document, line)) = truth.and_then(|truth| truth.document.as_ref()) else {
            return;
        };
        if document["seq"] == replica.document()["seq"] {
            verdict.judge(Rule::Convergence);
            let (expected, found) = (without_role(document), without_role(replica.document()));
            if let Some(place) = difference(&expected, &found) {
                let what = format!("snapshot and events do not give the server's board: {place}");
                report(verdict, *line, what);
            }
        }
    }
}

/// A document without the reader's own fields.
fn without_role(document: &serde_json::Value) -> serde_json::Value {
    let mut document = document.clone();
    if let Some(members) = document.as_object_mut() {
        members.remove("role");
    }
    document
}
