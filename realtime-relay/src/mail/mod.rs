//! The mails that the functions leave in PostgreSQL (docs/adr/0034-mails.md): claimed one by one, so that no two relays
//! send the same one, and sent by SMTP until that works, for as long as it makes sense.
//!
//! Whoever ends between the server's yes and the note of it leaves a mail that is sent once more, after the lease and
//! with the same `Message-ID`.

mod english;
mod german;
mod letter;
mod message;
mod settings;

pub use letter::{Kind, Letter};
pub use settings::{MailSettings, SmtpAddress};

use crate::database::{Database, field, number, stored};
use crate::metrics::{MailOutcome, Metrics};
use crate::sockets::Sockets;
use crate::unavailable::Unavailable;
use lettre::transport::smtp::Error;
use lettre::{AsyncTransport as _, Message};
use shared::data::sql;
use shared::models::Language;
use std::sync::Arc;
use std::time::Duration;
use stores::describe;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_postgres::Row;

/// Mails that are sent at the same time.
const AT_ONCE: usize = 4;
/// After this many attempts a mail is given up, if its time is not over before.
const ATTEMPTS: u32 = 12;
/// The longest pause between two of them, in first pauses.
const LONGEST_PAUSE: u32 = 32;
/// How long to wait where the database does not answer.
const RETRY: Duration = Duration::from_secs(1);

/// What sends them.
pub struct Mailer {
    /// Where they wait.
    pub database: Arc<Database>,
    /// Where they are counted.
    pub metrics: Arc<Metrics>,
    /// Signals the end of the relay: no further mail is begun then.
    pub sockets: Arc<Sockets>,
    /// Somebody says that one is there.
    pub due: Arc<Notify>,
    /// How they are sent.
    pub settings: MailSettings,
}

/// A mail that this relay alone has for now.
struct Claimed {
    id: u64,
    attempt: u32,
    letter: Letter,
    /// The secret of its link; none of a mail that tells of a change.
    sealed: Option<String>,
}

/// What came of looking for one.
enum Found {
    Mail(Box<Claimed>),
    /// One that is not to be sent.
    Other,
    Nothing,
}

/// Sends for as long as the process runs.
pub async fn run(mailer: Mailer) {
    tracing::info!(server = mailer.settings.server(), "mails are sent");
    futures::future::join_all((0..AT_ONCE).map(|_| mailer.work())).await;
}

impl Mailer {
    async fn work(&self) {
        loop {
            while !self.sockets.is_draining() {
                match self.claim().await {
                    Ok(Found::Mail(mail)) => {
                        // There may be more of them.
                        self.due.notify_one();
                        self.deliver(&mail).await;
                    }
                    Ok(Found::Other) => {}
                    Ok(Found::Nothing) => break,
                    Err(why) => {
                        tracing::warn!(%why, "mails cannot be read; trying again");
                        tokio::time::sleep(RETRY).await;
                    }
                }
            }
            let pause = self.settings.poll.mul_f64(0.75 + fastrand::f64() / 2.0);
            if tokio::time::timeout(pause, self.due.notified()).await.is_err()
                && let Ok(rows) = self.database.query(sql::COUNT_MAILS, &[]).await
                && let Some(Ok(waiting)) = rows.first().map(|row| number(row, 0))
            {
                self.metrics.mails_waiting.set(waiting);
            }
        }
    }

    async fn claim(&self) -> Result<Found, Unavailable> {
        let lease = milliseconds(self.settings.lease);
        let rows = self.database.query(sql::MAIL_CLAIM, &[&lease]).await?;
        let Some(row) = rows.first() else { return Ok(Found::Nothing) };
        if let Some(why) = field::<Option<&str>>(row, 9)? {
            let outcome = MailOutcome::parse(why).unwrap_or(MailOutcome::Obsolete);
            self.metrics.mails.of(outcome).add(1);
            let mail = number(row, 0)?;
            tracing::debug!(mail, why, "a mail could not be sent");
            return Ok(Found::Other);
        }
        Ok(Found::Mail(Box::new(read(row)?)))
    }

    async fn deliver(&self, mail: &Claimed) {
        let (outcome, pause) = match self.send(mail).await {
            Ok(()) => (Some(MailOutcome::Sent), Duration::ZERO),
            Err(Failure::Final(why)) => {
                tracing::warn!(mail = mail.id, why, "a mail was refused and is given up");
                (Some(MailOutcome::Refused), Duration::ZERO)
            }
            Err(Failure::ForNow(why)) if mail.attempt < ATTEMPTS => {
                let (id, attempt) = (mail.id, mail.attempt);
                tracing::warn!(mail = id, attempt, why, "a mail could not be sent; trying again");
                (None, self.pause_after(attempt))
            }
            Err(Failure::ForNow(why)) => {
                tracing::warn!(mail = mail.id, why, "a mail could not be sent and is given up");
                (Some(MailOutcome::Refused), Duration::ZERO)
            }
        };
        self.metrics.mails.of(outcome.unwrap_or(MailOutcome::Deferred)).add(1);
        self.note(mail, outcome, pause).await;
    }

    /// Until then nobody else sends it.
    async fn note(&self, mail: &Claimed, outcome: Option<MailOutcome>, pause: Duration) {
        let (id, attempt) = (stored(mail.id), i64::from(mail.attempt));
        let (outcome, pause) = (outcome.map(|it| it.name().to_owned()), milliseconds(pause));
        let end = Instant::now() + self.settings.lease / 2;
        while let Err(why) =
            self.database.query(sql::MAIL_END, &[&id, &attempt, &outcome, &pause]).await
        {
            if Instant::now() >= end {
                tracing::warn!(mail = id, %why, "that a mail was sent could not be recorded: it \
                                                 will be sent again");
                return;
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn send(&self, mail: &Claimed) -> Result<(), Failure> {
        let settings = &self.settings;
        let secret = mail.sealed.as_deref().map(|sealed| {
            let secret = settings.sealer.open(0, sealed).map(|opened| opened.secret);
            secret.and_then(|secret| String::from_utf8(secret).ok()).ok_or_else(|| {
                let why = "its link can be opened neither with the current secret nor with the \
                           previous one";
                Failure::Final(why.to_owned())
            })
        });
        let message = mail.letter.message(settings, secret.transpose()?.as_deref());
        let message = message.map_err(|error| Failure::Final(format!("{error:#}")))?;
        // Long before somebody else may send it.
        let limit = settings.lease / 2;
        match tokio::time::timeout(limit, self.hand_over(message)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::ForNow(format!("no answer within {} s", limit.as_secs_f64()))),
        }
    }

    async fn hand_over(&self, message: Message) -> Result<(), Failure> {
        let sent = self.settings.transport.send(message).await;
        sent.map(drop).map_err(|error| Failure::of(&error))
    }

    /// Twice as long each time, up to the longest.
    fn pause_after(&self, attempt: u32) -> Duration {
        let times = 2_u32.saturating_pow(attempt.saturating_sub(1)).min(LONGEST_PAUSE);
        (self.settings.retry * times).mul_f64(0.75 + fastrand::f64() / 2.0)
    }
}

/// Why a mail was not sent.
enum Failure {
    /// It never will be.
    Final(String),
    /// It may be later.
    ForNow(String),
}

impl Failure {
    /// What the server says of this mail (RFC 5321, section 4.2.3: 550 to 554) is its last word. What it says of us, such as
    /// of our password, an operator can mend.
    fn of(error: &Error) -> Self {
        let code = error.status().map(u16::from);
        let why = describe(error);
        if code.is_some_and(|code| (550..=554).contains(&code)) {
            Self::Final(why)
        } else {
            Self::ForNow(why)
        }
    }
}

fn read(row: &Row) -> Result<Claimed, Unavailable> {
    let unknown = || Unavailable("PostgreSQL returned a mail of an unknown kind".to_owned());
    let attempt: i32 = field(row, 1)?;
    let letter = Letter {
        kind: Kind::parse(field(row, 2)?).ok_or_else(unknown)?,
        language: Language::parse(field(row, 3)?).ok_or_else(unknown)?,
        address: field(row, 4)?,
        id: field(row, 6)?,
        name: field(row, 7)?,
        board: field(row, 8)?,
    };
    let attempt = u32::try_from(attempt).unwrap_or(ATTEMPTS);
    Ok(Claimed { id: number(row, 0)?, attempt, letter, sealed: field(row, 5)? })
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
