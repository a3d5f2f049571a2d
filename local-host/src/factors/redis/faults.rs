//! Faults on purpose, for tests: a guest dies right before or right after one of its Redis commands.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;
use redis::{Arg, Cmd};

/// A fault as the setting has it: `WHEN:CHANCE:COMMAND`, or `WHEN:CHANCE:COMMAND ARGUMENT` for only
/// those commands whose first argument is this one. WHEN is `before` (nothing is sent) or `after`
/// (the server has carried the command out, and the guest never gets the answer); CHANCE is from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    when: When,
    chance: f64,
    command: String,
    argument: Option<String>,
}

/// At which side of the command the guest dies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum When {
    Before,
    After,
}

impl FromStr for Fault {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, ':');
        let when = match parts.next() {
            Some("before") => When::Before,
            Some("after") => When::After,
            _ => return Err("must begin with before: or after:"),
        };
        let chance = parts.next().and_then(|chance| chance.parse().ok());
        let chance = chance.filter(|chance| (0.0..=1.0).contains(chance));
        let chance = chance.ok_or("must have a chance from 0 to 1 in second place")?;
        let words = parts.next().unwrap_or_default();
        let (command, argument) = match words.split_once(' ') {
            Some((command, argument)) => (command, Some(argument.to_owned())),
            None => (words, None),
        };
        if command.is_empty() {
            return Err("must name a command in third place");
        }
        Ok(Self { when, chance, command: command.to_owned(), argument })
    }
}

impl Fault {
    fn is_about(&self, command: &Cmd) -> bool {
        let mut words = command.args_iter().map(|word| match word {
            Arg::Simple(bytes) => bytes,
            _ => &[],
        });
        let named =
            words.next().is_some_and(|name| name.eq_ignore_ascii_case(self.command.as_bytes()));
        let argument = self.argument.as_ref().map(String::as_bytes);
        named && argument.is_none_or(|argument| words.next() == Some(argument))
    }
}

/// The faults of all components, and the dice that decide when they come.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    faults: Arc<[Fault]>,
    dice: Arc<Mutex<Rng>>,
}

impl Faults {
    /// These faults. The same seed decides the same way for the same commands in the same order.
    pub(crate) fn new(faults: &[Fault], seed: u64) -> Self {
        if !faults.is_empty() {
            tracing::warn!(?faults, seed, "guests are killed on purpose: this is for tests only");
        }
        Self { faults: faults.into(), dice: Arc::new(Mutex::new(Rng::with_seed(seed))) }
    }

    /// Ends the guest, where chance says so.
    ///
    /// # Errors
    /// The trap that does.
    pub(super) fn strike(&self, when: When, command: &Cmd) -> wasmtime::Result<()> {
        for fault in self.faults.iter().filter(|fault| fault.when == when) {
            if fault.is_about(command) {
                let rolled = self.dice.lock().unwrap_or_else(PoisonError::into_inner).f64();
                if rolled < fault.chance {
                    let name = &fault.command;
                    wasmtime::bail!("killed on purpose {when:?} its redis command {name}");
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strikes(faults: &[&str], seed: u64, when: When, command: &Cmd) -> Vec<bool> {
        let faults: Vec<Fault> = faults.iter().map(|fault| fault.parse().expect(fault)).collect();
        let faults = Faults::new(&faults, seed);
        (0..1000).map(|_| faults.strike(when, command).is_err()).collect()
    }

    fn count(struck: &[bool]) -> usize {
        struck.iter().filter(|struck| **struck).count()
    }

    #[test]
    fn only_the_command_and_the_argument_that_are_named_are_struck() {
        let mut command = redis::cmd("evalsha");
        command.arg("abc").arg(0);
        let struck = |faults: &[&str], when| count(&strikes(faults, 1, when, &command));
        assert_eq!(struck(&["before:1:EVALSHA"], When::Before), 1000);
        assert_eq!(struck(&["before:1:EVALSHA"], When::After), 0);
        assert_eq!(struck(&["after:1:EVALSHA abc"], When::After), 1000);
        assert_eq!(struck(&["after:1:EVALSHA ab"], When::After), 0);
        assert_eq!(struck(&["before:1:EVAL", "before:1:GET"], When::Before), 0);
        assert_eq!(struck(&["before:0:EVALSHA"], When::Before), 0);
        assert_eq!(struck(&[], When::Before), 0);
    }

    #[test]
    fn chance_is_what_the_setting_says_and_a_seed_rolls_the_same_dice() {
        let command = redis::cmd("EVALSHA");
        let roll = |seed| strikes(&["before:0.2:EVALSHA"], seed, When::Before, &command);
        let struck = count(&roll(7));
        assert!((150..250).contains(&struck), "{struck} of 1000");
        assert_eq!(roll(7), roll(7));
        assert_ne!(roll(7), roll(8));
    }

    #[test]
    fn a_setting_that_is_none_is_refused() {
        for wrong in ["", "before", "before:1", "before:1:", "before:2:GET", "before:x:GET"] {
            assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
        }
        assert!("between:1:GET".parse::<Fault>().is_err());
        assert!("before:NaN:GET".parse::<Fault>().is_err());
    }
}
