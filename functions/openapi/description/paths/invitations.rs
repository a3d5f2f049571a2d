//! Links by which people come in.

use crate::description::headers::{EVENT_DELIVERY, EVENT_SEQ, LOCATION};
use crate::description::operation::Operation;
use crate::description::schemas::invitation::{
    AccountInvitationPage, InvitationPage, InvitationPreview, Joined, MadeAccountInvitation,
    MadeInvitation, NewAccountInvitation, NewInvitation, ShownLink,
};
use serde_json::json;
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Delete, Get, Post};

pub(super) const TAG: &str = "Invitations";

const OF_A_BOARD: &str = "/api/boards/{board_id}/invitations";
const ONE_OF_A_BOARD: &str = "/api/boards/{board_id}/invitations/{invitation_id}";
const OF_ADMINS: &str = "/api/admin/invitations";
const ONE_OF_ADMINS: &str = "/api/admin/invitations/{invitation_id}";

pub(super) fn all() -> Vec<Operation> {
    let of_admins = of_admins().map(|operation| operation.problem(ProblemKind::NotFound));
    let owners = of_a_board().map(|operation| operation.problem(ProblemKind::Forbidden));
    let made = owners.into_iter().chain(of_admins).map(Operation::protected);
    made.chain(using()).collect()
}

fn of_a_board() -> [Operation; 3] {
    [
        operation(Get, OF_A_BOARD, "listInvitations", "The valid links to a board")
            .about("For owners. The links themselves are not shown again.")
            .paged()
            .json::<InvitationPage>(200, "A page of them.", &[]),
        operation(Post, OF_A_BOARD, "makeInvitation", "Make a link to a board")
            .about(
                "For owners. The token is shown only once; it goes after a `#`: `/invite#TOKEN`. A \
                 board can have 100 that have not expired and are not used up.",
            )
            .body::<NewInvitation>(&json!({"role": "editor", "expires_in_days": 7, "uses": 1}))
            .json::<MadeInvitation>(201, "The link.", &[LOCATION])
            .problem(ProblemKind::LimitReached)
            .problem(ProblemKind::NoMail)
            .problem(ProblemKind::TooManyAttempts),
        operation(Delete, ONE_OF_A_BOARD, "revokeInvitation", "Revoke a link to a board")
            .about("Owners may.")
            .answer(204, "It is no longer valid.", &[]),
    ]
}

fn of_admins() -> [Operation; 3] {
    [
        operation(Get, OF_ADMINS, "listAccountInvitations", "The valid links for new accounts")
            .paged()
            .json::<AccountInvitationPage>(200, "A page of them.", &[]),
        operation(Post, OF_ADMINS, "makeAccountInvitation", "Make a link for a new account")
            .body::<NewAccountInvitation>(&json!({"expires_in_days": 7, "uses": 1}))
            .json::<MadeAccountInvitation>(201, "The link.", &[LOCATION])
            .problem(ProblemKind::LimitReached)
            .problem(ProblemKind::NoMail)
            .problem(ProblemKind::TooManyAttempts),
        operation(
            Delete,
            ONE_OF_ADMINS,
            "revokeAccountInvitation",
            "Revoke a link for a new account",
        )
        .answer(204, "It is no longer valid.", &[]),
    ]
}

fn using() -> [Operation; 2] {
    let example = json!({"token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk"});
    [
        operation(Post, "/api/invitations/preview", "previewInvitation", "Where a link leads")
            .about("Every invalid link gets the same response, whatever is wrong with it.")
            .body::<ShownLink>(&example)
            .json::<InvitationPreview>(200, "There.", &[])
            .problem(ProblemKind::LinkInvalid)
            .stored(),
        operation(Post, "/api/invitations/accept", "acceptInvitation", "Join with a link")
            .about("A member keeps their role, and the link is not used up.")
            .body::<ShownLink>(&example)
            .json::<Joined>(201, "You are a member now.", &[LOCATION, EVENT_SEQ, EVENT_DELIVERY])
            .json::<Joined>(200, "You were.", &[])
            .problem(ProblemKind::LinkInvalid)
            .problem(ProblemKind::RateLimited)
            .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
