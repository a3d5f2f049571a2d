//! What is remembered of requests with an idempotency key (docs/contract/api.md, API-IDEMPOTENCY).
//!
//! One line of JSON for each, oldest first: its key, its fingerprint, when it was, and what it made.
//! The whole answer is not kept: a repeated request has the same body, which gives the rest.

use super::Refusal;
use crate::models::Timestamp;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

/// The most keys that are remembered in one place; the oldest are forgotten first.
pub const KEPT_KEYS: usize = 1_000;

/// For how many milliseconds a key counts: 24 hours.
const KEPT_MILLISECONDS: i64 = 24 * 60 * 60 * 1_000;

/// A request that must not be carried out twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyedRequest {
    /// Its `Idempotency-Key`: 1 to 255 visible characters.
    pub key: String,
    /// Tells it from every request that asks for something else.
    pub fingerprint: String,
}

/// The newest keyed requests of one place, and what they made.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answers(String);

/// One line. The key is its first member, so that the others' lines need not be parsed.
#[derive(Deserialize, Serialize)]
struct Answer<T> {
    key: String,
    fingerprint: String,
    at: Timestamp,
    made: T,
}

impl Answers {
    /// Reads what [`Self::as_text`] gave.
    #[must_use]
    pub fn of_text(text: String) -> Self {
        Self(text)
    }

    /// The lines.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// What this request made less than 24 hours before `now`; `None` if it is new.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] where its key belongs to another request.
    pub fn recall<T: DeserializeOwned>(
        &self,
        request: &KeyedRequest,
        now: Timestamp,
    ) -> Result<Option<T>, Refusal> {
        let beginning = beginning(&request.key);
        let mut newest_first = self.0.lines().rev();
        let answer = newest_first.find(|line| line.starts_with(&beginning));
        // A line that cannot be read was written by nobody.
        let answer = answer.and_then(|line| serde_json::from_str::<Answer<T>>(line).ok());
        match answer.filter(|answer| !is_over(answer.at, now)) {
            None => Ok(None),
            Some(answer) if answer.fingerprint == request.fingerprint => Ok(Some(answer.made)),
            Some(_) => Err(Refusal::KeyReused),
        }
    }

    /// Remembers what a new request made at this moment, and forgets what is too old or too much.
    pub fn remember<T: Serialize>(&mut self, request: &KeyedRequest, made: &T, now: Timestamp) {
        let KeyedRequest { key, fingerprint } = request.clone();
        let answer = Answer { key, fingerprint, at: now, made };
        self.0.push_str(&serde_json::to_string(&answer).unwrap_or_default());
        self.0.push('\n');
        let surplus = self.0.lines().count().saturating_sub(KEPT_KEYS);
        let is_surplus =
            |(index, line): &(usize, &str)| *index < surplus || is_line_over(line, now);
        let forgotten = self.0.lines().enumerate().take_while(is_surplus);
        let bytes: usize = forgotten.map(|(_, line)| line.len() + 1).sum();
        self.0.drain(..bytes);
    }
}

/// How the line of this key begins, and no other.
fn beginning(key: &str) -> String {
    let key = serde_json::to_string(key).unwrap_or_default();
    format!("{{\"key\":{key},")
}

/// Whether a key that came `at` is no longer valid. One from the future is not: a clock was set back.
fn is_over(at: Timestamp, now: Timestamp) -> bool {
    now.milliseconds() - at.milliseconds() >= KEPT_MILLISECONDS
}

fn is_line_over(line: &str, now: Timestamp) -> bool {
    let answer = serde_json::from_str::<Answer<IgnoredAny>>(line);
    answer.is_ok_and(|answer| is_over(answer.at, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(key: &str, fingerprint: &str) -> KeyedRequest {
        KeyedRequest { key: key.to_owned(), fingerprint: fingerprint.to_owned() }
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(milliseconds)
    }

    #[test]
    fn api_idempotency_a_key_counts_for_24_hours_for_its_request_alone() {
        let mut answers = Answers::default();
        assert_eq!(answers.recall::<u64>(&request("k", "one"), at(0)), Ok(None));
        answers.remember(&request("k", "one"), &7, at(0));
        for now in [-5_000, 0, KEPT_MILLISECONDS - 1] {
            assert_eq!(answers.recall(&request("k", "one"), at(now)), Ok(Some(7)));
            let other = answers.recall::<u64>(&request("k", "two"), at(now));
            assert_eq!(other, Err(Refusal::KeyReused));
        }
        let now = at(KEPT_MILLISECONDS);
        assert_eq!(answers.recall::<u64>(&request("k", "two"), now), Ok(None));
        answers.remember(&request("k", "two"), &8, now);
        assert_eq!(answers.recall(&request("k", "two"), now), Ok(Some(8)));
        assert_eq!(answers.as_text().lines().count(), 1, "what is over is forgotten");
    }

    #[test]
    fn a_place_remembers_its_newest_1_000_keys() {
        let mut answers = Answers::default();
        for number in 0..KEPT_KEYS + 3 {
            answers.remember(&request(&number.to_string(), "same"), &number, at(0));
        }
        let recall = |number: usize| answers.recall(&request(&number.to_string(), "same"), at(0));
        assert_eq!(recall(2), Ok(None));
        assert_eq!(recall(3), Ok(Some(3)));
        assert_eq!(recall(KEPT_KEYS + 2), Ok(Some(KEPT_KEYS + 2)));
    }

    proptest! {
        #[test]
        fn api_idempotency_any_visible_characters_are_a_key_of_its_own(
            keys in prop::collection::btree_set("[!-~]{1,8}", 1..20),
        ) {
            let mut answers = Answers::default();
            for (number, key) in keys.iter().enumerate() {
                prop_assert_eq!(answers.recall::<usize>(&request(key, "f"), at(0)), Ok(None));
                answers.remember(&request(key, "f"), &number, at(0));
            }
            let answers = Answers::of_text(answers.as_text().to_owned());
            for (number, key) in keys.iter().enumerate() {
                prop_assert_eq!(answers.recall(&request(key, "f"), at(0)), Ok(Some(number)));
            }
        }
    }
}
