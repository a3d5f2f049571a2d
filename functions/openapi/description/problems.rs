//! Problem documents: one closed schema for each type that `shared` knows, and the responses that
//! carry them.

use crate::description::headers::{self, Named};
use crate::description::schemas::reference;
use crate::description::schemas::scalar::{
    BoardId, BoardName, ColumnKey, Epoch, Role, Seq, Version, WipLimit,
};
use serde_json::json;
use shared::http::problem::{LOGIN, ProblemKind};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, ObjectBuilder, Ref, RefOr, Schema};

/// Every kind that a request of the API can meet: all but those of handshakes, of a wrong host, and of
/// bodies that do not come.
pub(crate) fn all() -> impl Iterator<Item = ProblemKind> {
    let elsewhere = |kind: &&ProblemKind| {
        use ProblemKind as Kind;
        matches!(
            kind,
            Kind::MisdirectedRequest
                | Kind::RequestTimeout
                | Kind::TooManyConnections
                | Kind::UpgradeRequired
        )
    };
    ProblemKind::ALL.iter().filter(move |kind| !elsewhere(kind)).copied()
}

/// Its reference's last part, as a name: `MalformedJson`.
fn name(kind: ProblemKind) -> String {
    let slug = kind.reference().rsplit('/').next().unwrap_or_default();
    let capital = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    slug.split('-').map(capital).collect()
}

fn schema(kind: ProblemKind) -> ObjectBuilder {
    let common = ObjectBuilder::new()
        .description(Some(format!("A problem document (RFC 9457): {}.", kind.title())))
        .property(
            "type",
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some([kind.reference()])),
        )
        .property("title", text("The type's short name.").examples([kind.title()]))
        .property(
            "status",
            ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([kind.status()])),
        )
        .property("detail", text("What went wrong this time, for people to read."))
        .property("request_id", text("Finds this request in the server's log."))
        .required("type")
        .required("title")
        .required("status")
        .required("detail")
        .required("request_id");
    own_members(kind).into_iter().fold(common, |schema, (name, presence, member)| {
        let schema = schema.property(name, member);
        if presence == Presence::Always { schema.required(name) } else { schema }
    })
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
            let login = text("Where a user can log in.").enum_values(Some([LOGIN]));
            vec![("login", Sometimes, login.into())]
        }
        Kind::Forbidden => {
            let needed = ["editor", "owner", "author"];
            let needed = text("The role that is needed.").enum_values(Some(needed));
            vec![("role", Always, reference::<Role>()), ("needed", Always, needed.into())]
        }
        Kind::TokenScope => {
            let scopes =
                text("The scope of the token.").enum_values(Some(["read", "write", "admin"]));
            let needed = ["write", "admin", "all-boards", "session"];
            let needed = text("The scope that is needed.").enum_values(Some(needed));
            vec![("scope", Always, scopes.into()), ("needed", Always, needed.into())]
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
            let limits = [
                "boards",
                "tasks",
                "board-text",
                "store",
                "invitations",
                "api-tokens",
                "passkeys",
                "checklists",
                "items",
            ];
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
                .description(Some("The number of seconds until the next one is possible."));
            vec![("retry_after", Always, seconds.into())]
        }
        Kind::BadRequest
        | Kind::MalformedJson
        | Kind::MalformedHeader
        | Kind::LogoutTokenInvalid
        | Kind::InvalidCredentials
        | Kind::InvalidCode
        | Kind::LoginExpired
        | Kind::PasskeyInvalid
        | Kind::ForeignOrigin
        | Kind::ReauthenticationRequired
        | Kind::NotFound
        | Kind::LinkInvalid
        | Kind::MethodNotAllowed
        | Kind::RequestTimeout
        | Kind::UsernameTaken
        | Kind::EmailTaken
        | Kind::NoMail
        | Kind::LastOwner
        | Kind::LineGone
        | Kind::LastAdmin
        | Kind::SecondFactorState
        | Kind::LastWayIn
        | Kind::PayloadTooLarge
        | Kind::UnsupportedMediaType
        | Kind::MisdirectedRequest
        | Kind::IdempotencyKeyReused
        | Kind::UpgradeRequired
        | Kind::TooManyConnections
        | Kind::Internal
        | Kind::Unavailable
        | Kind::NotConfigured
        | Kind::Timeout => Vec::new(),
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
        .property("detail", text("What is wrong with it.").examples([json!("is required")]))
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
    let components = all().fold(components, |components, kind| {
        components.schema(format!("{}Problem", name(kind)), schema(kind))
    });
    let beside = [ProblemKind::NotFound, ProblemKind::MethodNotAllowed];
    beside.into_iter().fold(components, |components, kind| {
        components.response(response_name(&[kind]), response(&[kind]))
    })
}

/// The name of the answer that carries one of these problems of one status.
pub(crate) fn response_name(kinds: &[ProblemKind]) -> String {
    kinds.iter().copied().map(name).collect::<Vec<_>>().join("Or")
}

/// The answer itself.
pub(crate) fn response(kinds: &[ProblemKind]) -> Response {
    let mut references: Vec<RefOr<Schema>> = kinds
        .iter()
        .map(|kind| Ref::from_schema_name(format!("{}Problem", name(*kind))).into())
        .collect();
    let titles: Vec<&str> = kinds.iter().map(|kind| kind.title()).collect();
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
    with_headers(answer, &headers_of(kinds)).build()
}

fn headers_of(kinds: &[ProblemKind]) -> Vec<Named> {
    use ProblemKind as Kind;
    let mut named = vec![headers::REQUEST_ID, headers::SERVER_TIMING, headers::CACHE_CONTROL];
    let all = |these: &[Kind]| kinds.iter().all(|kind| these.contains(kind));
    let later = [Kind::Unavailable, Kind::NotConfigured, Kind::TooManyAttempts, Kind::RateLimited];
    if all(&later) {
        named.push(headers::RETRY_AFTER);
    }
    let nobody = [
        Kind::Unauthorized,
        Kind::InvalidCredentials,
        Kind::InvalidCode,
        Kind::LoginExpired,
        Kind::PasskeyInvalid,
    ];
    if all(&nobody) {
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
