//! Redis Cluster: which slot a key belongs to, which node serves it, and how a node says that it is another.

use super::redis_address::host_and_port;
use std::ops::RangeInclusive;

/// How many slots there are.
const SLOTS: u16 = 16_384;

/// The slot of a key: that of its tag in braces, where it has one (Redis Cluster specification, "Hash
/// tags").
#[must_use]
pub fn slot(key: &str) -> u16 {
    let tag = key.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(tag, _)| tag);
    crc16(tag.filter(|tag| !tag.is_empty()).unwrap_or(key).as_bytes()) % SLOTS
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum: u16, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| {
            (sum << 1) ^ if sum & 0x8000 == 0 { 0 } else { 0x1021 }
        })
    })
}

/// A node says that another one has the key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Redirect<'a> {
    /// That one serves the slot from now on.
    Moved(u16, &'a str),
    /// That one has the key already, of a slot that is on its way: it is to be asked this once.
    Ask(&'a str),
}

impl<'a> Redirect<'a> {
    /// Reads an error as a server, or a library in its own words, gives it (`MOVED 7 host:port`,
    /// `Moved: 7 host:port`); `None` if it is another.
    #[must_use]
    pub fn parse(cause: &'a str) -> Option<Self> {
        let mut words = cause.split_ascii_whitespace().rev();
        let (place, slot, name) = (words.next()?, words.next()?, words.next()?);
        let slot = slot.parse().ok().filter(|slot| *slot < SLOTS)?;
        match name.trim_end_matches(':') {
            name if name.eq_ignore_ascii_case("moved") => Some(Self::Moved(slot, place)),
            name if name.eq_ignore_ascii_case("ask") => Some(Self::Ask(place)),
            _ => None,
        }
    }
}

/// The place that a redirect names, said by the node at `asked`: one without a host is on the same.
#[must_use]
pub fn place(told: &str, asked: &str) -> String {
    let Some((host, port)) = told.rsplit_once(':') else { return told.to_owned() };
    let same = || asked.rsplit_once(':').map_or(asked, |(host, _)| host);
    let port = port.parse().unwrap_or_default();
    host_and_port(if host.is_empty() { same() } else { host }, port)
}

/// A node that serves slots.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Node {
    /// Host and port.
    pub place: String,
    /// What it serves.
    pub slots: Vec<RangeInclusive<u16>>,
}

impl Node {
    /// Whether it serves a slot.
    #[must_use]
    pub fn serves(&self, slot: u16) -> bool {
        self.slots.iter().any(|slots| slots.contains(&slot))
    }

    /// The slots as a text, such as `0-5460, 7000-7000`.
    #[must_use]
    pub fn ranges(&self) -> String {
        let ranges = self.slots.iter().map(|slots| format!("{}-{}", slots.start(), slots.end()));
        ranges.collect::<Vec<_>>().join(", ")
    }
}

/// A part of an answer whose lists were flattened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part<'a> {
    /// A number.
    Number(u64),
    /// A text.
    Text(&'a str),
    /// Nothing.
    Nil,
}

/// The nodes that serve slots, by what the one at `asked` answers to `CLUSTER SLOTS`: of each range its
/// first and last slot, and then host, port, id and more of its primary and of each replica.
#[must_use]
pub fn nodes(parts: &[Part<'_>], asked: &str) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for range in parts.windows(4) {
        // Nothing else is two numbers in a row.
        let [Part::Number(first), Part::Number(last), host, Part::Number(port)] = range else {
            continue;
        };
        let host = match host {
            // It is not known.
            Part::Text("?") | Part::Number(_) => continue,
            Part::Text(host) => *host,
            Part::Nil => "",
        };
        let place = place(&format!("{host}:{port}"), asked);
        let (Ok(first), Ok(last)) = (u16::try_from(*first), u16::try_from(*last)) else { continue };
        match nodes.iter_mut().find(|node| node.place == place) {
            Some(node) => node.slots.push(first..=last),
            None => nodes.push(Node { place, slots: vec![first..=last] }),
        }
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::Part::{Nil, Number, Text};
    use super::*;
    use crate::data::keys;
    use crate::models::BoardId;

    #[test]
    fn a_key_lies_in_the_slot_of_its_tag() {
        // As `CLUSTER KEYSLOT` of Redis 7.0 answers.
        for (key, expected) in
            [("123456789", 12739), ("foo", 12182), ("{foo}.bar", 12182), ("foo{{bar}}zap", 4015)]
        {
            assert_eq!(slot(key), expected, "{key}");
        }
        for whole in ["foo{}{bar}", "{}"] {
            assert_eq!(slot(whole), crc16(whole.as_bytes()) % SLOTS, "{whole}");
        }
    }

    #[test]
    fn what_one_script_touches_lies_in_one_slot() {
        let board = BoardId::new(23).expect("an id");
        let of_shard = [
            keys::board_events(board),
            keys::board_document(board, true),
            keys::board_analytics(board),
            keys::presence(board, "relay"),
            keys::swept(7),
            keys::statistics(7),
            keys::monitor_people(7, 1),
        ];
        let feed = slot(&keys::feed(7));
        assert!(of_shard.iter().all(|key| slot(key) == feed), "{of_shard:?}");
        assert_eq!(slot(keys::CONTROL_FEED), slot(keys::PRESENCE_RELAYS));
        let login = [
            keys::REFUSED.to_owned(),
            keys::login_addresses("ada"),
            keys::registrations_from("::1"),
        ];
        assert!(login.iter().all(|key| slot(key) == slot(keys::PASSWORD_HASHES)), "{login:?}");
    }

    #[test]
    fn a_redirect_is_read_in_the_words_of_server_and_libraries() {
        let moved = Some(Redirect::Moved(3999, "127.0.0.1:6381"));
        for text in [
            "MOVED 3999 127.0.0.1:6381",
            "MOVED: 3999 127.0.0.1:6381",
            "An error was signalled by the server - Moved: 3999 127.0.0.1:6381",
        ] {
            assert_eq!(Redirect::parse(text), moved, "{text}");
        }
        assert_eq!(Redirect::parse("ASK 1 a.example:6379"), Some(Redirect::Ask("a.example:6379")));
        for other in
            ["", "MOVED", "MOVED x a:1", "MOVED 16384 a:1", "CLUSTERDOWN Hash slot not served"]
        {
            assert_eq!(Redirect::parse(other), None, "{other}");
        }
        assert_eq!(place("b:7001", "a:7000"), "b:7001");
        assert_eq!(place(":7001", "a:7000"), "a:7001");
        assert_eq!(place("::1:7001", "a:7000"), "[::1]:7001");
    }

    #[test]
    fn the_primaries_are_read_out_of_a_flattened_answer() {
        let (a, b) = (Text("10.0.0.1"), Text("10.0.0.2"));
        let parts = [
            [Number(0), Number(5460), a, Number(7000)].as_slice(),
            // More about it: a name; then a replica.
            &[Text("id"), Text("hostname"), Text("a.example"), b, Number(7003), Text("id")],
            &[Number(5461), Number(5461), Nil, Number(7001), Text("id")],
            &[Number(5462), Number(9000), a, Number(7000), Text("id")],
            &[Number(9001), Number(16383), Text("?"), Number(7002), Text("id")],
        ]
        .concat();
        let nodes = nodes(&parts, "asked.example:7009");
        assert_eq!(nodes.len(), 2, "{nodes:?}");
        assert_eq!((&*nodes[0].place, &*nodes[0].ranges()), ("10.0.0.1:7000", "0-5460, 5462-9000"));
        assert_eq!((&*nodes[1].place, &*nodes[1].ranges()), ("asked.example:7001", "5461-5461"));
        assert!(nodes[0].serves(6000) && !nodes[0].serves(5461));
    }
}
