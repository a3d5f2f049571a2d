//! What everybody does, for admins.

use crate::description::headers::{CONTENT_DISPOSITION, NEXT_AFTER};
use crate::description::operation::Operation;
use crate::description::parameters::{number, query, word, words};
use crate::description::schemas::admin::{
    ActivityPage, AdminStats, AdminUser, AdminUserPage, AdminUserPatch,
};
use crate::description::schemas::reference;
use crate::description::schemas::scalar::{ActivityCursor, BoardId, GivenMoment, Username};
use crate::description::schemas::session::ResetLink;
use serde_json::json;
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Get, Patch, Post};

pub(super) const TAG: &str = "Admin";

pub(super) fn all() -> Vec<Operation> {
    let admins = [activity(), stats(), users(), user(), reset_link()];
    // To everybody else there is nothing here.
    admins.map(|operation| operation.problem(ProblemKind::NotFound).protected()).into()
}

fn activity() -> Operation {
    operation(Get, "/api/admin/activity", "listActivity", "Everything that happened")
        .about(
            "In commit order; an event that committed late is never skipped. The creation of a \
             board comes before its events, with `seq` 0. A page also ends at 32 KiB or after 500 \
             scanned entries (as CSV: 1 MiB or 10,000): only `next_after` says whether there are \
             more. CSV by `format` or `Accept`.",
        )
        .query(query("after", "Where to continue.", reference::<ActivityCursor>()))
        .query(number("limit", (1, 1_000), Some(50), "The largest number of entries on a page."))
        .query(word("order", &["oldest", "newest"], "Which come first; `oldest` by default."))
        .query(query("user", "Only what this user did.", reference::<Username>()))
        .query(query("board", "Only what happened to this board.", reference::<BoardId>()))
        .query(word("action", &["Add", "Update", "Move", "Delete"], "Only these actions."))
        .query(word(
            "entity",
            &["board", "task", "comment", "checklist", "checklist_item", "member", "user"],
            "Only what happened to these kinds of things.",
        ))
        .query(query("from", "From this moment on.", reference::<GivenMoment>()))
        .query(query("to", "Before this moment.", reference::<GivenMoment>()))
        .query(word("format", &["json", "csv"], "Taken from `Accept` by default."))
        .json_or_csv::<ActivityPage>(200, "A part of it.", &[CONTENT_DISPOSITION, NEXT_AFTER])
}

fn stats() -> Operation {
    operation(Get, "/api/admin/stats", "readStats", "What the servers are doing")
        .about("Read from PostgreSQL at one moment, and from Redis at one moment.")
        .json::<AdminStats>(200, "The numbers.", &[])
}

fn users() -> Operation {
    operation(Get, "/api/admin/users", "listUsers", "Everybody")
        .query(words("q", 64, "Only users with this in their username or display name."))
        .query(word("role", &["user", "admin"], "Only users with this role."))
        .query(word(
            "disabled",
            &["true", "false"],
            "Only users who are disabled, or only those who are not.",
        ))
        .paged()
        .json::<AdminUserPage>(200, "A page of them.", &[])
}

fn user() -> Operation {
    operation(
        Patch,
        "/api/admin/users/{username}",
        "changeUser",
        "Change a user's role, disable or enable them",
    )
    .about(
        "Disabling a user revokes their tokens at once and closes their sockets within a second. \
         The last enabled admin remains one.",
    )
    .body::<AdminUserPatch>(&json!({"disabled": true}))
    .json::<AdminUser>(200, "The user, as they are now.", &[])
    .problem(ProblemKind::LastAdmin)
}

fn reset_link() -> Operation {
    let path = "/api/admin/users/{username}/reset-link";
    operation(Post, path, "makeResetLink", "Make a password reset link")
        .about(
            "It replaces the previous one, and is valid once and for 24 hours. The token is shown \
             only once; it goes after a `#`: `/reset#TOKEN`. The activity records it.",
        )
        .json::<ResetLink>(201, "The link.", &[])
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
