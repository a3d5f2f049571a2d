//! A write: one statement that decides, writes and returns the event, then its publication.

use crate::postgres::{self, Parameter};
use crate::token_checker::{self, WriteLimit};
use crate::{Answer, Call, Failure, StatusCode, publishing, variables};
use serde::Deserialize;
use shared::auth::Claims;
use shared::models::Seq;
use shared::preconditions::{Condition, EntityTag};

/// What a write did.
#[derive(Debug)]
pub struct Change {
    /// What the caller gets, as JSON.
    pub entity: String,
    /// The event; `None` if everything was already so.
    pub event: Option<String>,
    /// Whether this is the remembered answer to an earlier request.
    pub replayed: bool,
    /// Whether it was delivered. If not, the relay finds the event itself.
    pub delivered: bool,
}

#[derive(Deserialize)]
struct Numbered {
    seq: Seq,
}

/// What the entity tag of an entity is made of: a member has no version, only a board has an epoch.
#[derive(Deserialize)]
struct Versioned {
    version: Option<u64>,
    seq: Option<Seq>,
    epoch: Option<String>,
}

/// Runs one of the writes of `migrations/`: `rest` are its parameters after `who`.
///
/// # Errors
/// What the statement refuses; 503 if PostgreSQL is unavailable. Nothing has changed then.
pub async fn change(
    call: &Call,
    claims: &Claims,
    statement: &'static str,
    rest: impl IntoIterator<Item = Parameter>,
) -> Result<Change, Failure> {
    let mut change = unpublished(call, claims, statement, rest).await?;
    if let Some(event) = &change.event {
        change.delivered = publishing::publish(call, event).await;
    }
    Ok(change)
}

/// The same, leaving it to the caller to publish the event.
///
/// # Errors
/// As [`change`].
pub async fn unpublished(
    call: &Call,
    claims: &Claims,
    statement: &'static str,
    rest: impl IntoIterator<Item = Parameter>,
) -> Result<Change, Failure> {
    follow(call).await;
    let mut parameters = vec![token_checker::who(claims, write_limit().await?, call.trace())];
    parameters.extend(rest);
    let row = postgres::query_one(call, statement, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("a write without an answer"))?;
    Ok(Change {
        event: row.optional_text(0)?.map(str::to_owned),
        entity: row.text(1)?.to_owned(),
        replayed: row.truth(2)?,
        delivered: true,
    })
}

/// Follows the write from here to its receipt, where its sender and the operator want that
/// (docs/contract/api.md, API-TRACE). Costs nothing where the sender does not.
async fn follow(call: &Call) {
    if let Some(trace) = call.traceparent()
        && variables::get("trace_ratio").await.is_ok_and(|ratio| ratio != "0")
    {
        call.follow(trace);
    }
}

/// How much a user may write (docs/variables.md).
async fn write_limit() -> Result<WriteLimit, Failure> {
    Ok(WriteLimit {
        burst: variables::number("write_burst").await?,
        per_second: variables::number("writes_per_second").await?,
    })
}

impl Change {
    /// The entity, with its entity tag where it has one, and the headers about the event.
    ///
    /// # Errors
    /// 500 if the database gave something else.
    pub fn shown(&self, status: StatusCode) -> Result<Answer, Failure> {
        let entity: Versioned = serde_json::from_str(&self.entity).map_err(Failure::internal)?;
        let tag = match (entity.version, entity.seq, entity.epoch) {
            (Some(version), Some(seq), Some(epoch)) => {
                Some(EntityTag::of_board_parts(version, seq, &epoch))
            }
            (Some(version), _, _) => Some(EntityTag::of_version(version)),
            _ => None,
        };
        let answer = Answer::json(status, self.entity.clone());
        self.showing(tag.iter().fold(answer, Answer::tagged))
    }

    /// 204.
    ///
    /// # Errors
    /// 500 if the database gave something else.
    pub fn without_content(&self) -> Result<Answer, Failure> {
        self.showing(Answer::empty(StatusCode::NO_CONTENT))
    }

    /// Another answer, with the headers about the event.
    ///
    /// # Errors
    /// 500 if the database gave something else.
    pub fn showing(&self, answer: Answer) -> Result<Answer, Failure> {
        let answer = match &self.event {
            Some(event) => {
                let event: Numbered = serde_json::from_str(event).map_err(Failure::internal)?;
                answer.after_event(event.seq, self.delivered)
            }
            None => answer,
        };
        Ok(answer.replayed(self.replayed))
    }
}

/// Key and fingerprint of a POST, the last two parameters of its statement.
///
/// # Errors
/// 400 for a malformed key.
pub fn idempotency(call: &Call) -> Result<[Parameter; 2], Failure> {
    let (key, fingerprint) =
        call.keyed_request()?.map(|request| (request.key, request.fingerprint)).unzip();
    Ok([key, fingerprint].map(|text| postgres::optional_text(text.as_deref())))
}

/// The versions that an `If-Match` names, as a parameter.
///
/// # Errors
/// 400 for a malformed header.
pub fn expected(call: &Call) -> Result<Parameter, Failure> {
    let versions = call.if_match()?.as_ref().and_then(Condition::versions);
    Ok(versions.map_or(Parameter::DbNull, |versions| {
        let versions = versions.into_iter().filter_map(|version| i64::try_from(version).ok());
        Parameter::ArrayInt64(versions.map(Some).collect())
    }))
}
