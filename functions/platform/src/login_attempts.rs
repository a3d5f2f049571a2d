//! How often a password may be guessed: 5 failures for a name, 20 from an address, within 15
//! minutes (docs/contract/api.md, API-LOGIN).
//!
//! Redis counts. Without it nobody can tell how many guesses there were, so nobody may guess.

use crate::redis::{self, Script, Value};
use crate::{Call, Failure, host, variables};
use shared::data::{keys, scripts};
use shared::models::UsernameGuess;
use shared::problem::{Problem, ProblemKind};
use std::time::Duration;

/// How long a failure counts, and a registration.
pub(crate) const WINDOW_MILLISECONDS: u64 = 15 * 60 * 1_000;
const OF_A_NAME: u64 = 5;
const FROM_AN_ADDRESS: u64 = 20;

/// After how long an attempt whose end nobody told is given up.
const OPEN_MILLISECONDS: u64 = 20_000;

/// How often, and how long apart, an attempt asks again while others are being decided that may
/// use up what is left.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(25);

static BEGIN: Script = Script::new(scripts::LOGIN_BEGIN);
static END: Script = Script::new(scripts::LOGIN_END);

/// Looks at a password of this name by `check`, if that may be done now: what it gives is what the
/// right password opens, and `None` is a failure that counts.
///
/// # Errors
/// 429 where too many failed before; 503 where Redis is away, also after the check: a failure that
/// was not counted must not be answered as one. What `check` fails with.
pub async fn limit<T>(
    call: &Call,
    name: &UsernameGuess,
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let attempt = Attempt::begin(call, name).await?;
    let result = check().await;
    let outcome = match &result {
        Ok(Some(_)) => "passed",
        Ok(None) => "failed",
        // Nobody looked at the password.
        Err(_) => "undecided",
    };
    attempt.end(call, outcome).await?;
    result
}

/// One attempt that may be made.
struct Attempt {
    keys: [String; 4],
    id: String,
}

impl Attempt {
    /// Asks for leave.
    async fn begin(call: &Call, name: &UsernameGuess) -> Result<Self, Failure> {
        let proxy_header = variables::get("client_address_header").await?;
        let (name, address) = (name.key(), call.client_address(&proxy_header));
        let attempt = Self {
            keys: [
                keys::login_failures_of_name(&name),
                keys::login_failures_from(&address),
                keys::login_attempts_of_name(&name),
                keys::login_attempts_from(&address),
            ],
            id: host::random_id(),
        };
        let limits = [WINDOW_MILLISECONDS, OF_A_NAME, FROM_AN_ADDRESS, OPEN_MILLISECONDS];
        let mut words = vec![redis::text(&attempt.id)];
        words.extend(limits.map(redis::number));
        for _ in 0..TRIES {
            let [name, address, of_name, from_address] = attempt.keys();
            let keys = [name, address, of_name, from_address, keys::REFUSED];
            let answer = BEGIN.run(call, &keys, &words).await?;
            match answer.as_slice() {
                [Value::Int64(0), _] => return Ok(attempt),
                [Value::Int64(1), Value::Int64(wait)] => return Err(too_many(FAILED, *wait)),
                [Value::Int64(2), _] => host::pause(PAUSE).await,
                other => {
                    return Err(Failure::internal(format_args!("login_begin.lua: {other:?}")));
                }
            }
        }
        Err(too_many(FAILED, 1_000))
    }

    /// Tells how it ended.
    async fn end(self, call: &Call, outcome: &str) -> Result<(), Failure> {
        let words =
            [redis::text(&self.id), redis::number(WINDOW_MILLISECONDS), redis::text(outcome)];
        END.run(call, &self.keys(), &words).await.map(drop)
    }

    fn keys(&self) -> [&str; 4] {
        self.keys.each_ref().map(String::as_str)
    }
}

const FAILED: &str = "Too many attempts to log in failed.";

/// 429, for so long.
pub(crate) fn too_many(why: &str, milliseconds: i64) -> Failure {
    let seconds = u64::try_from(milliseconds).unwrap_or_default().div_ceil(1_000).max(1);
    let detail = format!("{why} Try again in {seconds} seconds.");
    Problem::new(ProblemKind::TooManyAttempts, detail).with("retry_after", seconds).into()
}
