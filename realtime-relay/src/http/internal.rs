//! Where the functions post a quick-win board's events after each change.

use super::Relay;
use super::answer::{Answer, empty};
use super::problem::{Kind, Problem};
use crate::event;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The longest body: an event holds a task and what changed of it.
const BODY_LIMIT: usize = 2 << 20;
/// How long a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(10);

/// `{"epoch": the board's history, "event": the event of docs/contract/api.md}`
#[derive(Deserialize)]
struct Posted<'body> {
    #[serde(borrow)]
    epoch: Cow<'body, str>,
    #[serde(borrow)]
    event: &'body RawValue,
}

/// Takes an event in: 204 also when it came late, twice or too early; the hub sorts it out.
pub(super) async fn take_event(
    relay: &Relay,
    request: Request<Incoming>,
) -> Result<Answer, Problem> {
    authorise(relay, &request)?;
    let body = read(request).await?;
    let arrival = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let arrival = u64::try_from(arrival.as_millis()).unwrap_or_default();
    let malformed = |why: String| {
        Problem::new(
            Kind::MalformedJson,
            &format!(r#"the body must be {{"epoch": string, "event": object}}: {why}"#),
        )
    };
    let posted: Posted<'_> =
        serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
    let (board, mut event) =
        event::encode(posted.event).map_err(|error| malformed(format!("event: {error}")))?;
    let seq = event.seq;
    event.published = Some(arrival);
    let offered = relay.shared.hub.offer(board, &posted.epoch, event);
    relay.shared.metrics.posted(offered);
    tracing::debug!(%board, seq, ?offered, "event posted");
    Ok(empty(StatusCode::NO_CONTENT))
}

fn authorise(relay: &Relay, request: &Request<Incoming>) -> Result<(), Problem> {
    let given = request.headers().get(header::AUTHORIZATION).map_or(&b""[..], |it| it.as_bytes());
    let is_bearer = given.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "));
    let token = if is_bearer { given.get(7..).unwrap_or_default() } else { b"" };
    if relay.settings.secret.is(token) {
        return Ok(());
    }
    let detail = "this needs `Authorization: Bearer` with the relay's secret";
    Err(Problem::new(Kind::Unauthorized, detail).with(header::WWW_AUTHENTICATE, "Bearer"))
}

async fn read(request: Request<Incoming>) -> Result<Bytes, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let essence = content_type.and_then(|value| value.to_str().ok()?.split(';').next());
    if !essence.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        let detail = "send the event as `Content-Type: application/json`";
        return Err(Problem::new(Kind::UnsupportedMediaType, detail));
    }
    let too_large = || {
        let detail = format!("an event may have at most {BODY_LIMIT} bytes");
        Problem::new(Kind::PayloadTooLarge, &detail)
    };
    let body = request.into_body();
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(too_large());
    }
    let body = tokio::time::timeout(BODY_TIME, Limited::new(body, BODY_LIMIT).collect())
        .await
        .map_err(|_| Problem::new(Kind::RequestTimeout, "the body did not come in time"))?;
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::new(Kind::MalformedJson, "the body ended early")),
    }
}
