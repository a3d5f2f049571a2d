//! One request from the host to the host: what every endpoint does the same way.

use crate::outgoing::respond;
use crate::{
    AllowedOrigins, Answer, Call, Failure, MAX_BODY_BYTES, Request, Response, host, token_checker,
    variables,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use shared::http::problem::{LOGIN, ProblemKind};

/// Answers a request by `handler`, if its method is one of `methods`. Does for every endpoint what
/// docs/contract/api.md asks of all: request id, no forged header, body limit, no unknown query
/// parameter, 405 with `Allow`, HEAD, OPTIONS and preflights, CORS, problem documents,
/// `Server-Timing`.
pub async fn serve(
    request: Request,
    methods: &[Method],
    handler: impl AsyncFnOnce(&Call) -> Result<Answer, Failure>,
) -> Response {
    Endpoint::of(methods).serve(request, handler).await
}

/// What an endpoint takes.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    methods: &'a [Method],
    query: &'a [&'a str],
    any_query: bool,
    most: usize,
    admins: bool,
}

impl<'a> Endpoint<'a> {
    /// One with these methods (GET includes HEAD), no query parameters and bodies up to
    /// [`MAX_BODY_BYTES`].
    #[must_use]
    pub fn of(methods: &'a [Method]) -> Self {
        Self { methods, query: &[], any_query: false, most: MAX_BODY_BYTES, admins: false }
    }

    /// The same with these query parameters: of GET, or of its only method.
    #[must_use]
    pub fn with_query(self, query: &'a [&'a str]) -> Self {
        Self { query, ..self }
    }

    /// The same with whatever query another server makes a browser send.
    #[must_use]
    pub fn with_any_query(self) -> Self {
        Self { any_query: true, ..self }
    }

    /// The same with bodies up to this many bytes.
    #[must_use]
    pub fn up_to(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// The same for admins: nobody else learns even what is wrong with their request.
    #[must_use]
    pub fn for_admins(self) -> Self {
        Self { admins: true, ..self }
    }

    /// As [`serve`].
    pub async fn serve(
        self,
        request: Request,
        handler: impl AsyncFnOnce(&Call) -> Result<Answer, Failure>,
    ) -> Response {
        let (head, body) = request.read(self.most).await;
        let method = head.method.clone();
        let (body, unread) = match body {
            Ok(body) => (body, None),
            Err(failure) => (Bytes::new(), Some(failure)),
        };
        let call = Call::new(head, body, host::random_id);
        let allow = || allow(self.methods);

        let outcome = if let Err(failure) = call.check_host_headers() {
            Err(failure)
        } else if method == Method::OPTIONS {
            Ok(Answer::empty(StatusCode::NO_CONTENT).with_allow(&allow()))
        } else if !self.methods.contains(&call.method()) {
            let allow = allow();
            let allowed = allow.to_str().unwrap_or_default();
            let detail = format!("{method} is not allowed here, only {allowed}.");
            Err(Failure::refused(ProblemKind::MethodNotAllowed, detail))
        } else if let Some(failure) = unread {
            Err(failure)
        } else if let (false, Err(failure)) =
            (self.any_query, call.check_query(self.query_of(&call.method())))
        {
            Err(failure)
        } else {
            handler(&call).await
        };

        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(failure) => {
                let failure = self.visible_failure(&call, failure).await;
                let answer = problem(&call, &failure);
                match failure.problem().kind {
                    ProblemKind::MethodNotAllowed => answer.with_allow(&allow()),
                    ProblemKind::Unauthorized => {
                        token_checker::log_out(to_login(&call, answer)).await
                    }
                    _ => answer,
                }
            }
        };
        if let Some(origin) = call.header_values(&header::ORIGIN).next() {
            let origins = variables::get("cors_origins").await.unwrap_or_default();
            AllowedOrigins::new(&origins).mark(origin, &mut answer.headers);
            if method == Method::OPTIONS {
                AllowedOrigins::mark_preflight(&allow(), &mut answer.headers);
            }
        }
        finish(&call, answer, method == Method::HEAD)
    }

    /// The failure that the caller may see.
    async fn visible_failure(&self, call: &Call, failure: Failure) -> Failure {
        use ProblemKind::{ForeignOrigin, NotConfigured, Unauthorized};
        let refused = matches!(&failure, Failure::Refused(problem) if !matches!(
            problem.kind, ForeignOrigin | NotConfigured | Unauthorized
        ));
        if !self.admins || !refused {
            return failure;
        }
        token_checker::check_admin(call).await.err().unwrap_or(failure)
    }

    /// The names of the query parameters that a request of this method takes.
    fn query_of(&self, method: &Method) -> &'a [&'a str] {
        if method == Method::GET || self.methods.len() == 1 { self.query } else { &[] }
    }
}

/// The `Allow` header of a resource with these methods.
fn allow(methods: &[Method]) -> HeaderValue {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if methods.contains(&Method::GET) {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
}

impl Answer {
    fn with_allow(mut self, allow: &HeaderValue) -> Self {
        self.headers.insert(header::ALLOW, allow.clone());
        self
    }
}

/// The problem document of a failure; the cause of a fault goes to the log.
fn problem(call: &Call, failure: &Failure) -> Answer {
    if let Failure::Fault { problem, cause } = failure {
        let (status, id) = (problem.kind.status(), call.request_id());
        eprintln!("{status} on {}: {cause} (request_id {id})", call.path());
    }
    let kind = failure.problem().kind;
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = failure.problem().to_json(call.request_id());
    let answer = Answer::of(status, "application/problem+json", json);
    match kind {
        ProblemKind::Unavailable => answer.with(header::RETRY_AFTER, "1"),
        ProblemKind::NotConfigured => answer.with(header::RETRY_AFTER, "60"),
        ProblemKind::TooManyAttempts | ProblemKind::RateLimited => {
            let seconds = failure.problem().members.get("retry_after");
            answer.with(header::RETRY_AFTER, &seconds.map(Value::to_string).unwrap_or_default())
        }
        // RFC 9110, section 15.5.2: every 401 says by what to authenticate.
        ProblemKind::Unauthorized
        | ProblemKind::InvalidCredentials
        | ProblemKind::InvalidCode
        | ProblemKind::LoginExpired
        | ProblemKind::PasskeyInvalid => answer.with(header::WWW_AUTHENTICATE, "Bearer"),
        _ => answer,
    }
}

/// A browser that asks for a page is sent to where its user can log in; everybody else gets the
/// problem as it is.
fn to_login(call: &Call, answer: Answer) -> Answer {
    if call.is_navigation() {
        Answer::empty(StatusCode::SEE_OTHER).with(header::LOCATION, LOGIN)
    } else {
        answer
    }
}

/// The response, with what every one carries.
fn finish(call: &Call, answer: Answer, head_only: bool) -> Response {
    let answer = answer.with(HeaderName::from_static("x-request-id"), call.request_id());
    let answer = match call.server_timing() {
        Some(timing) => answer.with(HeaderName::from_static("server-timing"), &timing),
        None => answer,
    };
    let Answer { status, mut headers, body } = answer;
    if status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    respond(Answer { status, headers, body }, head_only)
}
