//! How often a password may be guessed within 15 minutes: 5 times for a name from an address,
//! `login_failures_per_address` times from an address, 100 times for a name; 5 times by a user who is
//! logged in for their own; and 5 times a code of a user's app (docs/contract/api.md, API-LOGIN, API-ME,
//! API-SECOND-FACTOR).
//!
//! A stranger who guesses keeps nobody else out: the owner comes from another address, and from one
//! where they have logged in lately they come however many guess. Redis counts. Without it nobody can
//! know how many guesses there were, so nobody may guess.

use crate::redis::{self, Script, Value};
use crate::{Call, Failure, host, variables};
use shared::data::{keys, keys::Guesses, scripts};
use shared::http::problem::{Problem, ProblemKind};
use shared::models::{UserId, UsernameGuess};
use std::time::{Duration, Instant};

/// How long a failure counts, and a registration.
pub(crate) const WINDOW_MILLISECONDS: u64 = 15 * 60 * 1_000;
const OF_A_NAME_FROM_AN_ADDRESS: u64 = 5;
const OF_A_NAME: u64 = 100;
const OF_A_USER: u64 = 5;

/// For how long, and how many of them, the addresses are remembered from which somebody logged in.
const REMEMBERED_MILLISECONDS: u64 = 30 * 24 * 60 * 60 * 1_000;
const REMEMBERED_ADDRESSES: u64 = 20;

/// After how long an attempt without a reported end is given up.
const OPEN_MILLISECONDS: u64 = 20_000;

/// For how long, and how long apart, first and at most, an attempt asks again while others are being
/// decided that may use up what is left.
const PATIENCE: Duration = Duration::from_secs(8);
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

static BEGIN: Script = Script::new(scripts::LOGIN_BEGIN);
static END: Script = Script::new(scripts::LOGIN_END);

/// Looks at a password of this name by `check`, if that may be done now: what it gives is what the
/// right password opens, and `None` is a failure that counts.
///
/// # Errors
/// 429 if too many failed before; 503 if Redis is unavailable, also after the check: a failure that
/// was not counted must not be answered as one. What `check` fails with.
pub async fn limit<T>(
    call: &Call,
    name: &UsernameGuess,
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let (name, (address, from_an_address)) = (name.key(), asking_from(call).await?);
    let kinds = [
        (Guesses::OfNameFrom(&name, &address), OF_A_NAME_FROM_AN_ADDRESS),
        (Guesses::From(&address), from_an_address),
        (Guesses::OfName(&name), OF_A_NAME),
    ];
    let mut attempt = Attempt::of(&kinds, kinds[1]);
    attempt.keys.push(keys::login_addresses(&name));
    attempt.address.clone_from(&address);
    attempt.decide(call, check).await
}

/// The same for a user who is logged in and gives their own password again. It neither counts as a
/// try to log in nor waits for those of others.
///
/// # Errors
/// As [`limit`].
pub async fn limit_own<T>(
    call: &Call,
    user: UserId,
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let own = (Guesses::OfUser(user), OF_A_USER);
    Attempt::of(&[own], own).decide(call, check).await
}

/// The same for a password reset link: an invalid one is a failed log-in from its address.
///
/// # Errors
/// As [`limit`].
pub async fn limit_links<T>(
    call: &Call,
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let (address, most) = asking_from(call).await?;
    // A link that counts takes back what failed of links before it, and nothing else of the address.
    with_address(call, (Guesses::OfLinksFrom(&address), most), check).await
}

/// The same for a code of this user's app. Somebody who has only the password cannot keep the owner out for
/// ever: a recovery code is not counted here.
///
/// # Errors
/// As [`limit`].
pub async fn limit_codes<T>(
    call: &Call,
    user: UserId,
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let own = (Guesses::OfCodes(user), OF_A_USER);
    with_address(call, own, check).await
}

/// The same for a recovery code: nobody can guess one, so only their address counts.
///
/// # Errors
/// As [`limit`].
pub async fn limit_recovery<T>(
    call: &Call,
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let (address, most) = asking_from(call).await?;
    with_address(call, (Guesses::OfRecoveryFrom(&address), most), check).await
}

/// Counts guesses, and as failures to log in from their address.
async fn with_address<T>(
    call: &Call,
    guesses: (Guesses<'_>, u64),
    check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let (address, most) = asking_from(call).await?;
    let from = (Guesses::From(&address), most);
    Attempt::of(&[guesses, from], from).decide(call, check).await
}

/// Where a request comes from, and how many attempts may fail from there.
async fn asking_from(call: &Call) -> Result<(String, u64), Failure> {
    let proxy_header = variables::get("client_address_header").await?;
    let most = variables::number("login_failures_per_address").await?;
    Ok((call.client_address(&proxy_header), most))
}

/// One attempt that may be made.
struct Attempt {
    keys: Vec<String>,
    limits: Vec<u64>,
    /// Among whom it waits, and how many of them there may be.
    waiting: (String, u64),
    address: String,
    id: String,
}

impl Attempt {
    fn of(kinds: &[(Guesses<'_>, u64)], (waits_with, most): (Guesses<'_>, u64)) -> Self {
        let failed = kinds.iter().map(|(guesses, _)| guesses.failed());
        let open = kinds.iter().map(|(guesses, _)| guesses.open());
        Self {
            keys: failed.chain(open).collect(),
            limits: kinds.iter().map(|(_, limit)| *limit).collect(),
            waiting: (waits_with.waiting(), most),
            address: String::new(),
            id: host::random_id(),
        }
    }

    async fn decide<T>(
        self,
        call: &Call,
        check: impl AsyncFnOnce() -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        self.begin(call).await?;
        let result = check().await;
        let outcome = match &result {
            Ok(Some(_)) => "passed",
            Ok(None) => "failed",
            // Nobody looked at the password.
            Err(_) => "undecided",
        };
        self.end(call, outcome).await?;
        result
    }

    /// Asks for leave.
    async fn begin(&self, call: &Call) -> Result<(), Failure> {
        let mut words = vec![redis::text(&self.id)];
        words.extend([WINDOW_MILLISECONDS, OPEN_MILLISECONDS].map(redis::number));
        words.extend([redis::text(&self.address), redis::number(self.waiting.1)]);
        words.extend(self.limits.iter().copied().map(redis::number));
        let (start, mut pause) = (Instant::now(), FIRST_PAUSE);
        while start.elapsed() < PATIENCE {
            let mut keys = self.keys();
            keys.extend([self.waiting.0.as_str(), keys::REFUSED]);
            let answer = BEGIN.run(call, &keys, &words).await?;
            match answer.as_slice() {
                [Value::Int64(0), _] => return Ok(()),
                [Value::Int64(1), Value::Int64(wait)] => return Err(too_many(FAILED, *wait)),
                [Value::Int64(2), _] => host::pause(pause).await,
                [Value::Int64(3), Value::Int64(wait)] => return Err(too_many(WAITING, *wait)),
                other => {
                    return Err(Failure::internal(format_args!("login_begin.lua: {other:?}")));
                }
            }
            pause = LONGEST_PAUSE.min(pause * 2);
        }
        Err(too_many(WAITING, 1_000))
    }

    /// Tells how it ended.
    async fn end(self, call: &Call, outcome: &str) -> Result<(), Failure> {
        let words = [
            redis::text(&self.id),
            redis::number(WINDOW_MILLISECONDS),
            redis::text(outcome),
            redis::text(&self.address),
            redis::number(REMEMBERED_MILLISECONDS),
            redis::number(REMEMBERED_ADDRESSES),
        ];
        END.run(call, &self.keys(), &words).await.map(drop)
    }

    fn keys(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }
}

const FAILED: &str = "Too many wrong passwords or codes.";
const WAITING: &str = "Too many passwords are being checked for you or your address.";

/// 429, for this long.
pub(crate) fn too_many(why: &str, milliseconds: i64) -> Failure {
    let seconds = u64::try_from(milliseconds).unwrap_or_default().div_ceil(1_000).max(1);
    let detail = format!("{why} Try again in {seconds} seconds.");
    Problem::new(ProblemKind::TooManyAttempts, detail).with("retry_after", seconds).into()
}
