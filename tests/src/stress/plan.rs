//! What an arena consists of.

use crate::api::Mode;

/// The parts of an arena. The fields may be changed before it starts.
#[derive(Clone, Debug)]
pub struct Plan {
    pub mode: Mode,
    /// How many local-hosts; quick-win mode has one, which holds the boards in memory.
    pub hosts: usize,
    pub relays: usize,
    /// How many people. Each is a member of each board: the first owns them, the others are editors.
    /// In quick-win mode everybody is a guest.
    pub people: usize,
    pub boards: usize,
    /// Whether servers reach Redis through a network that the scenario can cut.
    pub redis_by_network: bool,
    /// Additional environment variables of the local-hosts.
    pub host_environment: Vec<(String, String)>,
    /// Additional environment variables of the relays; they override the arena's own
    /// settings.
    pub relay_environment: Vec<(String, String)>,
}

impl Plan {
    /// One local-host and one relay, three people and one board.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            hosts: 1,
            relays: 1,
            people: 3,
            boards: 1,
            redis_by_network: false,
            host_environment: Vec::new(),
            relay_environment: Vec::new(),
        }
    }

    /// Adds an environment variable of the relays, such as `RELAY_RING_EVENTS`.
    #[must_use]
    pub fn relay_variable(mut self, name: &str, value: &str) -> Self {
        self.relay_environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an environment variable of the local-hosts.
    #[must_use]
    pub fn host_variable(mut self, name: &str, value: &str) -> Self {
        self.host_environment.push((name.to_owned(), value.to_owned()));
        self
    }
}
