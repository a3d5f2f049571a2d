//! The document as a whole.

use crate::description::operation::{self, Finished};
use crate::description::{headers, paths, problems, schemas};
use serde_json::{Value, json};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, PathsBuilder, ServerBuilder,
};

/// What goes for all of it.
const ABOUT: &str = "\
Task boards on which everybody sees every change at once.

- Bodies are JSON in UTF-8; timestamps are RFC 3339 in UTC with milliseconds and `Z`; ids are whole \
numbers up to 2^53-1.
- Errors are problem documents (RFC 9457). Compare `type`: it is stable. `errors` names every faulty \
field at once.
- An unknown field of a request is a 422: free-form data goes into a task's `fields`.
- A PATCH is a JSON Merge Patch (RFC 7396): `null` removes.
- Lists are paged with `limit` and `cursor`.
- HEAD is answered like GET, without the body. OPTIONS is answered with 204 and `Allow`. Every other \
method is a 405 with `Allow`.
- For anybody who is not a member of a board it is a 404, like a board that does not exist.
- Changes to a board are pushed through the WebSocket `/ws` (`/ws/quick-win` for quick-win boards) of \
the realtime relay.";

/// The document, as JSON.
pub(crate) fn build() -> Value {
    let mut components = ComponentsBuilder::new();
    components = schemas::register(components);
    components = headers::register(components);
    components = problems::register(components);
    components = components.response(operation::TO_LOGIN, operation::to_login());
    for (name, scheme) in security_schemes() {
        components = components.security_scheme(name, scheme);
    }
    let mut paths = PathsBuilder::new();
    for Finished { path, item, responses } in paths::all() {
        paths = paths.path(path, item);
        for (name, response) in responses {
            components = components.response(name, response);
        }
    }
    let about_tag = |(name, about): &(&str, &str)| {
        TagBuilder::new().name(*name).description(Some(*about)).build()
    };
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Taskboard")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license));
    let document = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .paths(paths.build())
        .components(Some(components.build()))
        .tags(Some(paths::TAGS.iter().map(about_tag)))
        .build();
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    require_headers(&mut document);
    close(&mut document["components"]["schemas"]);
    document
}

fn security_schemes() -> [(&'static str, SecurityScheme); 2] {
    let cookie = "The cookie that a login sets. Requests of pages of other origins need \
                  `cors_origins`.";
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `token` that a login returns, or an API token (`tb_…`)."));
    [
        (
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("token", cookie))),
        ),
        ("bearer", SecurityScheme::Http(bearer.build())),
    ]
}

/// Says of headers that they are always there, which utoipa's model cannot.
fn require_headers(document: &mut Value) {
    for name in headers::required() {
        document["components"]["headers"][name]["required"] = json!(true);
    }
}

/// Closes every object that does not declare other members itself: a response has no
/// undocumented member, and in a request one is a 422.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
