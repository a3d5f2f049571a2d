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
            "In commit order; an event that committed late is never skipped. That a board was made \
             comes before its own events, with the `seq` 0. A page ends, too, when it has 32 KiB or \
             500 entries were looked at, as CSV a MiB or 10,000: only `next_after` tells whether \
             there are more. CSV by `format` or `Accept`.",
        )
        .query(query("after", "Where to go on.", reference::<ActivityCursor>()))
        .query(number("limit", (1, 1_000), Some(50), "How many entries a page holds at most."))
        .query(word("order", &["oldest", "newest"], "What comes first; `oldest` by default."))
        .query(query("user", "Only what this user did.", reference::<Username>()))
        .query(query("board", "Only what happened to this board.", reference::<BoardId>()))
        .query(word("action", &["Add", "Update", "Move", "Delete"], "Only these actions."))
        .query(word(
            "entity",
            &["board", "task", "comment", "member", "user"],
            "Only what happened to these.",
        ))
        .query(query("from", "From this moment on.", reference::<GivenMoment>()))
        .query(query("to", "Before this moment.", reference::<GivenMoment>()))
        .query(word("format", &["json", "csv"], "What `Accept` says, unless it is given."))
        .json_or_csv::<ActivityPage>(200, "A stretch of it.", &[CONTENT_DISPOSITION, NEXT_AFTER])
}

fn stats() -> Operation {
    operation(Get, "/api/admin/stats", "readStats", "What the servers are doing")
        .about("One moment of PostgreSQL and one of Redis.")
        .json::<AdminStats>(200, "The numbers.", &[])
}

fn users() -> Operation {
    operation(Get, "/api/admin/users", "listUsers", "Everybody")
        .query(words("q", 64, "Only who has this in their username or display name."))
        .query(word("role", &["user", "admin"], "Only who has this role."))
        .query(word("disabled", &["true", "false"], "Only who is disabled, or is not."))
        .paged()
        .json::<AdminUserPage>(200, "A page of them.", &[])
}

fn user() -> Operation {
    operation(Patch, "/api/admin/users/{username}", "changeUser", "Let a user do more or less")
        .about(
            "Disabling a user revokes their tokens at once and ends their sockets within a second. \
             The last admin who is not disabled stays one.",
        )
        .body::<AdminUserPatch>(&json!({"disabled": true}))
        .json::<AdminUser>(200, "The user, as they are now.", &[])
        .problem(ProblemKind::LastAdmin)
}

fn reset_link() -> Operation {
    let path = "/api/admin/users/{username}/reset-link";
    operation(Post, path, "makeResetLink", "Make a link to a new password")
        .about(
            "It takes the place of the one before, and counts once and for 24 hours. The token is \
             told this once; it goes behind a `#`: `/reset#TOKEN`. The activity tells of it.",
        )
        .json::<ResetLink>(201, "The link.", &[])
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
