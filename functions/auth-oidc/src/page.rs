//! The pages of the app that a log-in by a provider ends at.

use platform::{Answer, Call, Failure, StatusCode, header};
use shared::http::problem::ProblemKind;

/// Where somebody goes who could not log in.
pub(super) const LOGIN: &str = "/login";

/// 303 to this page, with a word that it says in the user's language.
pub(super) fn to_page(page: &str, word: &str) -> Answer {
    Answer::empty(StatusCode::SEE_OTHER)
        .with(header::LOCATION, &format!("{page}?error={word}"))
        .with(header::CACHE_CONTROL, "no-store")
}

/// 303 to the page that shows a failure; the cause is logged.
pub(super) fn failed(call: &Call, failure: &Failure, page: &str) -> Answer {
    failure.log(call.request_id());
    let word = match failure.problem().kind {
        ProblemKind::NotFound => "unknown-provider",
        ProblemKind::TooManyAttempts => "too-many-attempts",
        // The token with which the linking began.
        ProblemKind::Unauthorized => "expired",
        _ => "unavailable",
    };
    to_page(page, word)
}
