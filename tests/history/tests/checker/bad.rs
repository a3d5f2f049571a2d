//! Bad runs, each refuted by exactly the broken rule.

use crate::good::judged;
use crate::story::{BOARD, event, good};
use history::{Json, Record, Rule};
use serde_json::{Value, json};

/// The place where this client received this event.
fn received(records: &[Record], who: &str, which: u64) -> usize {
    let found = records.iter().position(|record| {
        matches!(record, Record::Received { client, seq, .. } if client == who && *seq == which)
    });
    found.expect("an event that was received")
}

fn last(records: &[Record], is: impl Fn(&Record) -> bool) -> usize {
    records.iter().rposition(is).expect("such a record")
}

fn altered(json: &Json, pointer: &str, value: Value) -> Json {
    let mut altered = Value::clone(json);
    *altered.pointer_mut(pointer).expect("such a member") = value;
    altered.into()
}

fn head(seq: u64) -> Record {
    Record::Head { client: "bob".to_owned(), connection: 1, board: BOARD, seq }
}

fn acknowledged(key: &str, seq: u64) -> Record {
    let (client, key) = ("cy".to_owned(), key.to_owned());
    Record::Acknowledged { client, key, board: BOARD, seq }
}

type Spoil = fn(&mut Vec<Record>);

/// The fault, the rule that it breaks, and the change that causes it.
const TABLE: &[(&str, Rule, Spoil)] = &[
    ("two events change places", Rule::Order, |run| {
        let place = received(run, "bob", 3);
        run.swap(place, place + 1);
    }),
    ("the log goes back in time", Rule::Order, |run| {
        for record in run {
            if let Record::Committed { seq: 3, event, .. }
            | Record::Received { seq: 3, event, .. } = record
            {
                *event = altered(event, "/timestamp", json!("2026-01-01T00:00:00.001Z"));
            }
        }
    }),
    ("an event comes twice", Rule::ExactlyOnce, |run| {
        let place = received(run, "bob", 3);
        run.insert(place + 1, run[place].clone());
    }),
    ("an event comes again much later", Rule::ExactlyOnce, |run| {
        let (place, end) = (received(run, "bob", 2), received(run, "bob", 5));
        run.insert(end, run[place].clone());
    }),
    ("an event comes that the client has", Rule::ExactlyOnce, |run| {
        let place = received(run, "bob", 2);
        let (client, event) = ("bob".to_owned(), event(1).into());
        run.insert(place, Record::Received { client, connection: 1, board: BOARD, seq: 1, event });
    }),
    ("an event amid others never comes", Rule::NoGap, |run| {
        let place = received(run, "bob", 3);
        run.remove(place);
    }),
    ("the first event after the cursor never comes", Rule::NoGap, |run| {
        let place = received(run, "bob", 2);
        run.remove(place);
    }),
    ("an event comes after a reset", Rule::NoGap, |run| {
        let place = received(run, "bob", 5);
        let (client, reason) = ("bob".to_owned(), "too-far".to_owned());
        run.insert(place, Record::Reset { client, connection: 1, board: BOARD, seq: 5, reason });
    }),
    ("the last event never comes", Rule::Committed, |run| {
        let place = received(run, "bob", 5);
        run.remove(place);
    }),
    ("an event is not the one that was committed", Rule::Committed, |run| {
        let place = received(run, "bob", 4);
        let Record::Received { event, .. } = &mut run[place] else { unreachable!() };
        *event = altered(event, "/task/title", json!("other"));
    }),
    ("an event was never committed", Rule::Committed, |run| {
        run.retain(|record| !matches!(record, Record::Committed { seq: 4, .. }));
    }),
    ("an event stands in the log twice", Rule::Committed, |run| {
        let place = last(run, |record| matches!(record, Record::Committed { seq: 3, .. }));
        run.insert(place, run[place].clone());
    }),
    ("an event calls itself another", Rule::Committed, |run| {
        for record in run {
            if let Record::Committed { seq: 3, event, .. } = record {
                *event = altered(event, "/board_id", json!(8));
            }
        }
    }),
    ("a write that was acknowledged is not there", Rule::Committed, |run| {
        run.push(acknowledged("three", 6));
    }),
    ("a write was done twice", Rule::Committed, |run| run.push(acknowledged("one", 3))),
    ("two writes have one event", Rule::Committed, |run| run.push(acknowledged("three", 2))),
    ("the board's document is ahead of its log", Rule::Committed, |run| {
        for record in run {
            if let Record::Final { document, .. } = record {
                *document = altered(document, "/seq", json!(6));
            }
        }
    }),
    ("a client's copy is another", Rule::Convergence, |run| {
        let place = last(run, |record| matches!(record, Record::Replica { .. }));
        let Record::Replica { document, .. } = &mut run[place] else { unreachable!() };
        *document = altered(document, "/tasks/0/title", json!("other"));
    }),
    ("the server's board is another", Rule::Convergence, |run| {
        for record in run {
            if let Record::Final { document, .. } = record {
                *document = altered(document, "/tasks/0/title", json!("other"));
            }
        }
    }),
    ("a snapshot was of no moment of the board", Rule::Convergence, |run| {
        let Record::Snapshot { document, .. } = &mut run[0] else { unreachable!() };
        *document = altered(document, "/name", json!("other"));
    }),
    ("a head is behind what was delivered", Rule::Head, |run| {
        let place = received(run, "bob", 5);
        run.insert(place, head(3));
    }),
    ("a head is ahead of the log", Rule::Head, |run| {
        let place = received(run, "bob", 5);
        run.insert(place, head(6));
    }),
    ("a subscription's head is behind its cursor", Rule::Head, |run| {
        for record in run {
            if let Record::Subscribed { connection: 2, seq, .. } = record {
                *seq = 2;
            }
        }
    }),
    ("a client asks for less than it lacks", Rule::Client, |run| {
        let place = received(run, "ada", 3);
        run.remove(place);
    }),
];

#[test]
fn each_bad_run_is_refuted_by_the_rule_that_it_breaks_and_by_no_other() {
    for (name, rule, spoil) in TABLE {
        let mut run = good();
        spoil(&mut run);
        let verdict = judged(&run);
        assert_eq!(verdict.rules(), [*rule], "{name}:\n{verdict}");
        assert!(!verdict.is_proved(), "{name}");
        for violation in &verdict.violations {
            assert_eq!(violation.board, BOARD, "{name}");
            let lines = violation.lines.iter();
            assert!(
                lines.clone().all(|line| (1..=run.len()).contains(line)),
                "{name}: {violation}"
            );
        }
    }
}

#[test]
fn a_violation_names_rule_board_client_connection_events_and_lines() {
    let mut run = good();
    let place = received(&run, "bob", 3);
    run.remove(place);
    let verdict = judged(&run);
    let text = verdict.violations[0].to_string();
    // The line is that of event 4, which showed that 3 was skipped.
    let expected = format!("RT3 board 7, client bob, connection 1, event 3 (line {})", place + 1);
    assert!(text.starts_with(&expected), "{text}");
    let verdict = verdict.to_string();
    assert!(verdict.contains("RT3         BROKEN 1 times"), "{verdict}");
    assert!(verdict.contains("refuted by"), "{verdict}");
}
