//! Fuzzes the reading of a client's messages: it never panics, what it reads is written back and
//! read the same, and what it says of the rest is short.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use shared::models::MAX_ID;
use shared::protocol::{ClientMessage, MAX_EPOCH_BYTES};

fuzz_target!(|text: &str| {
    let message = match ClientMessage::parse(text) {
        Ok(message) => message,
        Err(error) => return assert!(error.to_string().len() < 400, "{error}"),
    };
    if let ClientMessage::Subscribe { board, after, epoch } = &message {
        assert!((1..=MAX_ID).contains(&board.get()));
        assert!(after.is_none_or(|after| after.get() <= MAX_ID));
        assert!(epoch.as_ref().is_none_or(|epoch| epoch.len() <= MAX_EPOCH_BYTES));
    }
    let written = serde_json::to_value(&message).expect("it is written");
    let again = ClientMessage::parse(&written.to_string()).expect("it is read again");
    let again = serde_json::to_value(&again).expect("it is written again");
    assert!(is_the_same(&written, &again), "{written} {again}");
});

/// Whether two values differ by no more than the last digits of fractions: those are read in the
/// quick way, which may be off by one unit in the last place.
fn is_the_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            (a - b).abs() <= a.abs() * 1e-12
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_the_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| is_the_same(a, b)))
        }
        _ => one == other,
    }
}
