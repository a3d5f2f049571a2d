//! What relays share about one board: numbered changes, and how they are put together again even if
//! some were lost or arrived twice.

use super::online::{UserState, Users};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::models::BoardId;
use shared::protocol::MAX_PRESENCE_BYTES;
use std::collections::{BTreeMap, HashMap};

/// The most users of one board that a relay shares, and accepts from another relay.
pub(super) const USERS: usize = 1_000;
/// The field of a hash in Redis that holds the number of its last change; no user has no name.
pub(super) const NUMBER: &str = "";

/// A message of one relay about one board.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Change {
    /// The relay that shares it.
    pub(super) relay: String,
    pub(super) board: BoardId,
    /// Grows with each change that this relay shares, of any board.
    pub(super) number: u64,
    /// The number of this board's previous change. Without it the message holds everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<u64>,
    /// Who is online: the time and content of their state.
    #[serde(default)]
    pub(super) set: BTreeMap<String, (u64, Box<RawValue>)>,
    #[serde(default)]
    pub(super) gone: Vec<String>,
}

/// What another relay shared about a board.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct RemotePresence {
    /// The last change that is known; 0: none. It stays when all users are gone, so that nothing
    /// older is applied.
    number: u64,
    users: Users,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Taken {
    /// It was the next one.
    Next,
    /// It was known already.
    Old,
    /// Something before it is missing: the relay's hash has it.
    Gap,
}

impl RemotePresence {
    pub(super) fn users(&self) -> &Users {
        &self.users
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Applies a change, if it is the next.
    pub(super) fn take(&mut self, change: Change) -> Taken {
        if change.number <= self.number {
            return Taken::Old;
        }
        match change.after {
            None => self.users.clear(),
            Some(after) if after == self.number => {}
            Some(_) => return Taken::Gap,
        }
        self.number = change.number;
        for user in change.gone {
            self.users.remove(&*user);
        }
        for (user, (at, state)) in change.set {
            self.put(&user, at, state.get());
        }
        Taken::Next
    }

    /// Applies what the relay's hash holds, read when `known` was the number of the last change.
    pub(super) fn replace(&mut self, known: u64, fields: &HashMap<String, String>) -> Taken {
        let number = fields.get(NUMBER).and_then(|number| number.parse().ok());
        match number {
            Some(number) if number < self.number => return Taken::Old,
            // It was there and is gone, unless it came while the hash was read.
            None if self.number != known => return Taken::Old,
            Some(number) => self.number = number,
            None => {}
        }
        self.users.clear();
        let users = fields.iter().filter(|(user, _)| *user != NUMBER);
        for (user, (at, state)) in users.filter_map(|(user, field)| Some((user, parse(field)?))) {
            self.put(user, at, state.get());
        }
        Taken::Next
    }

    fn put(&mut self, user: &str, at: u64, state: &str) {
        let fits = state.starts_with('{') && state.len() <= MAX_PRESENCE_BYTES;
        if fits && (self.users.len() < USERS || self.users.contains_key(user)) {
            self.users.insert(user.into(), UserState::new(at, state.into()));
        }
    }
}

/// A user's field of a hash.
pub(super) fn field(at: u64, state: &str) -> String {
    format!("{at} {state}")
}

fn parse(field: &str) -> Option<(u64, &RawValue)> {
    let (at, state) = field.split_once(' ')?;
    Some((at.parse().ok()?, serde_json::from_str(state).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a relay does to one board, as Redis has it afterwards.
    #[derive(Default)]
    struct Sender {
        number: u64,
        users: BTreeMap<String, u64>,
    }

    impl Sender {
        /// Lets a user come, tell another state, or go; everything is told where `whole`.
        fn change(&mut self, user: u8, at: u64, whole: bool) -> Change {
            let name = format!("user {user}");
            let gone = at.is_multiple_of(3) && self.users.remove(&name).is_some();
            if !gone {
                self.users.insert(name.clone(), at);
            }
            let raw =
                |at: &u64| (*at, RawValue::from_string(format!(r#"{{"a":{at}}}"#)).expect("JSON"));
            let set = self.users.iter().filter(|(user, _)| whole || (!gone && **user == name));
            let set = set.map(|(user, at)| (user.clone(), raw(at))).collect();
            // Numbers grow by more than one: other boards change as well.
            let after = (!whole && self.number > 0).then_some(self.number);
            self.number += 2;
            let gone = if gone && !whole { vec![name] } else { Vec::new() };
            let board = BoardId::new(7).expect("an id");
            Change { relay: "r".into(), board, number: self.number, after, set, gone }
        }

        fn hash(&self) -> HashMap<String, String> {
            let state_field = |at: u64| field(at, &format!(r#"{{"a":{at}}}"#));
            let users = self.users.iter().map(|(user, at)| (user.clone(), state_field(*at)));
            users.chain([(NUMBER.to_owned(), self.number.to_string())]).collect()
        }
    }

    fn copy(change: &Change) -> Change {
        serde_json::from_str(&serde_json::to_string(change).expect("JSON")).expect("a change")
    }

    proptest! {
        #[test]
        fn rt_presence_of_another_relay_converges_whatever_is_lost_or_comes_twice(
            steps in prop::collection::vec((0_u8..4, 0_u8..6, any::<bool>()), 1..40),
        ) {
            let (mut sender, mut remote) = (Sender::default(), RemotePresence::default());
            let mut gap = false;
            let mut late = None;
            for (at, (user, fate, whole)) in (1..).zip(steps) {
                let change = sender.change(user, at, whole && fate == 5);
                match fate {
                    // Lost.
                    0 => continue,
                    // A hash that was read a while ago comes now.
                    1 => late = Some((remote.number, sender.hash())),
                    2 => {
                        if let Some((known, hash)) = late.take() {
                            remote.replace(known, &hash);
                        }
                    }
                    3 => {
                        remote.take(copy(&change));
                    }
                    _ => {}
                }
                gap = remote.take(change) == Taken::Gap;
                if !gap {
                    prop_assert_eq!(remote.number, sender.number);
                    let states: BTreeMap<_, _> =
                        remote.users.iter().map(|(user, state)| (user.to_string(), state.at)).collect();
                    prop_assert_eq!(&states, &sender.users);
                }
            }
            if gap {
                remote.replace(remote.number, &sender.hash());
                prop_assert_eq!(remote.number, sender.number);
                prop_assert_eq!(remote.users.len(), sender.users.len());
            }
        }
    }

    #[test]
    fn rt_presence_a_hash_that_is_gone_ends_what_was_known_of_it_and_nothing_newer() {
        let mut sender = Sender::default();
        let mut remote = RemotePresence::default();
        remote.take(sender.change(1, 1, true));
        let known = remote.number;
        remote.take(sender.change(2, 2, false));
        assert_eq!(remote.replace(known, &HashMap::new()), Taken::Old);
        assert_eq!(remote.users.len(), 2);
        assert_eq!(remote.replace(remote.number, &HashMap::new()), Taken::Next);
        assert!(remote.users.is_empty());
        assert_eq!(remote.replace(0, &HashMap::from([("".into(), "1".into())])), Taken::Old);
    }

    #[test]
    fn rt_presence_of_another_relay_is_bounded_and_valid() {
        let mut remote = RemotePresence::default();
        let long = format!(r#"1 {{"a":"{}"}}"#, "x".repeat(MAX_PRESENCE_BYTES));
        let wrong = ["", "1", "x {}", "1 [1]", "1 {", "1 {}}", &long];
        let mut fields: HashMap<String, String> =
            wrong.iter().map(|field| (format!("wrong {field}"), (*field).to_owned())).collect();
        fields.insert(NUMBER.into(), "5".into());
        fields.insert("ada".into(), r#"1 {"a":1}"#.into());
        remote.replace(0, &fields);
        assert_eq!(remote.users.keys().map(|user| &**user).collect::<Vec<_>>(), ["ada"]);
        let many = (0..USERS + 5).map(|number| (format!("user {number}"), "0 {}".to_owned()));
        remote.replace(5, &many.chain([(NUMBER.into(), "6".into())]).collect());
        assert_eq!(remote.users.len(), USERS);
    }
}
