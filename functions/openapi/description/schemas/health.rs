//! Whether the server and its stores answer.

use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// The process answers.
pub(crate) struct Health;

impl PartialSchema for Health {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some("The process answers."))
            .property("status", words(&["ok"]))
            .required("status")
            .into()
    }
}

impl ToSchema for Health {}

/// Whether every configured store responds and every variable is valid.
pub(crate) struct Readiness;

impl PartialSchema for Readiness {
    fn schema() -> RefOr<Schema> {
        let states = ["ok", "unavailable", "not configured"];
        let mut stores = ObjectBuilder::new();
        for store in ["key_value", "postgresql", "redis"] {
            stores = stores.property(store, words(&states)).required(store);
        }
        let details = ObjectBuilder::new()
            .description(Some(
                "For each store that is unavailable, what does not work and, if known, why.",
            ))
            .additional_properties(Some(ObjectBuilder::new().schema_type(Type::String)));
        let variables = ObjectBuilder::new()
            .description(Some(
                "For each variable that is invalid, what it must be; never its value.",
            ))
            .additional_properties(Some(ObjectBuilder::new().schema_type(Type::String)));
        ObjectBuilder::new()
            .description(Some(
                "Whether every configured store responds and every variable is valid.",
            ))
            .property("status", words(&["ready", "not ready"]))
            .required("status")
            .property("stores", stores)
            .required("stores")
            .property("details", details)
            .property("variables", variables)
            .into()
    }
}

impl ToSchema for Readiness {}

fn words(words: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()))
}
