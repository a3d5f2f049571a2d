//! Mails, which the relay sends (docs/contract/api.md, API-EMAIL).

use crate::{Call, Failure, host, redis, registrations, variables};
use shared::auth::{LinkToken, Sealer};
use shared::data::keys;
use shared::http::problem::ProblemKind;

/// A link that a mail will contain.
#[derive(Debug)]
pub struct MailedLink {
    /// What is kept of it.
    pub digest: String,
    /// The link itself, encrypted for as long as the mail waits.
    pub sealed: String,
}

/// Whether mails are sent.
///
/// # Errors
/// 500 if the variable says neither; the log names it.
pub async fn enabled() -> Result<bool, Failure> {
    Ok(variables::word("mail_enabled").await? == "true")
}

/// Checks that mails are sent here, and that the caller may ask for one, which is counted.
///
/// # Errors
/// 409 if none are, 429 after too many from the address, 503 if Redis is unavailable.
pub async fn ask(call: &Call) -> Result<(), Failure> {
    if !enabled().await? {
        let detail = "No mails are sent here: the operator has not set that up.";
        return Err(Failure::refused(ProblemKind::NoMail, detail));
    }
    registrations::count_mail(call).await
}

/// A fresh link for a mail.
///
/// # Errors
/// 500 if the secrets are malformed.
pub async fn fresh_link() -> Result<MailedLink, Failure> {
    seal(&host::random_link()).await
}

/// This link for a mail.
///
/// # Errors
/// As [`fresh_link`].
pub async fn seal(link: &LinkToken) -> Result<MailedLink, Failure> {
    let current = variables::get("jwt_secret").await?;
    let previous = variables::get("jwt_secret_previous").await?;
    let sealer = Sealer::of_mails(&current, &previous).map_err(|error| {
        Failure::internal(format_args!("jwt_secret or jwt_secret_previous {error}"))
    })?;
    let sealed = sealer.seal(0, link.reveal().as_bytes(), host::random_bytes());
    Ok(MailedLink { digest: link.digest(), sealed })
}

/// Tells the relays that there is a mail to be sent. Where Redis takes nothing they look by themselves.
pub async fn tell_relays(call: &Call) {
    const ENTRIES: u64 = 1000;
    let words = [
        redis::text(keys::CONTROL_FEED),
        redis::text("MAXLEN"),
        redis::text("~"),
        redis::number(ENTRIES),
        redis::text("*"),
        redis::text("mail"),
        redis::number(1),
    ];
    if let Err(failure) = redis::execute(call, "XADD", &words).await {
        failure.log(call.request_id());
    }
}
