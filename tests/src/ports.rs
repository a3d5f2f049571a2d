//! Ports that stay free until a server takes them.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::Mutex;

/// Below the range of outgoing connections' ports, so that a port stays free while its server
/// is dead and about to be restarted.
const RANGE: Range<u16> = 11_000..32_000;

static TAKEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port of 127.0.0.1 that nobody listens on, and that is given to this process only once.
///
/// # Panics
/// If none is free.
#[must_use]
pub fn free() -> u16 {
    let mut taken = TAKEN.lock().expect("the list of ports");
    let taken = taken.get_or_insert_default();
    for _ in 0..10_000 {
        let port = fastrand::u16(RANGE);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && taken.insert(port) {
            return port;
        }
    }
    panic!("no port in {RANGE:?} is free");
}
