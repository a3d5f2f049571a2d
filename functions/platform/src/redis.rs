//! Redis through the host: commands and scripts over one connection that is kept.

use crate::{Call, Failure, host, variables};
use sha1::{Digest as _, Sha1};
use spin_sdk::redis::{Connection, Error};
use spin_sdk::wasip3::spawn;
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub use spin_sdk::redis::{RedisParameter as Argument, RedisResult as Value};

/// How long Redis may take to answer, with making a connection. It is the fast way to know: whoever
/// has waited for so long asks PostgreSQL, or comes back later.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    /// The connection of this instance: on Spin, opening one is a new TCP connection each time.
    static CONNECTION: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };

    /// Until when this instance does not ask, because Redis was silent the last time: a request
    /// asks several times, and would wait as often.
    static SILENT_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

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
    /// 503 where Redis is away or not configured.
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
        let result = attempt("EVALSHA", &words).await;
        if matches!(&result, Err(Trouble::Answer(cause)) if is_unknown_script(cause)) {
            words[0] = text(self.text);
            return attempt("EVAL", &words).await;
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

/// Runs a command, which must bear to run twice.
///
/// # Errors
/// 503 where Redis is away or not configured.
pub async fn execute(
    call: &Call,
    command: &str,
    arguments: &[Argument],
) -> Result<Vec<Value>, Failure> {
    let start = Instant::now();
    let result = attempt(command, arguments).await;
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
    /// What the host says; it does not tell an error that Redis answered from a lost connection.
    Answer(String),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NotConfigured(failure) => failure,
            Trouble::Answer(cause) => {
                Self::unavailable("The cache is away for now.", format_args!("redis: {cause}"))
            }
        }
    }
}

fn is_unknown_script(cause: &str) -> bool {
    ["NOSCRIPT", "NoScript", "No matching script"].iter().any(|mark| cause.contains(mark))
}

/// Runs a command, if that does not take too long.
async fn attempt(command: &str, arguments: &[Argument]) -> Result<Vec<Value>, Trouble> {
    if SILENT_UNTIL.get().is_some_and(|until| Instant::now() < until) {
        return Err(Trouble::Answer(format!(
            "{command} is not asked: there was no answer just now"
        )));
    }
    let answer = host::within(PATIENCE, persist(command, arguments)).await;
    answer.unwrap_or_else(|| {
        // Whatever comes over this connection now is late.
        CONNECTION.set(None);
        SILENT_UNTIL.set(Instant::now().checked_add(PATIENCE));
        Err(Trouble::Answer(format!("no answer to {command} within {PATIENCE:?}")))
    })
}

/// Runs a command; where the connection that was kept turns out to be broken, once more over a new
/// one.
async fn persist(command: &str, arguments: &[Argument]) -> Result<Vec<Value>, Trouble> {
    let kept = CONNECTION.with_borrow(Clone::clone);
    if let Some(connection) = kept {
        match run(&connection, command, arguments).await {
            Err(cause) if !is_unknown_script(&cause) => forget(&connection),
            result => return result.map_err(Trouble::Answer),
        }
    }
    let connection = Rc::new(open().await?);
    let result = run(&connection, command, arguments).await;
    if result.as_ref().err().is_none_or(|cause| is_unknown_script(cause)) {
        CONNECTION.set(Some(connection));
    }
    result.map_err(Trouble::Answer)
}

async fn run(
    connection: &Connection,
    command: &str,
    arguments: &[Argument],
) -> Result<Vec<Value>, String> {
    connection.execute(command, arguments.iter().cloned()).await.map_err(|error| told(&error))
}

/// Drops a connection, unless another request has put a new one in its place already.
fn forget(broken: &Rc<Connection>) {
    CONNECTION.with_borrow_mut(|kept| {
        if kept.as_ref().is_some_and(|kept| Rc::ptr_eq(kept, broken)) {
            *kept = None;
        }
    });
}

async fn open() -> Result<Connection, Trouble> {
    let url = variables::get("redis_url").await.map_err(Trouble::NotConfigured)?;
    if url.is_empty() {
        return Err(Trouble::NotConfigured(Failure::not_configured("redis_url")));
    }
    Connection::open(url).await.map_err(|error| Trouble::Answer(told(&error)))
}

fn told(error: &Error) -> String {
    match error {
        Error::Other(cause) => cause.clone(),
        other => format!("{other:?}"),
    }
}
