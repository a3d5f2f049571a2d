//! Problem documents: one closed schema for each type that `shared` knows, and the responses that
//! carry them.

use crate::description::headers::{self, Named};
use crate::description::schemas::reference;
use crate::description::schemas::scalar::{
    BoardId, BoardName, ColumnKey, Epoch, Role, Seq, Version, WipLimit,
};
use serde_json::json;
use shared::problem::{LOGIN, ProblemKind};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, ObjectBuilder, Ref, RefOr, Schema};

/// What went wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Problem {
    /// Told by a function.
    Of(ProblemKind),
    /// Told by the host: the request cannot be read.
    BadRequest,
    /// Told by the host: the function took too long.
    Timeout,
}

impl Problem {
    /// Every type.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let ours = ProblemKind::ALL.iter().copied().map(Self::Of);
        ours.chain([Self::BadRequest, Self::Timeout])
    }

    /// The HTTP status.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Of(kind) => kind.status(),
            Self::BadRequest => 400,
            Self::Timeout => 504,
        }
    }

    fn reference(self) -> &'static str {
        match self {
            Self::Of(kind) => kind.reference(),
            Self::BadRequest => "/problems/bad-request",
            Self::Timeout => "/problems/timeout",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Of(kind) => kind.title(),
            Self::BadRequest => "Bad request",
            Self::Timeout => "Timed out",
        }
    }

    /// Its reference's last part, as a name: `MalformedJson`.
    fn name(self) -> String {
        let slug = self.reference().rsplit('/').next().unwrap_or_default();
        let capital = |word: &str| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        };
        slug.split('-').map(capital).collect()
    }

    fn schema(self) -> ObjectBuilder {
        let common = ObjectBuilder::new()
            .description(Some(format!("A problem document (RFC 9457): {}.", self.title())))
            .property(
                "type",
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some([self.reference()])),
            )
            .property("title", text("The type's short name.").examples([self.title()]))
            .property(
                "status",
                ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([self.status()])),
            )
            .property("detail", text("What went wrong this time, for people."))
            .property("request_id", text("Finds this request in the server's log."))
            .required("type")
            .required("title")
            .required("status")
            .required("detail")
            .required("request_id");
        let Self::Of(kind) = self else { return common };
        own_members(kind).into_iter().fold(common, |schema, (name, presence, member)| {
            let schema = schema.property(name, member);
            if presence == Presence::Always { schema.required(name) } else { schema }
        })
    }
}

#[derive(Eq, PartialEq)]
enum Presence {
    Always,
    Sometimes,
}

/// The members that only problems of this kind have.
fn own_members(kind: ProblemKind) -> Vec<(&'static str, Presence, RefOr<Schema>)> {
    use Presence::{Always, Sometimes};
    use ProblemKind as Kind;
    match kind {
        Kind::Validation => vec![("errors", Always, field_errors().into())],
        Kind::PreconditionFailed => vec![("current_version", Always, reference::<Version>())],
        Kind::Unauthorized => {
            let login = text("Where a person logs in.").enum_values(Some([LOGIN]));
            vec![("login", Sometimes, login.into())]
        }
        Kind::Forbidden => {
            let needed = ["editor", "owner", "author"];
            let needed = text("The role that may.").enum_values(Some(needed));
            vec![("role", Always, reference::<Role>()), ("needed", Always, needed.into())]
        }
        Kind::WipLimit => vec![
            ("column", Always, reference::<ColumnKey>()),
            ("wip_limit", Always, reference::<WipLimit>()),
        ],
        Kind::ColumnInUse => vec![("columns", Always, columns_in_use().into())],
        Kind::UndoConflict => vec![
            ("events", Always, ArrayBuilder::new().items(reference::<Seq>()).into()),
            ("fields", Always, ArrayBuilder::new().items(text("A field's name.")).into()),
        ],
        Kind::LimitReached => {
            let limits = ["boards", "tasks", "board-text", "store", "invitations"];
            let limit = text("Which limit.").enum_values(Some(limits));
            vec![("limit", Always, limit.into())]
        }
        Kind::BoardsOwned => vec![("boards", Always, boards_owned().into())],
        Kind::RegistrationClosed => {
            let who = text("Who may register.").enum_values(Some(["invite", "closed"]));
            vec![("registration", Always, who.into())]
        }
        Kind::EventsGone => {
            vec![("seq", Always, reference::<Seq>()), ("epoch", Always, reference::<Epoch>())]
        }
        Kind::TooManyAttempts | Kind::RateLimited => {
            let seconds = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .description(Some("In how many seconds the next one is possible."));
            vec![("retry_after", Always, seconds.into())]
        }
        Kind::MalformedJson
        | Kind::MalformedHeader
        | Kind::LogoutTokenInvalid
        | Kind::InvalidCredentials
        | Kind::InvalidCode
        | Kind::LoginExpired
        | Kind::ForeignOrigin
        | Kind::ReauthenticationRequired
        | Kind::NotFound
        | Kind::LinkInvalid
        | Kind::MethodNotAllowed
        | Kind::UsernameTaken
        | Kind::LastOwner
        | Kind::LastAdmin
        | Kind::SecondFactorState
        | Kind::LastWayIn
        | Kind::PayloadTooLarge
        | Kind::UnsupportedMediaType
        | Kind::IdempotencyKeyReused
        | Kind::Internal
        | Kind::Unavailable
        | Kind::NotConfigured => Vec::new(),
    }
}

fn text(about: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(about))
}

/// Every faulty field.
fn field_errors() -> ArrayBuilder {
    let pointer = "A JSON Pointer (RFC 6901) into the body, or `?name` for a query parameter.";
    let error = ObjectBuilder::new()
        .property("pointer", text(pointer).examples([json!("/title")]))
        .required("pointer")
        .property("detail", text("What is wrong there.").examples([json!("is required")]))
        .required("detail");
    ArrayBuilder::new().items(error).min_items(Some(1))
}

fn boards_owned() -> ArrayBuilder {
    let count = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(2));
    let board = ObjectBuilder::new()
        .property("id", reference::<BoardId>())
        .required("id")
        .property("name", reference::<BoardName>())
        .required("name")
        .property("members", count)
        .required("members");
    ArrayBuilder::new().items(board).min_items(Some(1)).max_items(Some(100))
}

fn columns_in_use() -> ArrayBuilder {
    let count = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let column = ObjectBuilder::new()
        .property("key", reference::<ColumnKey>())
        .required("key")
        .property("tasks", count)
        .required("tasks");
    ArrayBuilder::new().items(column).min_items(Some(1))
}

/// Adds the schema of every type, and the answers that belong to no operation: 404 for a path that
/// is not documented, 405 for a method that is not.
pub(crate) fn register(components: ComponentsBuilder) -> ComponentsBuilder {
    let components = Problem::all().fold(components, |components, problem| {
        components.schema(format!("{}Problem", problem.name()), problem.schema())
    });
    let beside = [ProblemKind::NotFound, ProblemKind::MethodNotAllowed].map(Problem::Of);
    beside.into_iter().fold(components, |components, problem| {
        components.response(response_name(&[problem]), response(&[problem]))
    })
}

/// The name of the answer that carries one of these problems of one status.
pub(crate) fn response_name(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.name()).collect::<Vec<_>>().join("Or")
}

/// The answer itself.
pub(crate) fn response(problems: &[Problem]) -> Response {
    let mut references: Vec<RefOr<Schema>> = problems
        .iter()
        .map(|problem| Ref::from_schema_name(format!("{}Problem", problem.name())).into())
        .collect();
    let titles: Vec<&str> = problems.iter().map(|problem| problem.title()).collect();
    let schema = if references.len() == 1 {
        references.remove(0)
    } else {
        let choice = references.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item);
        choice.into()
    };
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let answer = ResponseBuilder::new()
        .description(format!("{}.", titles.join(", or: ")))
        .content("application/problem+json", content);
    with_headers(answer, &headers_of(problems)).build()
}

fn headers_of(problems: &[Problem]) -> Vec<Named> {
    use ProblemKind as Kind;
    let mut named = vec![headers::REQUEST_ID, headers::SERVER_TIMING, headers::CACHE_CONTROL];
    let all = |kinds: &[Kind]| {
        problems.iter().all(|problem| matches!(problem, Problem::Of(kind) if kinds.contains(kind)))
    };
    let later = [Kind::Unavailable, Kind::NotConfigured, Kind::TooManyAttempts, Kind::RateLimited];
    if all(&later) {
        named.push(headers::RETRY_AFTER);
    }
    if all(&[Kind::Unauthorized, Kind::InvalidCredentials, Kind::InvalidCode, Kind::LoginExpired]) {
        named.push(headers::WWW_AUTHENTICATE);
    }
    if all(&[Kind::Unauthorized]) {
        named.push(headers::SET_COOKIE);
    }
    if all(&[Kind::MethodNotAllowed]) {
        named.push(headers::ALLOW);
    }
    named
}

/// An answer with these headers.
pub(crate) fn with_headers(answer: ResponseBuilder, named: &[Named]) -> ResponseBuilder {
    named.iter().fold(answer, |answer, header| {
        answer.header_ref(header.name, Ref::new(format!("#/components/headers/{}", header.name)))
    })
}
