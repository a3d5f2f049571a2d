//! The result of checking a recording.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result};
use std::ops::RangeInclusive;

/// How many violations are kept; more are only counted.
const KEPT: usize = 1_000;

/// How many violations are shown.
const SHOWN: usize = 25;

/// A promise of docs/contract/realtime.md, or what it asks of clients.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Rule {
    /// Events arrive in the order of commits.
    Order,
    /// Each event once a subscription.
    ExactlyOnce,
    /// No silent gap.
    NoGap,
    /// Only what was committed, and all of it.
    Committed,
    /// Snapshot and events give the server's board.
    Convergence,
    /// Heads are true.
    Head,
    /// The client subscribed after its own last event.
    Client,
}

impl Rule {
    pub const ALL: [Self; 7] = [
        Self::Order,
        Self::ExactlyOnce,
        Self::NoGap,
        Self::Committed,
        Self::Convergence,
        Self::Head,
        Self::Client,
    ];

    /// Its name in docs/contract/realtime.md.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "RT1",
            Self::ExactlyOnce => "RT2",
            Self::NoGap => "RT3",
            Self::Committed => "RT4",
            Self::Convergence => "RT5",
            Self::Head => "RT8",
            Self::Client => "client rule",
        }
    }

    /// The checked objects, in the plural, and the records that the check needs.
    fn evidence(self) -> (&'static str, &'static str) {
        match self {
            Self::Order => ("events in order", "`received` or `committed`"),
            Self::ExactlyOnce => ("deliveries", "`received`"),
            Self::NoGap => ("deliveries without a gap", "`received`"),
            Self::Committed => ("events and answers compared with the log", "`committed`"),
            Self::Convergence => {
                ("boards of clients", "`snapshot` and one of `replica` and `final`")
            }
            Self::Head => ("heads", "`head` or `subscribed`"),
            Self::Client => ("cursors", "`subscribe` after `snapshot` or `received`"),
        }
    }
}

impl Display for Rule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.pad(self.name())
    }
}

/// A promise that was not kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    pub rule: Rule,
    pub board: u64,
    /// The client, if it concerns one.
    pub client: Option<String>,
    /// The connection, if it concerns one.
    pub connection: Option<u64>,
    /// The events that it concerns.
    pub seqs: RangeInclusive<u64>,
    /// The lines that show it, from 1; empty if something never came.
    pub lines: Vec<usize>,
    pub what: String,
}

impl Display for Violation {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{} board {}", self.rule, self.board)?;
        if let Some(client) = &self.client {
            write!(formatter, ", client {client}")?;
        }
        if let Some(connection) = self.connection {
            write!(formatter, ", connection {connection}")?;
        }
        let (first, last) = self.seqs.clone().into_inner();
        if first == last {
            write!(formatter, ", event {first}")?;
        } else {
            write!(formatter, ", events {first} to {last}")?;
        }
        match self.lines.as_slice() {
            [] => {}
            [line] => write!(formatter, " (line {line})")?,
            lines => {
                let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
                write!(formatter, " (lines {})", lines.join(", "))?;
            }
        }
        write!(formatter, ": {}", self.what)
    }
}

/// The result of checking a recording.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The broken promises, in the order in which they were found; the first 1,000 of them.
    pub violations: Vec<Violation>,
    /// Lines that are not records, by number, each with the reason; the first 1,000 of them.
    pub unreadable: Vec<(usize, String)>,
    /// How many lines were read.
    pub lines: usize,
    /// What could not be checked although its rule was, and why.
    pub remarks: Vec<String>,
    judged: BTreeMap<Rule, u64>,
    broken: BTreeMap<Rule, u64>,
    unread: u64,
}

impl Verdict {
    /// Whether every line could be read, and none shows a violation.
    #[must_use]
    pub fn is_proved(&self) -> bool {
        self.broken.is_empty() && self.unread == 0
    }

    /// How often a rule was checked; 0 if its records are missing.
    #[must_use]
    pub fn judged(&self, rule: Rule) -> u64 {
        self.judged.get(&rule).copied().unwrap_or_default()
    }

    /// How often a rule was broken.
    #[must_use]
    pub fn broken(&self, rule: Rule) -> u64 {
        self.broken.get(&rule).copied().unwrap_or_default()
    }

    /// The rules that were broken.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        self.broken.keys().copied().collect()
    }

    pub(crate) fn judge(&mut self, rule: Rule) {
        *self.judged.entry(rule).or_default() += 1;
    }

    pub(crate) fn report(&mut self, violation: Violation) {
        *self.broken.entry(violation.rule).or_default() += 1;
        if self.violations.len() < KEPT {
            self.violations.push(violation);
        }
    }

    pub(crate) fn unreadable(&mut self, line: usize, why: String) {
        self.unread += 1;
        if self.unreadable.len() < KEPT {
            self.unreadable.push((line, why));
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        for (line, why) in self.unreadable.iter().take(SHOWN) {
            writeln!(formatter, "line {line} is no record: {why}")?;
        }
        for violation in self.violations.iter().take(SHOWN) {
            writeln!(formatter, "{violation}")?;
        }
        let total = self.broken.values().sum::<u64>() + self.unread;
        let shown = self.violations.len().min(SHOWN) + self.unreadable.len().min(SHOWN);
        if total > shown as u64 {
            writeln!(formatter, "… and {} more", total - shown as u64)?;
        }
        for rule in Rule::ALL {
            let (what, needed) = rule.evidence();
            match (self.broken(rule), self.judged(rule)) {
                (0, 0) => {
                    writeln!(formatter, "{rule:11} not judged: there is no record of {needed}")?;
                }
                (0, judged) => writeln!(formatter, "{rule:11} kept: {judged} {what}")?,
                (broken, _) => writeln!(formatter, "{rule:11} BROKEN {broken} times")?,
            }
        }
        for remark in &self.remarks {
            writeln!(formatter, "{remark}")?;
        }
        let word = if self.is_proved() { "proved" } else { "refuted" };
        write!(formatter, "{word} by {} lines", self.lines)
    }
}
