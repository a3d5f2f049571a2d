//! Telling the relay of a new quick-win event.

use crate::{Failure, host, variables};
use bytes::Bytes;
use http::{Request, StatusCode, header};
use spin_sdk::http::FullBody;
use std::time::Duration;

/// How long the relay may take, from the first attempt to connect to its answer: a write does not
/// wait longer for its delivery, which the relay makes up for by itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// Posts an event (as JSON) of the board of this epoch. Says whether the relay has taken it; where
/// it has not, it finds the event by itself within a second of being back.
pub(crate) async fn publish(request_id: &str, epoch: &str, event: &str) -> bool {
    let answered = host::within(PATIENCE, post(request_id, epoch, event)).await;
    match answered.unwrap_or_else(|| Err(format!("no answer within {PATIENCE:?}"))) {
        Ok(StatusCode::NO_CONTENT) => true,
        Ok(status) => {
            eprintln!("relay: answered {status} to an event (request_id {request_id})");
            false
        }
        Err(cause) => {
            eprintln!("relay: {cause} (request_id {request_id})");
            false
        }
    }
}

async fn post(request_id: &str, epoch: &str, event: &str) -> Result<StatusCode, String> {
    let variable = async |name| match variables::get(name).await {
        Ok(value) => Ok(value),
        Err(Failure::Fault { cause, .. }) => Err(cause),
        Err(Failure::Refused(problem)) => Err(problem.detail),
    };
    let (url, secret) = (variable("relay_url").await?, variable("relay_secret").await?);
    let epoch = serde_json::Value::from(epoch);
    let request = Request::post(format!("{url}/internal/quick-win/events"))
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-request-id", request_id)
        .body(FullBody::new(Bytes::from(format!("{{\"epoch\":{epoch},\"event\":{event}}}"))))
        .map_err(|error| format!("the request cannot be made: {error}"))?;
    let response = spin_sdk::http::send(request).await.map_err(|error| error.to_string())?;
    Ok(response.status())
}
