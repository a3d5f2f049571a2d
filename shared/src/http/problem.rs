//! Problem documents (RFC 9457): the one form of every error answer.

use crate::validation::{FieldError, Invalid};
use serde::Serialize;
use serde_json::{Map, Value};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $status:literal, $slug:literal, $title:literal;)*) => {
        /// What went wrong, each with its own page section in `docs/problems.md`.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind,)*
        }

        impl ProblemKind {
            /// Every kind, for documents and tests that must leave none out.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The HTTP status.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status,)* }
            }

            /// The stable reference that clients compare.
            #[must_use]
            pub fn reference(self) -> &'static str {
                match self { $(Self::$kind => concat!("/problems/", $slug),)* }
            }

            /// The short name, the same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* }
            }
        }
    };
}

kinds! {
    /// The body is not JSON.
    MalformedJson = 400, "malformed-json", "Malformed JSON";
    /// A header does not follow its grammar.
    MalformedHeader = 400, "malformed-header", "Malformed header";
    /// A provider's logout token is not valid.
    LogoutTokenInvalid = 400, "logout-token-invalid", "Logout token not valid";
    /// A host cannot read the request.
    BadRequest = 400, "bad-request", "Bad request";
    /// No token, or none that is good.
    Unauthorized = 401, "unauthorized", "Unauthorized";
    /// Name and password do not belong together.
    InvalidCredentials = 401, "invalid-credentials", "Wrong name or password";
    /// A code that does not count.
    InvalidCode = 401, "invalid-code", "Wrong code";
    /// The first step of a log-in is over: it took too long, or led to one already.
    LoginExpired = 401, "login-expired", "Log-in expired";
    /// A passkey that does not count.
    PasskeyInvalid = 401, "passkey-invalid", "Passkey not valid";
    /// A page of another origin made a browser send it, with its user's cookie.
    ForeignOrigin = 403, "foreign-origin", "Foreign origin";
    /// A member of the board, but without the right.
    Forbidden = 403, "forbidden", "Forbidden";
    /// The API token is not for this.
    TokenScope = 403, "token-scope", "Beyond the token's scope";
    /// An account needs an invitation here.
    RegistrationClosed = 403, "registration-closed", "Registration closed";
    /// A user without a password has to log in through their provider again first.
    ReauthenticationRequired = 403, "reauthentication-required", "Log in again first";
    /// Nothing is there, or nothing that the caller may know of.
    NotFound = 404, "not-found", "Not found";
    /// A link that lets somebody in was used, has expired, was revoked, or never existed.
    LinkInvalid = 404, "link-invalid", "Link not valid";
    /// The resource is there but does not take this method.
    MethodNotAllowed = 405, "method-not-allowed", "Method not allowed";
    /// The body did not come in time.
    RequestTimeout = 408, "request-timeout", "Request timeout";
    /// Somebody has this name already.
    UsernameTaken = 409, "username-taken", "Name taken";
    /// An e-mail address is another account's already.
    EmailTaken = 409, "email-taken", "Address taken";
    /// No mails are sent by this server.
    NoMail = 409, "no-mail", "No mails";
    /// A limit is reached, most of them of the quick-win mode.
    LimitReached = 409, "limit-reached", "Limit reached";
    /// The column is full.
    WipLimit = 409, "wip-limit", "Column full";
    /// A column that has tasks cannot go.
    ColumnInUse = 409, "column-in-use", "Column in use";
    /// A board keeps an owner.
    LastOwner = 409, "last-owner", "Last owner";
    /// Boards that others are on have no other owner than the user who deletes their account.
    BoardsOwned = 409, "boards-owned", "Boards without another owner";
    /// The servers keep an admin.
    LastAdmin = 409, "last-admin", "Last admin";
    /// The second factor is on already, or off.
    SecondFactorState = 409, "second-factor-state", "Second factor on or off already";
    /// An account keeps a way to log in.
    LastWayIn = 409, "last-way-in", "Last way in";
    /// What should be undone was changed again since.
    UndoConflict = 409, "undo-conflict", "Undo conflict";
    /// A line of a description is not there any more.
    LineGone = 409, "line-gone", "Line gone";
    /// The events asked for are too old to be kept.
    EventsGone = 410, "events-gone", "Events gone";
    /// `If-Match` named another version.
    PreconditionFailed = 412, "precondition-failed", "Precondition failed";
    /// The body is over the limit.
    PayloadTooLarge = 413, "payload-too-large", "Payload too large";
    /// The body is not sent as JSON.
    UnsupportedMediaType = 415, "unsupported-media-type", "Unsupported media type";
    /// The request is for a host that this is not.
    MisdirectedRequest = 421, "misdirected-request", "Misdirected request";
    /// The request was understood, but fields of it are not acceptable.
    Validation = 422, "validation", "Validation failed";
    /// The idempotency key belongs to another request.
    IdempotencyKeyReused = 422, "idempotency-key-reused", "Idempotency key reused";
    /// An ordinary request where a WebSocket handshake is needed.
    UpgradeRequired = 426, "upgrade-required", "Upgrade required";
    /// Too many failed attempts to log in, or too many registrations.
    TooManyAttempts = 429, "too-many-attempts", "Too many attempts";
    /// A user changes more than the limit on writes lets through.
    RateLimited = 429, "rate-limited", "Rate limited";
    /// A user or an address has as many sockets and streams as it may.
    TooManyConnections = 429, "too-many-connections", "Too many connections";
    /// A fault of ours; its cause is in the log under the request's id.
    Internal = 500, "internal", "Internal error";
    /// Something that is needed is unavailable for now.
    Unavailable = 503, "unavailable", "Service unavailable";
    /// State-of-the-art mode is not set up here.
    NotConfigured = 503, "not-configured", "Not configured";
    /// A host has ended a function that took too long.
    Timeout = 504, "timeout", "Timed out";
}

/// Where somebody who is not logged in goes.
pub const LOGIN: &str = "/login";

/// A problem, ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What went wrong.
    pub kind: ProblemKind,
    /// What went wrong this time, in a sentence for the person who reads it. Never a secret, a
    /// host name or a cause inside the server.
    pub detail: String,
    /// Faulty fields, where there are any.
    pub errors: Vec<FieldError>,
    /// Members of this kind's own (RFC 9457, section 3.2).
    pub members: Map<String, Value>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), members: Map::new() }
    }

    /// A limit of the quick-win mode is reached; `limit` says which: `boards`, `tasks`, `board-text` or
    /// `store`.
    #[must_use]
    pub fn of_limit(limit: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::LimitReached, detail).with("limit", limit)
    }

    /// The same with a member of its own.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The document (`application/problem+json`) for the request of this id.
    #[must_use]
    pub fn to_json(&self, request_id: &str) -> String {
        let document = Document {
            r#type: self.kind.reference(),
            title: self.kind.title(),
            status: self.kind.status(),
            detail: &self.detail,
            request_id,
            errors: &self.errors,
            members: &self.members,
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl From<Invalid> for Problem {
    fn from(Invalid(errors): Invalid) -> Self {
        let detail = match errors.len() {
            1 => "One field is not acceptable.".to_owned(),
            count => format!("{count} fields are not acceptable."),
        };
        Self { errors, ..Self::new(ProblemKind::Validation, detail) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn api_problem_has_every_member_of_the_contract() {
        let problem = Problem::from(Invalid(vec![FieldError {
            pointer: "/title".to_owned(),
            detail: "is required".to_owned(),
        }]));
        let document: Value = serde_json::from_str(&problem.to_json("r-1")).expect("JSON");
        assert_eq!(
            document,
            json!({
                "type": "/problems/validation",
                "title": "Validation failed",
                "status": 422,
                "detail": "One field is not acceptable.",
                "request_id": "r-1",
                "errors": [{"pointer": "/title", "detail": "is required"}],
            })
        );
    }

    #[test]
    fn api_problem_types_are_all_documented() {
        let page = include_str!("../../../docs/problems.md");
        for kind in ProblemKind::ALL {
            let heading = format!("## `{}`", kind.reference());
            assert!(page.contains(&heading), "docs/problems.md lacks {heading}");
            let status = format!("**{}**", kind.status());
            assert!(page.contains(&status), "docs/problems.md lacks {status}");
        }
    }
}
