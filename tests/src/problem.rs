//! The rules of docs/contract/api.md for every answer.

use crate::http::Reply;
use crate::stack::{JWT_SECRET, RELAY_SECRET, workspace};
use serde_json::Value;
use std::sync::OnceLock;

/// The members of every problem document, followed by those of some types only.
const MEMBERS: &[&str] = &["type", "title", "status", "detail", "request_id"];
const OWN_MEMBERS: &[(&str, &[&str])] = &[
    ("/problems/validation", &["errors"]),
    ("/problems/precondition-failed", &["current_version"]),
    ("/problems/too-many-attempts", &["retry_after"]),
    ("/problems/rate-limited", &["retry_after"]),
    ("/problems/forbidden", &["needed", "role"]),
    ("/problems/wip-limit", &["column", "wip_limit"]),
    ("/problems/column-in-use", &["columns"]),
    ("/problems/undo-conflict", &["events", "fields"]),
    ("/problems/events-gone", &["seq", "epoch"]),
    ("/problems/limit-reached", &["limit"]),
    ("/problems/boards-owned", &["boards"]),
    ("/problems/registration-closed", &["registration"]),
    ("/problems/token-scope", &["needed", "scope"]),
];

/// Members that only some problems of a type have: between servers there is no page for logging in.
const OPTIONAL: &[(&str, &str)] = &[("/problems/unauthorized", "login")];

/// Fails unless the answer has a request id and, if it is an error, is a problem document with
/// exactly the documented members and a documented type.
///
/// # Panics
/// If the answer breaks a rule.
pub fn check_every_answer(reply: &Reply) {
    let request_id = reply.expect_header("x-request-id").to_owned();
    assert!(!request_id.is_empty(), "{reply}");
    let text = String::from_utf8_lossy(&reply.body);
    for secret in [RELAY_SECRET, JWT_SECRET, "$argon2id$"] {
        assert!(!text.contains(secret), "{reply}\ncontains a secret");
    }
    if reply.status < 400 || reply.title().starts_with("HEAD ") {
        return;
    }
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{reply}");
    let problem = reply.json();
    let kind = problem["type"].as_str().unwrap_or_default();
    let own = OWN_MEMBERS.iter().find(|(owner, _)| *owner == kind).map_or(&[][..], |(_, own)| own);
    let mut expected: Vec<&str> = MEMBERS.iter().chain(own).copied().collect();
    let mut members: Vec<&str> =
        problem.as_object().into_iter().flatten().map(|(name, _)| &**name).collect();
    members.retain(|member| !OPTIONAL.contains(&(kind, member)));
    expected.sort_unstable();
    members.sort_unstable();
    assert_eq!(members, expected, "the members of {reply}");
    assert_eq!(problem["status"], reply.status, "{reply}");
    assert_eq!(problem["request_id"], request_id, "{reply}");
    for text in ["title", "detail"] {
        assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{text} of {reply}");
    }
    for error in problem["errors"].as_array().into_iter().flatten() {
        let members = error.as_object().into_iter().flatten();
        assert_eq!(
            members.map(|(name, _)| name).collect::<Vec<_>>(),
            ["detail", "pointer"],
            "{reply}"
        );
        assert!(error.as_object().is_some_and(|error| error.values().all(Value::is_string)));
    }
    assert!(
        documented(kind, reply.status),
        "docs/problems.md does not describe {kind} with {}",
        reply.status
    );
    let inside = ["127.0.0.1", "localhost", "wasm", "panicked", "src/", "SELECT", "postgres://"];
    let detail = problem["detail"].as_str().unwrap_or_default();
    let leak = inside.iter().find(|word| detail.contains(**word));
    assert!(leak.is_none(), "{reply}\nreveals internals: {leak:?}");
}

/// Whether docs/problems.md has a section on this type, with this status.
fn documented(kind: &str, status: u16) -> bool {
    static PAGE: OnceLock<String> = OnceLock::new();
    let page = PAGE.get_or_init(|| {
        std::fs::read_to_string(workspace().join("docs/problems.md")).expect("docs/problems.md")
    });
    let section = page.split("\n## ").find(|section| section.starts_with(&format!("`{kind}`")));
    section.is_some_and(|section| section.contains(&format!("**{status}**")))
}
