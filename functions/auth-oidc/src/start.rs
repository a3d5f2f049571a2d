//! The way to a provider, to log in there.

use crate::page;
use platform::{Answer, Call, Failure, StatusCode, header, oidc};
use shared::auth::flow;
use shared::validation::Invalid;

/// 303 to the provider. `?return=`: the page to go on with; `?again=true`: the provider shall ask who it is, even
/// where it knows.
pub(super) async fn log_in(call: &Call) -> Result<Answer, Failure> {
    let return_to = call.query_text("return", 512)?.unwrap_or_else(|| "/".to_owned());
    if !flow::is_page(&return_to) {
        return Err(Invalid::query("return", "must be the path of a page of this app").into());
    }
    let again = call.query_switch("again")?;
    match oidc::begin(call, return_to, None, again).await {
        Ok((location, cookie)) => Ok(Answer::empty(StatusCode::SEE_OTHER)
            .with(header::LOCATION, &location)
            .with(header::SET_COOKIE, &cookie)
            .with(header::CACHE_CONTROL, "no-store")),
        Err(failure) => Ok(page::failed(call, &failure, page::LOGIN)),
    }
}
