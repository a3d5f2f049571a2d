//! Tokens for programs.

use crate::description::headers::LOCATION;
use crate::description::operation::Operation;
use crate::description::schemas::api_token::{
    ApiTokenPage, MadeApiToken, NewApiToken, NewBoardApiToken,
};
use serde_json::json;
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Delete, Get, Post};

pub(super) const TAG: &str = "API tokens";

const OWN: &str = "/api/auth/tokens";
const ONE_OF_OWN: &str = "/api/auth/tokens/{token_id}";
const OF_A_BOARD: &str = "/api/boards/{board_id}/tokens";
const ONE_OF_A_BOARD: &str = "/api/boards/{board_id}/tokens/{token_id}";

pub(super) fn all() -> Vec<Operation> {
    own().into_iter().chain(of_a_board()).map(Operation::protected).collect()
}

fn own() -> [Operation; 3] {
    let example =
        json!({"name": "Nightly report", "scope": "read", "boards": [7], "expires_in_days": 90});
    [
        operation(Get, OWN, "listApiTokens", "Your API tokens")
            .about(
                "With those that you made for boards. The tokens themselves are not shown again.",
            )
            .paged()
            .json::<ApiTokenPage>(200, "A page of them.", &[]),
        operation(Post, OWN, "makeApiToken", "Make an API token")
            .about(
                "It acts as you, within its scope. The token is shown only once. You can have 50 \
                 at a time.",
            )
            .body::<NewApiToken>(&example)
            .json::<MadeApiToken>(201, "The token.", &[LOCATION])
            .problem(ProblemKind::LimitReached),
        operation(Delete, ONE_OF_OWN, "revokeApiToken", "Revoke an API token")
            .about("Any that you made, for a board as well.")
            .answer(204, "It is no longer valid.", &[]),
    ]
}

fn of_a_board() -> [Operation; 3] {
    let example = json!({"name": "Nightly report", "scope": "read", "expires_in_days": 90});
    [
        operation(Get, OF_A_BOARD, "listBoardApiTokens", "The API tokens of a board")
            .about(
                "Owners see all of them, other members those that they made. The tokens themselves \
                 are not shown again.",
            )
            .paged()
            .json::<ApiTokenPage>(200, "A page of them.", &[]),
        operation(Post, OF_A_BOARD, "makeBoardApiToken", "Make an API token of a board")
            .about(
                "For owners. It gives access to this board only, and acts as its maker. The token \
                 is shown only once. A board can have 50 at a time.",
            )
            .body::<NewBoardApiToken>(&example)
            .json::<MadeApiToken>(201, "The token.", &[LOCATION])
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LimitReached),
        operation(Delete, ONE_OF_A_BOARD, "revokeBoardApiToken", "Revoke an API token of a board")
            .about("For owners, whoever made it, and for its maker.")
            .answer(204, "It is no longer valid.", &[])
            .problem(ProblemKind::Forbidden),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
