//! The description itself: consistent, with valid examples and every problem type, and as served.

use super::served;
use contract_tests::openapi::{Document, METHODS, PATH};
use contract_tests::stack::workspace;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Problems that only the relay or a host reports.
const OF_SERVERS: &[&str] = &[
    "/problems/misdirected-request",
    "/problems/request-timeout",
    "/problems/too-many-connections",
    "/problems/upgrade-required",
];

/// Calls `look` for a value and everything in it, with its place.
fn walk<'a>(place: &str, value: &'a Value, look: &mut impl FnMut(&str, &'a Value)) {
    look(place, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(&format!("{place}/{name}"), member, look);
            }
        }
        Value::Array(items) => {
            for (nth, item) in items.iter().enumerate() {
                walk(&format!("{place}/{nth}"), item, look);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn api_openapi_the_description_is_openapi_3_1_and_every_reference_leads_somewhere() {
    let (_, document) = served().await;
    assert_eq!(document.json()["openapi"], "3.1.0");
    let mut used = BTreeSet::new();
    walk("", document.json(), &mut |_, value| {
        if let Some(reference) = value["$ref"].as_str() {
            let _ = document.follow(value);
            used.insert(reference.to_owned());
        }
    });
    for kind in ["schemas", "headers"] {
        let components = document.json()["components"][kind].as_object().expect("components");
        for name in components.keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(used.contains(&reference), "nothing refers to {reference}");
        }
    }
}

#[tokio::test]
async fn api_openapi_every_operation_has_a_name_of_its_own_a_summary_and_described_answers() {
    let (_, document) = served().await;
    let mut names = BTreeSet::new();
    for path in document.paths() {
        for method in METHODS {
            let Some(operation) = document.json()["paths"][path].get(method) else { continue };
            let name = operation["operationId"].as_str().expect("an operationId");
            assert!(names.insert(name.to_owned()), "two operations are called {name}");
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(
                responses.keys().any(|status| status.starts_with('2') || status == "303"),
                "{name} never succeeds"
            );
            for (status, answer) in responses {
                let answer = document.follow(answer);
                assert!(answer["description"].is_string(), "{status} of {name}");
                if status.as_str() >= "400" && path != "/readyz" {
                    let content = &answer["content"]["application/problem+json"];
                    assert!(content["schema"].is_object(), "{status} of {name} is no problem");
                }
            }
            let logs_in = path.contains("/login");
            let protected = responses.contains_key("401") && !logs_in;
            assert_eq!(operation.get("security").is_some(), protected, "the security of {name}");
        }
    }
}

/// Logging in and out creates nothing that could exist twice, nor does using a link; and answers
/// that contain a link are not stored.
const WITHOUT_KEY: &[&str] = &[
    "/api/auth/login",
    "/api/auth/login/second-factor",
    "/api/auth/tokens",
    "/api/auth/totp",
    "/api/auth/totp/confirm",
    "/api/auth/totp/recovery-codes",
    "/api/auth/totp/disable",
    "/api/auth/login/passkey",
    "/api/auth/login/passkey/options",
    "/api/auth/passkeys",
    "/api/auth/passkeys/options",
    "/api/auth/passkeys/{passkey_id}/remove",
    "/api/auth/logout",
    "/api/auth/reset-password",
    "/api/auth/forgot-password",
    "/api/auth/email",
    "/api/auth/email/resend",
    "/api/auth/email/verify",
    "/api/auth/email/remove",
    "/api/auth/delete-account",
    "/api/auth/identities/{identity_id}/remove",
    "/api/auth/oidc/{provider_id}/link",
    "/api/auth/oidc/{provider_id}/backchannel-logout",
    "/api/invitations/preview",
    "/api/invitations/accept",
    "/api/boards/{board_id}/invitations",
    "/api/boards/{board_id}/tokens",
    "/api/admin/invitations",
    "/api/admin/users/{username}/reset-link",
];

#[tokio::test]
async fn api_idempotency_every_post_that_makes_something_takes_a_key_in_both_modes() {
    let (_, document) = served().await;
    let mut count = 0;
    for path in document.paths() {
        let Some(operation) = document.json()["paths"][path].get("post") else { continue };
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let takes_key = parameters
            .map(|parameter| document.follow(parameter))
            .any(|parameter| parameter["name"] == "Idempotency-Key" && parameter["in"] == "header");
        assert_eq!(takes_key, !WITHOUT_KEY.contains(&path), "{path}");
        if !takes_key {
            continue;
        }
        count += 1;
        for (status, answer) in operation["responses"].as_object().expect("responses") {
            let reported = document.follow(answer)["headers"].get("Idempotency-Replayed");
            assert_eq!(reported.is_some(), status.starts_with('2'), "{status} of {path}");
        }
        let mut refusals = BTreeSet::new();
        for status in ["400", "422"] {
            walk("", document.follow(&operation["responses"][status]), &mut |_, value| {
                let kind = document.follow(value)["properties"]["type"]["enum"][0].as_str();
                refusals.extend(kind);
            });
        }
        for refusal in ["/problems/malformed-header", "/problems/idempotency-key-reused"] {
            assert!(refusals.contains(refusal), "{path} is never refused as {refusal}");
        }
    }
    assert_eq!(count, 13, "POSTs with a key");
}

#[tokio::test]
async fn api_openapi_every_example_is_what_it_is_an_example_of() {
    let (_, document) = served().await;
    let mut count = 0;
    walk("", document.json(), &mut |place, value| {
        for example in value["examples"].as_array().into_iter().flatten() {
            document.check_value(place, value, example, place);
            count += 1;
        }
        if let (Some(example), Some(schema)) = (value.get("example"), value.get("schema")) {
            document.check_value(place, schema, example, place);
            count += 1;
        }
    });
    assert!(count > 40, "only {count} examples");
}

#[tokio::test]
async fn api_openapi_every_problem_type_is_described_and_documented() {
    let (_, document) = served().await;
    let mut described = BTreeSet::new();
    walk("", &document.json()["components"]["schemas"], &mut |_, value| {
        let kind = value["properties"]["type"]["enum"][0].as_str().unwrap_or_default();
        let status = value["properties"]["status"]["enum"][0].as_u64();
        if let (true, Some(status)) = (kind.starts_with("/problems/"), status) {
            described.insert((kind.to_owned(), status));
        }
    });
    let page = std::fs::read_to_string(workspace().join("docs/problems.md")).expect("the page");
    let sections = page.split("\n## `").skip(1).map(|section| {
        let (kind, text) = section.split_once('`').expect("a type");
        let status = text.split("**").nth(1).and_then(|status| status.parse().ok());
        (kind.to_owned(), status.expect("a status"))
    });
    let documented: BTreeSet<(String, u64)> =
        sections.filter(|(kind, _)| !OF_SERVERS.contains(&kind.as_str())).collect();
    assert_eq!(described, documented);
}

#[tokio::test]
async fn api_openapi_the_description_is_served_with_an_entity_tag_and_may_be_kept_for_a_while() {
    let (client, _) = served().await;
    let reply = client.get(PATH).send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
    let tag = reply.tag();
    let again = client.get(PATH).header("if-none-match", &tag).send().await.expect(304);
    assert_eq!(again.tag(), tag);
    let _ = client.get(PATH).header("if-none-match", "\"other\"").send().await.expect(200);
}

/// A change of a part of the description.
type Change = fn(&mut Value);

/// Changes of the description that must be noticed: with each, the answer of `/healthz` does not
/// match it.
const CHANGES: &[(&str, &str, Change)] = &[
    ("a status", "/paths/~1healthz/get/responses", |responses| {
        responses.as_object_mut().expect("responses").remove("200");
    }),
    ("a header that is not described", "/paths/~1healthz/get/responses/200/headers", |headers| {
        headers.as_object_mut().expect("headers").remove("X-Request-Id");
    }),
    ("a header that is missing", "/paths/~1healthz/get/responses/200/headers", |headers| {
        headers["Location"] = json!({"required": true, "schema": {"type": "string"}});
    }),
    ("a header's value", "/components/headers/Cache-Control/schema", |schema| {
        *schema = json!({"enum": ["no-store"]});
    }),
    ("a media type", "/paths/~1healthz/get/responses/200/content", |content| {
        let json = content.as_object_mut().expect("content").remove("application/json");
        content["text/json"] = json.expect("JSON");
    }),
    ("a body", "/paths/~1healthz/get/responses/200", |answer| {
        answer.as_object_mut().expect("an answer").remove("content");
    }),
    ("a member that is not described", "/components/schemas/Health/properties", |properties| {
        properties.as_object_mut().expect("properties").remove("status");
    }),
    ("a member that is missing", "/components/schemas/Health/required", |required| {
        *required = json!(["status", "mood"]);
    }),
    ("a method", "/paths/~1healthz", |path| {
        path.as_object_mut().expect("a path").remove("get");
    }),
];

#[tokio::test]
async fn whatever_an_answer_has_that_is_not_described_is_noticed() {
    let (client, document) = served().await;
    let reply = client.get("/healthz").send().await.expect(200);
    for (what, place, change) in CHANGES {
        let mut json = document.json().clone();
        change(json.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")));
        let changed = Document::new(json);
        let checked = catch_unwind(AssertUnwindSafe(|| changed.check(&reply)));
        assert!(checked.is_err(), "{what} was not noticed");
    }
}
