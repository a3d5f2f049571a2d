//! Redis through the host: commands and scripts over connections that are kept.

mod checking;
mod following;
mod servers;

use crate::{Call, Failure};
use following::attempt;
use sha1::{Digest as _, Sha1};
use spin_sdk::wasip3::spawn;
use std::fmt::Write as _;
use std::sync::OnceLock;
use std::time::Instant;

pub use checking::check;
pub use spin_sdk::redis::{RedisParameter as Argument, RedisResult as Value};

/// A script in Lua, which runs as a whole or not at all.
#[derive(Debug)]
pub struct Script {
    text: &'static str,
    digest: OnceLock<String>,
}

impl Script {
    /// The script of this text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text, digest: OnceLock::new() }
    }

    /// Runs it. It must bear to run twice: where the connection broke, nobody knows whether it did.
    ///
    /// # Errors
    /// 503 if Redis is unavailable or not configured.
    pub async fn run(
        &self,
        call: &Call,
        keys: &[&str],
        arguments: &[Argument],
    ) -> Result<Vec<Value>, Failure> {
        let words = self.words(keys, arguments);
        let start = Instant::now();
        let result = self.attempt(words).await;
        call.took("redis", start.elapsed());
        result.map_err(Failure::from)
    }

    /// Runs it beside the answer, which does not wait for it; what goes wrong is logged.
    pub fn run_beside(&'static self, call: &Call, keys: &[&str], arguments: &[Argument]) {
        let (words, request_id) = (self.words(keys, arguments), call.request_id().to_owned());
        spawn(async move {
            if let Err(trouble) = self.attempt(words).await {
                Failure::from(trouble).log(&request_id);
            }
        });
    }

    fn words(&self, keys: &[&str], arguments: &[Argument]) -> Vec<Argument> {
        let mut words = vec![text(self.digest()), number(keys.len())];
        words.extend(keys.iter().map(|key| text(key)));
        words.extend_from_slice(arguments);
        words
    }

    async fn attempt(&self, mut words: Vec<Argument>) -> Result<Vec<Value>, Trouble> {
        // Behind the script and the number of keys comes the first of them.
        const KEY: usize = 2;
        let result = attempt("EVALSHA", &words, KEY).await;
        if matches!(&result, Err(Trouble::Answer(cause)) if is_unknown_script(cause)) {
            words[0] = text(self.text);
            return attempt("EVAL", &words, KEY).await;
        }
        result
    }

    /// What Redis knows it by, once it has seen it.
    fn digest(&self) -> &str {
        self.digest.get_or_init(|| {
            Sha1::digest(self.text).iter().fold(String::new(), |mut digits, byte| {
                let _ = write!(digits, "{byte:02x}");
                digits
            })
        })
    }
}

/// Runs a command, whose first argument is its key, and which must bear to run twice.
///
/// # Errors
/// 503 if Redis is unavailable or not configured.
pub async fn execute(
    call: &Call,
    command: &str,
    arguments: &[Argument],
) -> Result<Vec<Value>, Failure> {
    let start = Instant::now();
    let result = attempt(command, arguments, 0).await;
    call.took("redis", start.elapsed());
    result.map_err(Failure::from)
}

/// A text as an argument.
#[must_use]
pub fn text(text: &str) -> Argument {
    Argument::Binary(text.as_bytes().to_vec())
}

/// A number as an argument.
#[must_use]
pub fn number(number: impl std::fmt::Display) -> Argument {
    text(&number.to_string())
}

/// Why there is no answer.
enum Trouble {
    /// There is no Redis to ask.
    NotConfigured(Failure),
    /// What the host says; it does not distinguish an error from Redis from a lost connection.
    Answer(String),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NotConfigured(failure) => failure,
            Trouble::Answer(cause) => Self::unavailable(
                "The cache is unavailable for now.",
                format_args!("redis: {cause}"),
            ),
        }
    }
}

fn is_unknown_script(cause: &str) -> bool {
    ["NOSCRIPT", "NoScript", "No matching script"].iter().any(|mark| cause.contains(mark))
}
