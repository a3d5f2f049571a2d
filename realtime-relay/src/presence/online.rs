//! Who is online on a board, as one message: states merged by user, bounded, encoded once.

use crate::websocket::text_frame;
use bytes::Bytes;
use shared::models::BoardId;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Entries of one message at most.
pub(super) const ENTRIES: usize = 100;
/// Bytes of the entries of one message at most: a slow reader may hold one message, half written.
const BYTES: usize = 32 << 10;
/// The state of those who set none, which is most: they share it.
static NOTHING: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from("{}"));

/// The state that a user set.
///
/// The order is that of preference: something before nothing, the newer before the older. Where two
/// clocks agree to the millisecond the text decides, so that all relays decide alike.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct UserState {
    /// When, in milliseconds since 1970; 0 for nothing.
    pub(super) at: u64,
    /// A JSON object, without white space between its parts.
    pub(super) state: Arc<str>,
}

impl UserState {
    /// A state set at this time, after 1970. Setting `{}` means having none.
    pub(super) fn new(at: u64, state: Arc<str>) -> Self {
        if state == *NOTHING { Self::nothing() } else { Self { at: at.max(1), state } }
    }

    /// No state was set.
    pub(super) fn nothing() -> Self {
        Self { at: 0, state: Arc::clone(&NOTHING) }
    }

    fn is_nothing(&self) -> bool {
        self.state == *NOTHING
    }
}

/// The users of a board, each with their last state, in the order of their names.
pub(super) type Users = BTreeMap<Arc<str>, UserState>;

/// Adds a user's state at one of several sockets: the newest that is not empty wins.
pub(super) fn merge(users: &mut Users, user: &Arc<str>, state: &UserState) {
    match users.get_mut(user) {
        Some(known) if *known < *state => *known = state.clone(),
        Some(_) => {}
        None => {
            users.insert(Arc::clone(user), state.clone());
        }
    }
}

/// The message that says who is online: of too many, those with a state come first.
pub(super) fn frame<'a>(
    board: BoardId,
    online: impl Iterator<Item = (&'a Arc<str>, &'a UserState)>,
) -> Bytes {
    let all: Vec<_> = online.collect();
    let (with_state, without): (Vec<_>, Vec<_>) =
        all.iter().enumerate().partition(|(_, (_, it))| !it.is_nothing());
    let mut chosen = Vec::with_capacity(all.len().min(ENTRIES));
    let mut bytes = 0;
    for (place, (user, it)) in with_state.into_iter().chain(without).take(ENTRIES) {
        let name = serde_json::Value::from(&***user);
        let entry = format!(r#"{{"user":{name},"state":{}}}"#, it.state);
        bytes += entry.len();
        if bytes > BYTES {
            break;
        }
        chosen.push((place, entry));
    }
    chosen.sort_unstable_by_key(|(place, _)| *place);
    let entries: Vec<_> = chosen.into_iter().map(|(_, entry)| entry).collect();
    let total = if entries.len() < all.len() {
        format!(r#","total":{}"#, all.len())
    } else {
        String::new()
    };
    let head = format!(r#"{{"type":"presence","board":{board},"online":["#);
    text_frame(&[&head, &entries.join(","), "]", &total, "}"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn set(at: u64, state: &str) -> UserState {
        UserState::new(at, state.into())
    }

    fn merged(states: &[(&str, UserState)]) -> Users {
        let mut users = Users::new();
        states.iter().for_each(|(user, set)| merge(&mut users, &Arc::from(*user), set));
        users
    }

    fn message(users: &Users) -> Value {
        let frame = frame(BoardId::new(7).expect("an id"), users.iter());
        let start = frame.iter().position(|byte| *byte == b'{').expect("an object");
        serde_json::from_slice(&frame[start..]).expect("JSON")
    }

    #[test]
    fn rt_presence_is_one_entry_a_user_sorted_by_user() {
        let users = merged(&[
            ("bob", set(1, "{}")),
            ("ada", set(2, r#"{"editing":12}"#)),
            ("bob", set(3, r#"{"\"":"}"}"#)),
            ("ada", set(4, "{}")),
        ]);
        let expected = json!({"type": "presence", "board": 7, "online": [
            {"user": "ada", "state": {"editing": 12}}, {"user": "bob", "state": {"\"": "}"}},
        ]});
        assert_eq!(message(&users), expected);
    }

    #[test]
    fn rt_presence_is_bounded_and_says_how_many_there_are() {
        let names: Vec<_> = (0..150).map(|number| format!("user {number:03}")).collect();
        let some = |set: UserState| {
            let states: Vec<_> = names.iter().map(|name| (&**name, set.clone())).collect();
            states
        };
        let mut states = some(set(0, "{}"));
        states.push((&names[149], set(1, r#"{"a":1}"#)));
        let cut = message(&merged(&states));
        let online = cut["online"].as_array().expect("a list");
        assert_eq!((online.len(), &cut["total"]), (100, &json!(150)));
        assert_eq!(online[99], json!({"user": "user 149", "state": {"a": 1}}));
        let whole = message(&merged(&states[..100]));
        assert_eq!(whole["online"].as_array().map(Vec::len), Some(100));
        assert_eq!(whole.get("total"), None);
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(1_000));
        let cut = message(&merged(&some(set(1, &long))));
        assert_eq!(
            (cut["online"].as_array().map(Vec::len), &cut["total"]),
            (Some(31), &json!(150))
        );
    }

    proptest! {
        #[test]
        fn rt_presence_the_newest_state_that_says_something_wins_in_any_order(
            mut states in prop::collection::vec((1_u64..6, 0_u8..4), 1..8),
            seed in any::<u64>(),
        ) {
            let set = |(at, kind): &(u64, u8)| {
                set(*at, if *kind == 0 { "{}".to_owned() } else { format!(r#"{{"a":{kind}}}"#) }.as_str())
            };
            let merge_all = |states: &[(u64, u8)]| {
                let states: Vec<_> = states.iter().map(|it| ("ada", set(it))).collect();
                merged(&states)
            };
            let users = merge_all(&states);
            let newest = states.iter().filter(|(_, kind)| *kind > 0).max().map(&set);
            prop_assert_eq!(users.get("ada"), Some(&newest.unwrap_or_else(UserState::nothing)));
            fastrand::Rng::with_seed(seed).shuffle(&mut states);
            prop_assert_eq!(merge_all(&states), users);
        }
    }
}
