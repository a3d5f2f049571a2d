//! Which commands may share a connection with other requests.

use redis::{Arg, Cmd};

/// Commands that change what later commands of their connection mean, or turn it into a stream of
/// messages.
const STATEFUL: [&[u8]; 29] = [
    b"ASKING",
    b"AUTH",
    b"CLIENT",
    b"DEBUG",
    b"DISCARD",
    b"EXEC",
    b"FAILOVER",
    b"HELLO",
    b"MONITOR",
    b"MULTI",
    b"PSUBSCRIBE",
    b"PSYNC",
    b"PUNSUBSCRIBE",
    b"QUIT",
    b"READONLY",
    b"READWRITE",
    b"REPLCONF",
    b"RESET",
    b"SCRIPT",
    b"SELECT",
    b"SHUTDOWN",
    b"SSUBSCRIBE",
    b"SUBSCRIBE",
    b"SUNSUBSCRIBE",
    b"SWAPDB",
    b"SYNC",
    b"UNSUBSCRIBE",
    b"UNWATCH",
    b"WATCH",
];

/// Commands that may wait, and everything behind them on their connection with them.
const BLOCKING: [&[u8]; 11] = [
    b"BLMOVE",
    b"BLMPOP",
    b"BLPOP",
    b"BRPOP",
    b"BRPOPLPUSH",
    b"BZMPOP",
    b"BZPOPMAX",
    b"BZPOPMIN",
    b"MIGRATE",
    b"WAIT",
    b"WAITAOF",
];

/// Commands that wait where they are asked to (`BLOCK`).
const READS_OF_STREAMS: [&[u8]; 2] = [b"XREAD", b"XREADGROUP"];

/// Whether `command` must not run on a connection that other requests use too.
pub(super) fn needs_own_connection(command: &Cmd) -> bool {
    let mut words = command.args_iter().filter_map(|argument| match argument {
        Arg::Simple(word) => Some(word),
        _ => None,
    });
    let Some(name) = words.next() else { return true };
    let is = |known: &&[u8]| name.eq_ignore_ascii_case(known);
    STATEFUL.iter().any(is)
        || BLOCKING.iter().any(is)
        || (READS_OF_STREAMS.iter().any(is)
            && words.any(|word| word.eq_ignore_ascii_case(b"BLOCK")))
}

#[cfg(test)]
mod tests {
    use super::needs_own_connection;

    fn needs_own(words: &str) -> bool {
        let mut words = words.split(' ');
        let mut command = redis::cmd(words.next().unwrap_or_default());
        for word in words {
            command.arg(word);
        }
        needs_own_connection(&command)
    }

    #[test]
    fn ordinary_commands_share_a_connection() {
        for command in ["GET watch", "set a multi", "EVALSHA 0 0", "XADD s * a b", "JSON.GET a $"] {
            assert!(!needs_own(command), "{command}");
        }
        assert!(!needs_own("XREAD COUNT 5 STREAMS s 0"));
        assert!(!needs_own("XREADGROUP GROUP g c STREAMS s >"));
    }

    #[test]
    fn state_and_waiting_never_reach_a_shared_connection() {
        for command in ["MULTI", "watch a", "Select 3", "SUBSCRIBE a", "CLIENT REPLY OFF", "RESET"]
        {
            assert!(needs_own(command), "{command}");
        }
        for command in ["BLPOP a 0", "xread Block 0 STREAMS s $", "WAIT 1 0", "bzpopmin a 0"] {
            assert!(needs_own(command), "{command}");
        }
    }
}
