//! What requests carry beside their bodies.

use crate::description::schemas::reference;
use crate::description::schemas::scalar::{
    BoardId, ChecklistId, ChecklistItemId, CommentId, Cursor, GivenMoment, Seq, TaskId, Username,
};
use serde_json::{Value, json};
use shared::models::MAX_ID;
use shared::quick_win::KEPT_EVENTS;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{OneOfBuilder, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Required, Schema};

/// One entity tag or more, or `*` (RFC 9110, section 13.1).
const CONDITION: &str =
    r#"^(\*|(W/)?"[!\u0023-\u007E]*"([ \t]*,[ \t]*(W/)?"[!\u0023-\u007E]*")*)$"#;

/// The parameters in a path, such as `/api/boards/{board_id}`.
pub(crate) fn of_path(path: &'static str) -> impl Iterator<Item = Parameter> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        let (schema, about) = match name {
            "task_id" => (reference::<TaskId>(), "The task's id."),
            "checklist_id" => (reference::<ChecklistId>(), "The checklist's id."),
            "item_id" => (reference::<ChecklistItemId>(), "The item's id."),
            "comment_id" => (reference::<CommentId>(), "The comment's id."),
            "invitation_id" => (whole((1, MAX_ID), None), "The invitation's id."),
            "token_id" => (whole((1, MAX_ID), None), "The API token's id."),
            "session_id" => (whole((1, MAX_ID), None), "The session's id."),
            "identity_id" => (whole((1, MAX_ID), None), "The identity's id."),
            "passkey_id" => (whole((1, MAX_ID), None), "The passkey's id."),
            "provider_id" => (provider_id(), "The provider's id."),
            "username" => (reference::<Username>(), "A user's name, in any case."),
            "seq" => (whole((1, MAX_ID), None), "The event's number."),
            _ => (reference::<BoardId>(), "The board's id."),
        };
        build(name, ParameterIn::Path, about, schema)
    })
}

fn provider_id() -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    text.min_length(Some(1)).max_length(Some(32)).pattern(Some("^[a-z0-9-]+$")).into()
}

fn build(name: &str, place: ParameterIn, about: &str, schema: RefOr<Schema>) -> Parameter {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

fn whole((least, most): (u64, u64), default: Option<u64>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(most))
        .default(default.map(Value::from))
        .into()
}

/// A whole number in the query.
pub(crate) fn number(
    name: &str,
    range: (u64, u64),
    default: Option<u64>,
    about: &str,
) -> Parameter {
    build(name, ParameterIn::Query, about, whole(range, default))
}

/// A switch in the query.
pub(crate) fn switch(name: &str, about: &str) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(json!(false)));
    build(name, ParameterIn::Query, about, schema.into())
}

/// Anything else in the query.
pub(crate) fn query(name: &str, about: &str, schema: RefOr<Schema>) -> Parameter {
    build(name, ParameterIn::Query, about, schema)
}

/// One of these words in the query.
pub(crate) fn word(name: &str, words: &[&str], about: &str) -> Parameter {
    let schema =
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()));
    query(name, about, schema.into())
}

/// A text of 1 to `most` characters in the query, not all of it white space.
pub(crate) fn words(name: &str, most: usize, about: &str) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(most))
        .pattern(Some(crate::description::schemas::scalar::LINE));
    query(name, about, schema.into())
}

/// How much a page holds.
pub(crate) fn limit() -> Parameter {
    number("limit", (1, 200), Some(50), "The largest number of entries on a page.")
}

/// How many events a stretch of a history holds.
pub(crate) fn events_limit() -> Parameter {
    let most = KEPT_EVENTS as u64;
    number("limit", (1, most), Some(most), "The largest number of events.")
}

/// Where a page begins.
pub(crate) fn cursor() -> Parameter {
    query("cursor", "The `next_cursor` of the previous page.", reference::<Cursor>())
}

/// The number of the event that a history begins after.
pub(crate) fn after() -> Parameter {
    number("after", (0, MAX_ID), Some(0), "The number of the event after which to begin.")
}

/// `If-Match`.
pub(crate) fn if_match() -> Parameter {
    let about = "Only if it still has this version: an entity tag from an earlier response, \
                 several, or `*`; the forms that a compressing proxy makes of it match as well \
                 (`W/\"2\"`, `\"2-gzip\"`). Without it the last write of each field wins.";
    header("If-Match", about, condition("\"2\""))
}

/// `If-None-Match`.
pub(crate) fn if_none_match() -> Parameter {
    let about = "The entity tag of what you already have: 304 if it has not changed.";
    header("If-None-Match", about, condition("\"1\""))
}

/// `Idempotency-Key`.
pub(crate) fn idempotency_key() -> Parameter {
    let about = "1 to 255 visible characters, fresh for each change. The same key and body within \
                 24 hours returns the first response again and changes nothing.";
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    header("Idempotency-Key", about, schema)
}

fn condition(example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .pattern(Some(CONDITION))
        .examples([example])
}

fn header(name: &str, about: &str, schema: ObjectBuilder) -> Parameter {
    build(name, ParameterIn::Header, about, schema.into())
}

/// A moment of a board: a number as of [`seq`], or a time.
pub(crate) fn moment(name: &str, about: &str) -> Parameter {
    let schema = OneOfBuilder::new().item(reference::<Seq>()).item(reference::<GivenMoment>());
    query(name, about, schema.into())
}

/// The number of an event, where a whole number may also be zero.
pub(crate) fn seq(name: &str, about: &str) -> Parameter {
    query(name, about, reference::<Seq>())
}
