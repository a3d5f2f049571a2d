//! What is proved, and the report on what cannot be checked.

use crate::story::{BOARD, Teller, good, truth};
use history::{Checker, Entry, Record, Rule, Verdict, check};
use serde_json::json;

/// Checks these records in sequence.
pub(crate) fn judged(records: &[Record]) -> Verdict {
    let entries = records.iter().cloned().enumerate();
    let entries: Vec<Entry> = entries.map(|(at, record)| Entry { at: at as u64, record }).collect();
    check(&entries)
}

#[test]
fn a_run_in_which_all_is_well_is_proved_and_every_rule_was_looked_at() {
    let verdict = judged(&good());
    assert!(verdict.is_proved(), "{verdict}");
    for rule in Rule::ALL {
        assert!(verdict.judged(rule) > 0, "{rule}: {verdict}");
    }
    let text = verdict.to_string();
    assert!(text.contains("RT2         kept: 8 deliveries"), "{text}");
    assert!(text.ends_with(&format!("proved by {} lines", good().len())), "{text}");
}

#[test]
fn a_rule_whose_records_are_missing_is_not_judged_and_that_is_said() {
    let bob = Teller::new("bob", 1).subscribe(1).receive(5).end();
    let bob: Vec<Record> =
        bob.into_iter().filter(|record| !matches!(record, Record::Snapshot { .. })).collect();
    let verdict = judged(&bob);
    assert!(verdict.is_proved(), "{verdict}");
    assert_eq!((verdict.judged(Rule::Committed), verdict.judged(Rule::Convergence)), (0, 0));
    let text = verdict.to_string();
    assert!(text.contains("RT4         not judged: there is no record of `committed`"), "{text}");
    assert!(text.contains("1 boards without `committed`"), "{text}");
}

#[test]
fn a_recording_that_begins_amid_a_subscription_is_judged_from_there() {
    let bob = Teller::new("bob", 2).subscribe(2).receive(5).records.split_off(3);
    let verdict = judged(&[bob, truth(5)].concat());
    assert!(verdict.is_proved(), "{verdict}");
}

#[test]
fn what_a_client_asked_for_again_is_no_duplicate_and_a_new_snapshot_is_a_new_start() {
    let board = BOARD;
    let reset = |connection, seq| Record::Reset {
        client: "bob".to_owned(),
        connection,
        board,
        seq,
        reason: "too-far".to_owned(),
    };
    let mut bob = Teller::new("bob", 1).subscribe(1).receive(2).records;
    bob.push(reset(1, 4));
    bob.extend(Teller::new("bob", 4).subscribe(4).receive(5).end());
    let again = Teller::new("eve", 1).subscribe(5).receive(4).records;
    // On its second connection it subscribes with the same cursor as on its first.
    let second: Vec<Record> =
        Teller::new("eve", 1).subscribe(5).close().subscribe(5).receive(5).end();
    let eve = [again, second[4..].to_vec()].concat();
    let verdict = judged(&[bob, eve, truth(5)].concat());
    assert!(verdict.is_proved(), "{verdict}");
}

#[test]
fn a_line_that_is_no_record_is_named_and_refutes_the_recording() {
    let mut checker = Checker::default();
    checker.take_line(r#"{"at":1,"record":"head","client":"a","connection":1,"board":7,"seq":2}"#);
    checker.take_line("");
    checker.take_line("not JSON");
    checker.take_line(&json!({"at": 2, "record": "dance"}).to_string());
    let verdict = checker.finish();
    assert!(!verdict.is_proved());
    let lines: Vec<usize> = verdict.unreadable.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4]);
    assert!(verdict.to_string().contains("line 3 is no record"), "{verdict}");
}
