//! Every path of the API, with its methods.

mod admin;
mod analytics;
mod api_tokens;
mod auth;
mod beside;
mod boards;
mod documents;
mod events;
mod invitations;
mod quick_win;
mod tasks;

use crate::description::operation::Finished;

/// What the operations are grouped by.
pub(crate) const TAGS: &[(&str, &str)] = &[
    (quick_win::TAG, "Public boards in memory, gone when the host stops. Nobody logs in."),
    (auth::TAG, "Accounts and tokens."),
    (api_tokens::TAG, "Tokens for programs."),
    (invitations::TAG, "Links with which people join a board or get an account."),
    (boards::TAG, "Teams' boards and their members."),
    (tasks::TAG, "Tasks of teams' boards, and comments on them."),
    (events::TAG, "What happened on boards, and undo."),
    (analytics::TAG, "How work flows over teams' boards."),
    (documents::TAG, "Whole boards, exported and imported."),
    (admin::TAG, "What users do, for admins."),
    (beside::TAG, "The server itself."),
];

/// Every operation.
pub(crate) fn all() -> Vec<Finished> {
    let groups = [
        quick_win::all(),
        auth::all(),
        api_tokens::all(),
        invitations::all(),
        boards::all(),
        tasks::all(),
        events::all(),
        analytics::all(),
        documents::all(),
        admin::all(),
        beside::all(),
    ];
    groups.into_iter().flatten().map(crate::description::operation::Operation::finish).collect()
}
