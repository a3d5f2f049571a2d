//! The scenarios. Each returns a report.

mod boards;
mod fan_out;
mod logins;
mod rest;
mod scale;
mod sockets;

pub use scale::Size;

use crate::report::Report;
use crate::servers::Build;
use crate::servers::peers::Peers;
use crate::stores::Stores;
use anyhow::Result;
use std::time::Duration;

/// The resources of a scenario.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The servers' stores.
    pub stores: Stores,
    /// The task board as it is now, and at another revision, which are called `now` and by its name.
    pub builds: Vec<Build>,
    /// The peers.
    pub peers: Peers,
    /// How often everything is measured.
    pub repeats: usize,
    /// How long a server is measured in one repeat.
    pub duration: Duration,
    /// The sizes for scenarios that depend on them, the smallest first.
    pub sizes: Vec<Size>,
    /// The commits of the builds.
    pub revisions: String,
}

impl Stage {
    /// The task board as it is now.
    #[must_use]
    pub fn now(&self) -> &Build {
        &self.builds[0]
    }

    /// The build whose database the peers of the REST path use: they are compared with today's SQL,
    /// even if an older revision is measured as well.
    #[must_use]
    pub fn base(&self) -> &Build {
        self.builds.last().unwrap_or(&self.builds[0])
    }
}

/// A scenario.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Scenario {
    /// GET /healthz: what a request costs that does nothing
    Hello,
    /// A board of 200 tasks, from the cache
    Read,
    /// A new task on one of 64 boards
    Add,
    /// 1,000 subscribers of a board, 20 events a second
    Fanout,
    /// 1,000 subscribers of a board, 425 events a second
    Burst,
    /// 8,000 subscribers of a board, 10 events a second
    Crowd,
    /// Events of 10,000 boards, and as many of one
    Boards,
    /// Memory of a socket, with 8,000 of them subscribed
    Idle,
    /// GET /healthz beside 12 clients that register
    HealthzBesideLogins,
    /// Each route on a database of up to ten million events
    Scale,
}

impl Scenario {
    /// Runs it.
    ///
    /// # Errors
    /// If a server misbehaves.
    pub fn run(self, stage: &Stage) -> Result<Report> {
        match self {
            Self::Hello => rest::hello(stage),
            Self::Read => rest::read(stage),
            Self::Add => rest::add(stage),
            Self::Fanout => fan_out::fanout(stage),
            Self::Burst => fan_out::burst(stage),
            Self::Crowd => fan_out::crowd(stage),
            Self::Boards => boards::boards(stage),
            Self::Idle => sockets::idle(stage),
            Self::HealthzBesideLogins => logins::healthz(stage),
            Self::Scale => scale::scale(stage),
        }
    }
}
