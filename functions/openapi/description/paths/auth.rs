//! Accounts and tokens.

use crate::description::headers::{IDEMPOTENCY_REPLAYED, SET_COOKIE};
use crate::description::operation::Operation;
use crate::description::parameters::switch;
use crate::description::schemas::user::{Credentials, Login, Registration, User, UserPatch};
use serde_json::json;
use shared::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Get, Patch, Post};

pub(super) const TAG: &str = "Accounts";

pub(super) fn all() -> Vec<Operation> {
    vec![
        operation(Post, "/api/auth/register", "register", "Make an account")
            .about(
                "Whoever made it is logged in at once. After 30 from an address within 15 minutes, \
                 those of taken names counted, nobody may register there until `Retry-After`.",
            )
            .body::<Registration>(&json!({"username": "ada", "password": "correct horse battery"}))
            .idempotent()
            .json::<Login>(201, "The account, logged in.", &[SET_COOKIE, IDEMPOTENCY_REPLAYED])
            .problem(ProblemKind::UsernameTaken)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Post, "/api/auth/login", "logIn", "Log in")
            .about(
                "One answer, and one time that it takes, for a wrong password and an unknown name. \
                 After 5 failures for a name or 20 from an address within 15 minutes nobody may \
                 try until `Retry-After`.",
            )
            .body::<Credentials>(&json!({"username": "ada", "password": "correct horse battery"}))
            .json::<Login>(200, "Logged in.", &[SET_COOKIE])
            .problem(ProblemKind::InvalidCredentials)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Post, "/api/auth/logout", "logOut", "Log out")
            .about("This token counts no more, and the cookie is cleared.")
            .query(switch("everywhere", "Whether to end every token that you have."))
            .answer(204, "Logged out.", &[SET_COOKIE])
            .protected(),
        operation(Get, "/api/auth/me", "readMe", "Who is logged in")
            .query(switch("optional", "Whether 204, not 401, tells that nobody is."))
            .json::<User>(200, "You.", &[])
            .answer(204, "Nobody is logged in, and `optional` was asked for.", &[SET_COOKIE])
            .protected(),
        operation(Patch, "/api/auth/me", "changeMe", "Change your account")
            .about(
                "A new password needs the current one, whose guesses are counted like logins, and \
                 ends every other token.",
            )
            .body::<UserPatch>(&json!({"display_name": "Ada"}))
            .json::<User>(200, "You, as you are now.", &[])
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
