//! One method of one path, put together from what it takes, what it answers and what can go wrong.

use crate::description::headers::{self, Named};
use crate::description::parameters;
use crate::description::problems;
use crate::description::schemas::reference;
use serde_json::Value;
use shared::http::problem::ProblemKind;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, Ref, Required, SecurityRequirement};

/// The name of the answer that sends a browser to the page where its user can log in.
pub(crate) const TO_LOGIN: &str = "ToLogin";

/// An operation being put together.
pub(crate) struct Operation {
    method: HttpMethod,
    path: &'static str,
    builder: OperationBuilder,
    problems: Vec<ProblemKind>,
}

/// An operation, and the answers that it shares with others.
pub(crate) struct Finished {
    /// Where it is.
    pub(crate) path: &'static str,
    /// The path with this operation only.
    pub(crate) item: PathItem,
    /// Answers that it refers to, by their names.
    pub(crate) responses: BTreeMap<String, Response>,
}

/// Whether a request of this method changes nothing.
fn is_safe(method: &HttpMethod) -> bool {
    matches!(method, HttpMethod::Get)
}

impl Operation {
    /// An operation of this name (`operationId`) and purpose. The parameters of its path are told
    /// by the path.
    pub(crate) fn new(
        method: HttpMethod,
        path: &'static str,
        tag: &str,
        name: &str,
        summary: &str,
    ) -> Self {
        let builder =
            OperationBuilder::new().tag(tag).operation_id(Some(name)).summary(Some(summary));
        let anywhere = vec![
            ProblemKind::BadRequest,
            ProblemKind::MalformedHeader,
            ProblemKind::PayloadTooLarge,
            ProblemKind::Internal,
            ProblemKind::Timeout,
        ];
        let mut operation = Self { method, path, builder, problems: anywhere };
        if path.starts_with("/api/") {
            // A query parameter that does not exist.
            operation = operation.problem(ProblemKind::Validation);
        }
        for parameter in parameters::of_path(path) {
            operation = operation.parameter(parameter).problem(ProblemKind::NotFound);
        }
        operation
    }

    /// The same with more to say.
    pub(crate) fn about(mut self, description: &str) -> Self {
        self.builder = self.builder.description(Some(description));
        self
    }

    /// The same, only for users who are logged in.
    pub(crate) fn protected(mut self) -> Self {
        for scheme in ["cookie", "bearer"] {
            let none: [&str; 0] = [];
            self.builder = self.builder.security(SecurityRequirement::new(scheme, none));
        }
        let to_login = Ref::from_response_name(TO_LOGIN);
        self.builder = self.builder.response("303", to_login);
        if !is_safe(&self.method) {
            self = self.problem(ProblemKind::ForeignOrigin);
            if self.path.starts_with("/api/boards") {
                self = self.problem(ProblemKind::RateLimited);
            }
        }
        self.problem(ProblemKind::TokenScope).problem(ProblemKind::Unauthorized).stored()
    }

    /// The same, with PostgreSQL or Redis behind it.
    pub(crate) fn stored(self) -> Self {
        self.problem(ProblemKind::Unavailable).problem(ProblemKind::NotConfigured)
    }

    /// The same with a parameter.
    pub(crate) fn parameter(mut self, parameter: Parameter) -> Self {
        self.builder = self.builder.parameter(parameter);
        self
    }

    /// The same with a parameter in the query.
    pub(crate) fn query(self, parameter: Parameter) -> Self {
        self.parameter(parameter).problem(ProblemKind::Validation)
    }

    /// The same with `limit` and `cursor`.
    pub(crate) fn paged(self) -> Self {
        self.query(parameters::limit()).query(parameters::cursor())
    }

    /// The same with `If-None-Match` and 304, which has these headers beside `ETag`.
    pub(crate) fn cached(self, more: &[Named]) -> Self {
        let answered = [&[headers::ETAG], more].concat();
        self.parameter(parameters::if_none_match()).problem(ProblemKind::MalformedHeader).answer(
            304,
            "You have it already.",
            &answered,
        )
    }

    /// The same with `If-Match`.
    pub(crate) fn conditional(self) -> Self {
        self.parameter(parameters::if_match())
            .problem(ProblemKind::MalformedHeader)
            .problem(ProblemKind::PreconditionFailed)
    }

    /// The same with `Idempotency-Key`.
    pub(crate) fn idempotent(self) -> Self {
        self.parameter(parameters::idempotency_key())
            .problem(ProblemKind::MalformedHeader)
            .problem(ProblemKind::IdempotencyKeyReused)
    }

    /// The same with a body in JSON; a PATCH is a merge patch.
    pub(crate) fn body<T: ToSchema>(mut self, example: &Value) -> Self {
        let content =
            || ContentBuilder::new().schema(Some(reference::<T>())).example(Some(example.clone()));
        let mut body = RequestBodyBuilder::new().required(Some(Required::True));
        if matches!(self.method, HttpMethod::Patch) {
            body = body.content("application/merge-patch+json", content().build());
        }
        body = body.content("application/json", content().build());
        self.builder = self.builder.request_body(Some(body.build()));
        self.problem(ProblemKind::MalformedJson)
            .problem(ProblemKind::UnsupportedMediaType)
            .problem(ProblemKind::Validation)
    }

    /// The same with a form as its body.
    pub(crate) fn form<T: ToSchema>(mut self) -> Self {
        let content = ContentBuilder::new().schema(Some(reference::<T>())).build();
        let body = RequestBodyBuilder::new()
            .required(Some(Required::True))
            .content("application/x-www-form-urlencoded", content);
        self.builder = self.builder.request_body(Some(body.build()));
        self
    }

    /// The same with an answer without a body.
    pub(crate) fn answer(mut self, status: u16, description: &str, headers: &[Named]) -> Self {
        let answer = ResponseBuilder::new().description(description);
        self.builder = self.builder.response(status.to_string(), finish(answer, headers));
        self
    }

    /// The same with an answer in JSON.
    pub(crate) fn json<T: ToSchema>(
        mut self,
        status: u16,
        description: &str,
        headers: &[Named],
    ) -> Self {
        let content = ContentBuilder::new().schema(Some(reference::<T>())).build();
        let answer =
            ResponseBuilder::new().description(description).content("application/json", content);
        self.builder = self.builder.response(status.to_string(), finish(answer, headers));
        self
    }

    /// The same with an answer in JSON or in CSV.
    pub(crate) fn json_or_csv<T: ToSchema>(
        mut self,
        status: u16,
        description: &str,
        headers: &[Named],
    ) -> Self {
        let json = ContentBuilder::new().schema(Some(reference::<T>())).build();
        let text = utoipa::openapi::ObjectBuilder::new().schema_type(Type::String);
        let csv = ContentBuilder::new().schema(Some(text)).build();
        let answer = ResponseBuilder::new()
            .description(description)
            .content("application/json", json)
            .content("text/csv", csv);
        self.builder = self.builder.response(status.to_string(), finish(answer, headers));
        self
    }

    /// The same with a body of another kind.
    pub(crate) fn other(mut self, status: u16, description: &str, headers: &[Named]) -> Self {
        let schema = utoipa::openapi::ObjectBuilder::new();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let answer =
            ResponseBuilder::new().description(description).content("application/json", content);
        self.builder = self.builder.response(status.to_string(), finish(answer, headers));
        self
    }

    /// The same with something that can go wrong.
    pub(crate) fn problem(mut self, kind: ProblemKind) -> Self {
        if !self.problems.contains(&kind) {
            self.problems.push(kind);
        }
        self
    }

    /// The end of it.
    pub(crate) fn finish(mut self) -> Finished {
        let mut by_status: BTreeMap<u16, Vec<ProblemKind>> = BTreeMap::new();
        for kind in problems::all().filter(|kind| self.problems.contains(kind)) {
            by_status.entry(kind.status()).or_default().push(kind);
        }
        let mut responses = BTreeMap::new();
        for (status, kinds) in by_status {
            let name = problems::response_name(&kinds);
            let reference = Ref::from_response_name(&name);
            self.builder = self.builder.response(status.to_string(), reference);
            responses.insert(name, problems::response(&kinds));
        }
        let item = PathItem::new(self.method, self.builder.build());
        Finished { path: self.path, item, responses }
    }
}

/// The answer of [`TO_LOGIN`].
pub(crate) fn to_login() -> Response {
    let about = "For a browser that asks for a page (`Accept: text/html`), instead of a 401: to \
                 where its user can log in.";
    finish(ResponseBuilder::new().description(about), &[headers::LOCATION, headers::SET_COOKIE])
}

fn finish(answer: ResponseBuilder, headers: &[Named]) -> Response {
    let every = [headers::REQUEST_ID, headers::SERVER_TIMING, headers::CACHE_CONTROL];
    problems::with_headers(problems::with_headers(answer, &every), headers).build()
}
