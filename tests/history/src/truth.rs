//! The stored state of one board, and the claims about it: logs, answers, documents, heads.

use crate::verdict::{Rule, Verdict, Violation};
use crate::{Json, canonical};
use std::collections::{BTreeMap, HashMap};

/// A received event.
#[derive(Debug)]
struct Received {
    event: Json,
    client: String,
    connection: u64,
    line: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Board {
    committed: BTreeMap<u64, (Json, usize)>,
    /// The document at the end of the run, and its line.
    pub(crate) document: Option<(Json, usize)>,
    /// Each received event: a single entry if all clients received the same.
    received: BTreeMap<u64, Vec<Received>>,
    /// The first answer to each key.
    by_key: HashMap<String, (u64, usize)>,
    by_seq: HashMap<u64, (String, usize)>,
    /// The highest head sent to any client, and where.
    announced: Option<(u64, String, u64, usize)>,
    /// Whether received events differ from the log, so that replicas differ as well.
    pub(crate) differs: bool,
}

impl Board {
    /// The last event of the log.
    pub(crate) fn head(&self) -> Option<u64> {
        self.committed.last_key_value().map(|(seq, _)| *seq)
    }

    pub(crate) fn committed(&mut self, board: u64, seq: u64, event: &Json, line: usize) -> Finding {
        if let Some((_, before)) = self.committed.insert(seq, (event.clone(), line)) {
            return Some((vec![before, line], "stands in the log twice".to_owned()));
        }
        named(board, seq, event).map(|what| (vec![line], what))
    }

    pub(crate) fn received(
        &mut self,
        seq: u64,
        event: &Json,
        client: &str,
        connection: u64,
        line: usize,
    ) {
        let known = self.received.entry(seq).or_default();
        if known.iter().all(|known| known.event != *event) {
            let (event, client) = (event.clone(), client.to_owned());
            known.push(Received { event, client, connection, line });
        }
    }

    /// Takes an answer to a write: the same key has the same event, different keys have different
    /// ones.
    pub(crate) fn acknowledged(&mut self, key: &str, seq: u64, line: usize) -> Finding {
        match self.by_key.get(key) {
            Some((before, first)) if *before != seq => {
                let what = format!("the write {key} made event {before} before: it was done twice");
                return Some((vec![*first, line], what));
            }
            Some(_) => return None,
            None => drop(self.by_key.insert(key.to_owned(), (seq, line))),
        }
        match self.by_seq.get(&seq) {
            Some((other, first)) => {
                let what = format!("the writes {other} and {key} got the same event");
                Some((vec![*first, line], what))
            }
            None => {
                self.by_seq.insert(seq, (key.to_owned(), line));
                None
            }
        }
    }

    /// Takes a head sent to a client.
    pub(crate) fn head_announced(&mut self, seq: u64, client: &str, connection: u64, line: usize) {
        if self.announced.as_ref().is_none_or(|(highest, ..)| *highest < seq) {
            self.announced = Some((seq, client.to_owned(), connection, line));
        }
    }

    /// Checks everything that does not depend on single clients.
    pub(crate) fn judge(&mut self, board: u64, verdict: &mut Verdict) {
        if self.committed.is_empty() {
            return;
        }
        self.judge_log(board, verdict);
        self.judge_received(board, verdict);
        self.judge_answers(board, verdict);
        self.judge_heads(board, verdict);
    }

    fn judge_log(&self, board: u64, verdict: &mut Verdict) {
        let report = |verdict: &mut Verdict, rule, seqs, lines, what: &str| {
            let (client, connection, what) = (None, None, what.to_owned());
            verdict.report(Violation { rule, board, client, connection, seqs, lines, what });
        };
        let (mut due, mut moment, mut before) = (1, "", 0);
        for (seq, (event, line)) in &self.committed {
            verdict.judge(Rule::Committed);
            if *seq > due {
                let what = "the log has a gap";
                report(verdict, Rule::Committed, due..=seq - 1, vec![*line], what);
            }
            due = seq + 1;
            let timestamp = event["timestamp"].as_str().unwrap_or_default();
            verdict.judge(Rule::Order);
            if timestamp < moment {
                let what = format!("the log goes back in time: {timestamp} after {moment}");
                report(verdict, Rule::Order, *seq..=*seq, vec![before, *line], &what);
            }
            (moment, before) = (timestamp, *line);
        }
        let (Some(head), Some((document, line))) = (self.head(), &self.document) else { return };
        let seq = document["seq"].as_u64().unwrap_or_default();
        if seq != head {
            let (first, last) = (seq.min(head) + 1, seq.max(head));
            let what = format!("the log ends at {head}, the board's document at {seq}");
            report(verdict, Rule::Committed, first..=last, vec![*line], &what);
        }
    }

    fn judge_received(&mut self, board: u64, verdict: &mut Verdict) {
        for (seq, received) in &self.received {
            for Received { event, client, connection, line } in received {
                verdict.judge(Rule::Committed);
                let (mut lines, what) = match self.committed.get(seq) {
                    None => (vec![], "was received and never committed".to_owned()),
                    Some((truth, _)) if truth == event => continue,
                    Some((truth, at)) => {
                        let place = difference(truth, event).unwrap_or_default();
                        (vec![*at], format!("was received otherwise than committed: {place}"))
                    }
                };
                lines.push(*line);
                self.differs = true;
                verdict.report(Violation {
                    rule: Rule::Committed,
                    board,
                    client: Some(client.clone()),
                    connection: Some(*connection),
                    seqs: *seq..=*seq,
                    lines,
                    what,
                });
            }
        }
    }

    fn judge_answers(&self, board: u64, verdict: &mut Verdict) {
        let mut answers: Vec<_> = self.by_seq.iter().collect();
        answers.sort_unstable();
        for (seq, (key, line)) in answers {
            verdict.judge(Rule::Committed);
            if !self.committed.contains_key(seq) {
                verdict.report(Violation {
                    rule: Rule::Committed,
                    board,
                    client: None,
                    connection: None,
                    seqs: *seq..=*seq,
                    lines: vec![*line],
                    what: format!("the write {key} was acknowledged and is not in the log"),
                });
            }
        }
    }

    fn judge_heads(&self, board: u64, verdict: &mut Verdict) {
        if let (Some((announced, client, connection, line)), Some(head)) =
            (&self.announced, self.head())
            && *announced > head
        {
            verdict.report(Violation {
                rule: Rule::Head,
                board,
                client: Some(client.clone()),
                connection: Some(*connection),
                seqs: head + 1..=*announced,
                lines: vec![*line],
                what: format!("the head {announced} was announced, and the log ends at {head}"),
            });
        }
    }
}

/// A fault, and the lines that show it.
pub(crate) type Finding = Option<(Vec<usize>, String)>;

/// An event must contain its own board and number.
pub(crate) fn named(board: u64, seq: u64, event: &Json) -> Option<String> {
    let (of, number) = (event["board_id"].as_u64(), event["seq"].as_u64());
    (of != Some(board) || number != Some(seq))
        .then(|| format!("calls itself {number:?} of board {of:?}"))
}

/// The first place where two documents differ, and how (RFC 6901).
pub(crate) fn difference(
    expected: &serde_json::Value,
    found: &serde_json::Value,
) -> Option<String> {
    use serde_json::Value::{Array, Object};
    if expected == found {
        return None;
    }
    let inside = |name: &str, inner: Option<String>| inner.map(|rest| format!("/{name}{rest}"));
    let deeper = match (expected, found) {
        (Object(expected), Object(found)) => {
            let mut names: Vec<&String> = expected.keys().chain(found.keys()).collect();
            names.sort_unstable();
            let null = serde_json::Value::Null;
            names.into_iter().find_map(|name| {
                let [one, other] = [expected, found].map(|map| map.get(name).unwrap_or(&null));
                inside(name, difference(one, other))
            })
        }
        (Array(expected), Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.find_map(|(index, (one, other))| {
                inside(&index.to_string(), difference(one, other))
            })
        }
        (Array(expected), Array(found)) => {
            return Some(format!(": {} entries, not {}", found.len(), expected.len()));
        }
        _ => None,
    };
    deeper.or_else(|| Some(format!(": {} instead of {}", short(found), short(expected))))
}

fn short(value: &serde_json::Value) -> String {
    let text = canonical(value);
    if text.chars().count() <= 80 { text } else { text.chars().take(79).chain(['…']).collect() }
}
