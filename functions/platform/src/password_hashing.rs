//! How many passwords are hashed at the same time: `max_password_hashes`, over all instances.
//!
//! A hash takes 19 MiB and a processor, and its instance can do nothing else meanwhile. So a request
//! for one sleeps until its turn, while all other requests go on. Redis counts,
//! since instances do not know of each other. An instance asks for one request at a time, since it
//! could not compute two at once.

use crate::redis::{self, Script, Value};
use crate::{Call, Failure, host, variables};
use shared::data::{keys, scripts};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// After how long a hash without a reported end is given up.
const OPEN_MILLISECONDS: u64 = 10_000;

/// How long apart a request asks whether it is its turn: first, at most, and until when.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(80);
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// Whether a request of this instance asks, or computes.
    static TAKEN: Cell<bool> = const { Cell::new(false) };
}

static BEGIN: Script = Script::new(scripts::HASH_BEGIN);

/// Computes a hash as soon as that may be done.
///
/// # Errors
/// 503 if it was not its turn in time, or Redis is unavailable; 500 if `work` fails.
pub async fn hash<T, E: std::fmt::Display>(
    call: &Call,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, Failure> {
    let start = Instant::now();
    let _turn = Turn::of_this_instance(start).await?;
    let id = host::random_id();
    begin(call, &id, start).await?;
    let start = Instant::now();
    let result = work().map_err(Failure::internal);
    call.took("hash", start.elapsed());
    let words = [redis::text(keys::PASSWORD_HASHES), redis::text(&id)];
    // If its end is not reported, its time is over soon all the same.
    if let Err(failure) = redis::execute(call, "ZREM", &words).await {
        failure.log(call.request_id());
    }
    result
}

/// The turn of one request among those of its instance; over when this is dropped.
struct Turn;

impl Turn {
    async fn of_this_instance(start: Instant) -> Result<Self, Failure> {
        while TAKEN.replace(true) {
            if start.elapsed() > PATIENCE {
                return Err(too_busy());
            }
            host::pause(LONGEST_PAUSE).await;
        }
        Ok(Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TAKEN.set(false);
    }
}

async fn begin(call: &Call, id: &str, start: Instant) -> Result<(), Failure> {
    let most = variables::number("max_password_hashes").await?;
    let words = [redis::text(id), redis::number(most), redis::number(OPEN_MILLISECONDS)];
    let mut pause = FIRST_PAUSE;
    while start.elapsed() < PATIENCE {
        match BEGIN.run(call, &[keys::PASSWORD_HASHES], &words).await?.as_slice() {
            [Value::Int64(0)] => return Ok(()),
            [Value::Int64(1)] => host::pause(pause).await,
            other => return Err(Failure::internal(format_args!("hash_begin.lua: {other:?}"))),
        }
        pause = LONGEST_PAUSE.min(pause * 2);
    }
    Err(too_busy())
}

fn too_busy() -> Failure {
    let detail = "Too many passwords are being checked at the moment. Please try again.";
    Failure::unavailable(detail, format_args!("no hash began within {PATIENCE:?}"))
}
