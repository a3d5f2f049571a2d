//! The headers of answers, each described once.

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ComponentsBuilder, ObjectBuilder};

/// A header that answers have.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Named {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether every answer that lists it has it.
    pub(crate) always: bool,
}

/// Names a header that is always there.
const fn always(name: &'static str) -> Named {
    Named { name, always: true }
}

/// Names a header that is there sometimes.
const fn sometimes(name: &'static str) -> Named {
    Named { name, always: false }
}

pub(crate) const ALLOW: Named = always("Allow");
pub(crate) const CACHE_CONTROL: Named = sometimes("Cache-Control");
pub(crate) const CONTENT_DISPOSITION: Named = sometimes("Content-Disposition");
pub(crate) const ETAG: Named = always("ETag");
pub(crate) const EVENT_DELIVERY: Named = sometimes("Event-Delivery");
pub(crate) const EVENT_SEQ: Named = sometimes("Event-Seq");
pub(crate) const IDEMPOTENCY_REPLAYED: Named = sometimes("Idempotency-Replayed");
pub(crate) const LOCATION: Named = always("Location");
pub(crate) const NEXT_AFTER: Named = sometimes("Next-After");
pub(crate) const REQUEST_ID: Named = always("X-Request-Id");
pub(crate) const RETRY_AFTER: Named = always("Retry-After");
pub(crate) const SERVER_TIMING: Named = sometimes("Server-Timing");
pub(crate) const SET_COOKIE: Named = sometimes("Set-Cookie");
pub(crate) const WWW_AUTHENTICATE: Named = always("WWW-Authenticate");
pub(crate) const X_CACHE: Named = sometimes("X-Cache");

/// A header, whether it is always there, what it tells, and an example of it or its only value.
type Described = (Named, &'static str, Value);

enum Value {
    Text(&'static str),
    OneOf(&'static [&'static str]),
    Seconds,
    Seq,
}

const DESCRIBED: &[Described] = &[
    (
        ALLOW,
        "The methods that this resource allows.",
        Value::Text("GET, PATCH, DELETE, HEAD, OPTIONS"),
    ),
    (
        CACHE_CONTROL,
        "Whether a response may be cached: only with revalidation (`no-cache`), or not at all \
         (`no-store`).",
        Value::Text("no-cache"),
    ),
    (
        ETAG,
        "Identifies this representation: the version and, for a board, its newest event and the \
         beginning of its epoch. `If-Match` compares only the version.",
        Value::Text("\"2\""),
    ),
    (
        EVENT_DELIVERY,
        "Present if the event that this request made could not be delivered at once: everybody \
         gets it a little later.",
        Value::OneOf(&["deferred"]),
    ),
    (
        EVENT_SEQ,
        "The number of the event that this request made; absent if nothing changed.",
        Value::Seq,
    ),
    (
        IDEMPOTENCY_REPLAYED,
        "Present if this is the stored response to an earlier request with the same key: nothing \
         was changed this time.",
        Value::OneOf(&["true"]),
    ),
    (
        CONTENT_DISPOSITION,
        "Lets a browser save the response as a file of this name.",
        Value::Text("attachment; filename=\"board-7.json\""),
    ),
    (LOCATION, "Where it can be found.", Value::Text("/api/boards/7")),
    (
        NEXT_AFTER,
        "The `after` of the next page, if there is one and the response is CSV.",
        Value::Text("1.742.7.43"),
    ),
    (
        REQUEST_ID,
        "Identifies this request in the server's log: the caller's own id, if it sent a valid one.",
        Value::Text("5f1c0a"),
    ),
    (RETRY_AFTER, "The number of seconds after which to try again.", Value::Seconds),
    (
        SERVER_TIMING,
        "Where the request spent its time, in milliseconds.",
        Value::Text("pg;dur=1.250, redis;dur=0.310"),
    ),
    (
        SET_COOKIE,
        "Sets or clears the cookie `token`. Absent if the log-in needs a second step.",
        Value::Text("token=…; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000; Secure"),
    ),
    (WWW_AUTHENTICATE, "How to authenticate.", Value::OneOf(&["Bearer"])),
    (
        X_CACHE,
        "Whether this came from a cache. Absent if it cannot be cached.",
        Value::OneOf(&["hit", "miss"]),
    ),
];

/// Adds every header.
pub(crate) fn register(components: ComponentsBuilder) -> ComponentsBuilder {
    DESCRIBED.iter().fold(components, |components, (named, about, value)| {
        components.header(named.name, header(about, value))
    })
}

/// The names of the headers that are always there where they are listed.
pub(crate) fn required() -> impl Iterator<Item = &'static str> {
    DESCRIBED.iter().filter(|(named, ..)| named.always).map(|(named, ..)| named.name)
}

fn header(about: &str, value: &Value) -> Header {
    let schema = ObjectBuilder::new();
    let schema = match value {
        Value::Text(example) => schema.schema_type(Type::String).examples([*example]),
        Value::OneOf(words) => {
            schema.schema_type(Type::String).enum_values(Some(words.iter().copied()))
        }
        Value::Seconds => schema.schema_type(Type::Integer).minimum(Some(1)).examples([1]),
        Value::Seq => schema.schema_type(Type::Integer).minimum(Some(1)).examples([43]),
    };
    HeaderBuilder::new().description(Some(about)).schema(Some(schema)).build()
}
