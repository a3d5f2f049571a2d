//! Random runs: valid ones are proved, and any single change refutes them.

use crate::good::judged;
use crate::story::{Teller, truth};
use history::{Json, Record};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// The possible changes of a run, each with an index into the records of its kind.
#[derive(Clone, Copy, Debug)]
enum Change {
    Drop,
    Duplicate,
    Swap,
    Alter,
    AlterCopy,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Drop),
        Just(Change::Duplicate),
        Just(Change::Swap),
        Just(Change::Alter),
        Just(Change::AlterCopy),
    ]
}

/// One client: the seq of its snapshot, and how many events each of its connections delivers.
fn client() -> impl Strategy<Value = (Index, Vec<u64>)> {
    (any::<Index>(), prop::collection::vec(0..6_u64, 0..5))
}

/// A valid run of this many events.
fn run(head: u64, clients: &[(Index, Vec<u64>)]) -> Vec<Record> {
    let mut records = Vec::new();
    for (number, (start, connections)) in clients.iter().enumerate() {
        let mut seq = start.index(usize::try_from(head).expect("small")) as u64;
        let mut teller = Teller::new(&format!("client-{number}"), seq);
        for count in connections {
            let next = (seq + count).min(head);
            teller = teller.subscribe(next).receive(next).head(next).close();
            seq = next;
        }
        records.extend(teller.subscribe(head).receive(head).head(head).end());
    }
    records.extend(truth(head));
    records
}

/// Makes one change; returns whether there was something to change.
fn spoil(records: &mut Vec<Record>, change: Change, place: Index) -> bool {
    let is_event = |record: &Record| matches!(record, Record::Received { .. });
    let places: Vec<usize> = match change {
        Change::AlterCopy => (0..records.len())
            .filter(|place| matches!(records[*place], Record::Replica { .. }))
            .collect(),
        // Two consecutive events of one connection.
        Change::Swap => (1..records.len())
            .filter(|place| is_event(&records[*place - 1]) && is_event(&records[*place]))
            .collect(),
        _ => (0..records.len()).filter(|place| is_event(&records[*place])).collect(),
    };
    if places.is_empty() {
        return false;
    }
    let place = *place.get(&places);
    match (change, &mut records[place]) {
        (Change::Drop, _) => drop(records.remove(place)),
        (Change::Duplicate, _) => records.insert(place, records[place].clone()),
        (Change::Swap, _) => records.swap(place - 1, place),
        (_, Record::Received { event, .. }) => *event = with(event, "/task/title"),
        (_, Record::Replica { document, .. }) => *document = with(document, "/name"),
        _ => unreachable!("only these are chosen"),
    }
    true
}

fn with(json: &Json, pointer: &str) -> Json {
    let mut altered = Value::clone(json);
    *altered.pointer_mut(pointer).expect("such a member") = json!("altered");
    altered.into()
}

proptest! {
    #[test]
    fn a_valid_run_is_proved_and_any_single_change_of_it_is_refuted(
        head in 1..30_u64,
        clients in prop::collection::vec(client(), 1..4),
        change in change(),
        place in any::<Index>(),
    ) {
        let mut records = run(head, &clients);
        let verdict = judged(&records);
        prop_assert!(verdict.is_proved(), "{}", verdict);
        if spoil(&mut records, change, place) {
            prop_assert!(!judged(&records).is_proved(), "{:?} was not noticed", change);
        }
    }
}
