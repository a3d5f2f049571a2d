//! The check of a recording, line by line: proves or refutes RT1 to RT5 and RT8 of
//! docs/contract/realtime.md.

use crate::follower::{Follower, Place};
use crate::truth::{self, Board};
use crate::verdict::{Rule, Verdict, Violation};
use crate::{Entry, Json, Record};
use std::collections::BTreeMap;

/// A check in progress. Its memory grows with the boards' logs and with the clients' copies of
/// boards, not with the number of deliveries.
#[derive(Debug, Default)]
pub struct Checker {
    verdict: Verdict,
    boards: BTreeMap<u64, Board>,
    clients: BTreeMap<String, BTreeMap<u64, Follower>>,
    line: usize,
}

/// Checks a whole recording.
#[must_use]
pub fn check(entries: &[Entry]) -> Verdict {
    let mut checker = Checker::default();
    entries.iter().for_each(|entry| checker.take(&entry.record));
    checker.finish()
}

impl Checker {
    /// Takes the next line as text; empty lines are ignored.
    pub fn take_line(&mut self, line: &str) {
        if line.trim().is_empty() {
            self.line += 1;
            return;
        }
        match serde_json::from_str::<Entry>(line) {
            Ok(entry) => self.take(&entry.record),
            Err(error) => {
                self.line += 1;
                self.verdict.unreadable(self.line, error.to_string());
            }
        }
    }

    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        self.line += 1;
        match record {
            Record::Sent { .. } => {}
            Record::Acknowledged { key, board, seq, .. } => {
                let line = self.line;
                let finding = self.board(*board).acknowledged(key, *seq, line);
                self.report(*board, *seq, finding);
            }
            Record::Committed { board, seq, event } => {
                let line = self.line;
                let finding = self.board(*board).committed(*board, *seq, event, line);
                self.report(*board, *seq, finding);
            }
            Record::Final { board, document } => {
                self.board(*board).document = Some((document.clone(), self.line));
            }
            Record::Snapshot { client, board, document } => {
                self.follower(client, *board).0.snapshot(document);
            }
            Record::Replica { client, board, document } => {
                let line = self.line;
                self.follower(client, *board).0.own(document, line);
            }
            record => self.take_of_connection(record),
        }
    }

    /// Takes a record of a connection.
    fn take_of_connection(&mut self, record: &Record) {
        match record {
            Record::Subscribe { client, connection, board, after } => {
                self.at(client, *connection, *board, |follower, place, verdict| {
                    follower.asks(*after, place, verdict);
                });
            }
            Record::Subscribed { client, connection, board, seq, .. } => {
                self.head_announced(client, *connection, *board, *seq);
                self.at(client, *connection, *board, |follower, place, verdict| {
                    follower.granted(*seq, place, verdict);
                });
            }
            Record::Received { client, connection, board, seq, event } => {
                self.received(client, *connection, *board, *seq, event);
            }
            Record::Reset { client, connection, board, seq, .. } => {
                self.head_announced(client, *connection, *board, *seq);
                self.at(client, *connection, *board, Follower::reset);
            }
            Record::Unsubscribed { client, connection, board, .. } => {
                self.at(client, *connection, *board, Follower::unsubscribed);
            }
            Record::Head { client, connection, board, seq } => {
                self.head_announced(client, *connection, *board, *seq);
                self.at(client, *connection, *board, |follower, place, verdict| {
                    follower.head(*seq, place, verdict);
                });
            }
            Record::Closed { client, connection, .. } => self.closed(client, *connection),
            _ => {}
        }
    }

    fn received(&mut self, client: &str, connection: u64, board: u64, seq: u64, event: &Json) {
        let line = self.line;
        if let Some(what) = truth::named(board, seq, event) {
            self.report(board, seq, Some((vec![line], what)));
        }
        self.board(board).received(seq, event, client, connection, line);
        self.at(client, connection, board, |follower, place, verdict| {
            follower.received(seq, event, place, verdict);
        });
    }

    fn closed(&mut self, client: &str, connection: u64) {
        let line = self.line;
        for (board, follower) in self.clients.get_mut(client).into_iter().flatten() {
            let place = Place { board: *board, client, connection: Some(connection), line };
            follower.closed(place, &mut self.verdict);
        }
    }

    /// Checks what is only known at the end.
    #[must_use]
    pub fn finish(self) -> Verdict {
        let Self { mut verdict, mut boards, clients, line } = self;
        verdict.lines = line;
        for (number, board) in &mut boards {
            board.judge(*number, &mut verdict);
        }
        for (client, boards_of) in clients {
            for (number, follower) in boards_of {
                follower.judge(number, &client, boards.get(&number), &mut verdict);
            }
        }
        let unknown = boards.values().filter(|board| board.head().is_none()).count();
        if unknown > 0 {
            let text = format!("RT4 not judged for {unknown} boards without `committed` records");
            verdict.remarks.push(text);
        }
        verdict
    }

    fn board(&mut self, board: u64) -> &mut Board {
        self.boards.entry(board).or_default()
    }

    fn head_announced(&mut self, client: &str, connection: u64, board: u64, seq: u64) {
        let line = self.line;
        self.board(board).head_announced(seq, client, connection, line);
    }

    /// The state of a client on a board. Looked up before inserting, so that a name is copied only
    /// once.
    fn follower(&mut self, client: &str, board: u64) -> (&mut Follower, &mut Verdict) {
        let Self { clients, verdict, .. } = self;
        if !clients.contains_key(client) {
            clients.insert(client.to_owned(), BTreeMap::new());
        }
        let boards = clients.get_mut(client);
        let boards = boards.unwrap_or_else(|| unreachable!("inserted above"));
        (boards.entry(board).or_default(), verdict)
    }

    fn at(
        &mut self,
        client: &str,
        connection: u64,
        board: u64,
        act: impl FnOnce(&mut Follower, Place<'_>, &mut Verdict),
    ) {
        let place = Place { board, client, connection: Some(connection), line: self.line };
        let (follower, verdict) = self.follower(client, board);
        act(follower, place, verdict);
    }

    fn report(&mut self, board: u64, seq: u64, finding: truth::Finding) {
        let Some((lines, what)) = finding else { return };
        let (rule, client, connection) = (Rule::Committed, None, None);
        let seqs = seq..=seq;
        self.verdict.report(Violation { rule, board, client, connection, seqs, lines, what });
    }
}
