//! How many accounts, and how many mails, may be asked for from one address: `registrations_per_address` and
//! `mails_per_address` within 15 minutes.
//!
//! Redis counts. Without it nobody knows how many there were, so nobody may register.

use crate::login_attempts::{WINDOW_MILLISECONDS, too_many};
use crate::redis::{self, Script, Value};
use crate::{Call, Failure, host, variables};
use shared::data::{keys, scripts};

static COUNT: Script = Script::new(scripts::REGISTRATION_COUNT);

/// Counts this request as a registration, whatever becomes of it: names that are taken count as well,
/// or asking for them would reveal who is here as fast as anybody can ask.
///
/// # Errors
/// 429 if there were too many; 503 if Redis is unavailable.
pub async fn count(call: &Call) -> Result<(), Failure> {
    let most = variables::number("registrations_per_address").await?;
    let key = keys::registrations_from(&address(call).await?);
    let refused = "Too many accounts were requested from this address.";
    count_at(call, &key, most, ("registrations", refused)).await
}

/// The same of a mail, whether there is anybody who gets it or not.
///
/// # Errors
/// As [`count`].
pub async fn count_mail(call: &Call) -> Result<(), Failure> {
    let most = variables::number("mails_per_address").await?;
    let key = keys::mails_from(&address(call).await?);
    count_at(call, &key, most, ("mails", "Too many mails were requested from this address.")).await
}

async fn address(call: &Call) -> Result<String, Failure> {
    Ok(call.client_address(&variables::get("client_address_header").await?))
}

async fn count_at(
    call: &Call,
    key: &str,
    most: u64,
    (kind, refused): (&str, &str),
) -> Result<(), Failure> {
    let words = [
        redis::text(&host::random_id()),
        redis::number(WINDOW_MILLISECONDS),
        redis::number(most),
        redis::text(kind),
    ];
    match COUNT.run(call, &[key, keys::REFUSED], &words).await?.as_slice() {
        [Value::Int64(0), _] => Ok(()),
        [Value::Int64(1), Value::Int64(wait)] => Err(too_many(refused, *wait)),
        other => Err(Failure::internal(format_args!("registration_count.lua: {other:?}"))),
    }
}
