//! Accounts and tokens.

use crate::description::headers::{
    CONTENT_DISPOSITION, IDEMPOTENCY_REPLAYED, LOCATION, SET_COOKIE,
};
use crate::description::operation::Operation;
use crate::description::parameters::{switch, words};
use crate::description::schemas::account::{AccountEnd, AccountExport};
use crate::description::schemas::email::{Email, EmailEnd, ForgottenPassword, MailWish, NewEmail};
use crate::description::schemas::identity::{Identities, LinkStart, LogoutForm, ProviderList};
use crate::description::schemas::invitation::ShownLink;
use crate::description::schemas::passkey::{
    NewPasskey, OwnProof, Passkey, PasskeyLogin, PasskeyName, PasskeyQuestion, Passkeys,
};
use crate::description::schemas::second_factor::{
    LoginAnswer, OwnPassword, PasswordAndCode, RecoveryCodes, SecondStep, TotpConfirmation,
    TotpEnrolment, TotpStatus,
};
use crate::description::schemas::session::{PasswordReset, PasswordResetDone, SessionPage};
use crate::description::schemas::user::{Credentials, Login, Registration, User, UserPatch};
use serde_json::{Value, json};
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Delete, Get, Patch, Post};

pub(super) const TAG: &str = "Accounts";

pub(super) fn all() -> Vec<Operation> {
    let factors = second_factors();
    let all = accounts().into_iter().chain(factors).chain(passkeys()).chain(sessions());
    let all = all.chain(emails()).chain(providers());
    all.collect()
}

fn accounts() -> Vec<Operation> {
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
            .problem(ProblemKind::RegistrationClosed)
            .problem(ProblemKind::LinkInvalid)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Post, "/api/auth/login", "logIn", "Log in")
            .about(
                "One answer, and one time that it takes, for a wrong password and an unknown name. \
                 After 5 failures for a name or 20 from an address within 15 minutes nobody may \
                 try until `Retry-After`.",
            )
            .body::<Credentials>(&json!({"username": "ada", "password": "correct horse battery"}))
            .json::<LoginAnswer>(200, "Logged in, or asked for a second factor.", &[SET_COOKIE])
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
                 ends every other token. Whoever has none needs a log-in by a provider within the last \
                 ten minutes.",
            )
            .body::<UserPatch>(&json!({"display_name": "Ada"}))
            .json::<User>(200, "You, as you are now.", &[])
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
    ]
}

fn second_factors() -> Vec<Operation> {
    let step =
        json!({"token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoyfQ.3vO0Zk3nF7c", "code": "287082"});
    let both = json!({"password": "correct horse battery", "code": "287082"});
    vec![
        operation(Post, "/api/auth/login/second-factor", "takeSecondStep", "Give the second factor")
            .about(
                "`token` is what the log-in answered to the password, `code` one of the app or a \
                 recovery code. After 5 wrong codes of an app within 15 minutes only a recovery code \
                 lets the user in.",
            )
            .body::<SecondStep>(&step)
            .json::<Login>(200, "Logged in.", &[SET_COOKIE])
            .problem(ProblemKind::InvalidCode)
            .problem(ProblemKind::LoginExpired)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Get, "/api/auth/totp", "readTotp", "Whether a log-in asks for a code")
            .json::<TotpStatus>(200, "What there is.", &[])
            .protected(),
        operation(Post, "/api/auth/totp", "beginTotp", "Get a secret for an authenticator app")
            .about("Nothing changes until a code of it is confirmed.")
            .body::<OwnPassword>(&json!({"password": "correct horse battery"}))
            .json::<TotpEnrolment>(200, "The secret, told this once.", &[])
            .problem(ProblemKind::SecondFactorState)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(Post, "/api/auth/totp/confirm", "confirmTotp", "Have log-ins ask for a code")
            .body::<TotpConfirmation>(&json!({"code": "287082"}))
            .json::<RecoveryCodes>(200, "From now on; with recovery codes, told this once.", &[])
            .problem(ProblemKind::SecondFactorState)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(
            Post,
            "/api/auth/totp/recovery-codes",
            "replaceRecoveryCodes",
            "Get other recovery codes",
        )
        .about("Those before count no longer.")
        .body::<PasswordAndCode>(&both)
        .json::<RecoveryCodes>(200, "Told this once.", &[])
        .problem(ProblemKind::SecondFactorState)
        .problem(ProblemKind::TooManyAttempts)
        .protected(),
        operation(Post, "/api/auth/totp/disable", "disableTotp", "Have no log-in ask for a code")
            .body::<PasswordAndCode>(&both)
            .answer(204, "No code is asked for any more.", &[])
            .problem(ProblemKind::SecondFactorState)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
    ]
}

fn passkeys() -> Vec<Operation> {
    let proof = json!({"password": "correct horse battery"});
    let login = "/api/auth/login/passkey";
    vec![
        operation(Post, "/api/auth/login/passkey/options", "beginPasskeyLogIn", "Ask for a passkey")
            .about(
                "`public_key` is for `PublicKeyCredential.parseRequestOptionsFromJSON` and \
                 `navigator.credentials.get`. Any passkey for this site will do: nobody says who they are.",
            )
            .json::<PasskeyQuestion>(200, "What the browser asks its user for.", &[])
            .stored(),
        operation(Post, login, "logInByPasskey", "Log in by a passkey")
            .about(
                "`credential` is what the browser's credential gives by `toJSON()`. Neither a password nor a \
                 second factor is asked for. What does not count is counted like failures to log in.",
            )
            .body::<PasskeyLogin>(&json!({"credential": used_passkey()}))
            .json::<Login>(200, "Logged in.", &[SET_COOKIE])
            .problem(ProblemKind::PasskeyInvalid)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Get, "/api/auth/passkeys", "listPasskeys", "Your passkeys")
            .json::<Passkeys>(200, "Each can be used to log in.", &[])
            .protected(),
        operation(Post, "/api/auth/passkeys/options", "beginPasskey", "Ask for a new passkey")
            .about(
                "`public_key` is for `PublicKeyCredential.parseCreationOptionsFromJSON` and \
                 `navigator.credentials.create`.",
            )
            .body::<OwnProof>(&proof)
            .json::<PasskeyQuestion>(200, "What the browser asks its user for.", &[])
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(Post, "/api/auth/passkeys", "addPasskey", "Add a passkey")
            .about("`credential` is what the browser's credential gives by `toJSON()`.")
            .body::<NewPasskey>(&json!({"name": "My phone", "credential": new_passkey()}))
            .json::<Passkey>(201, "It can be used to log in.", &[])
            .problem(ProblemKind::LimitReached)
            .protected(),
        operation(Patch, "/api/auth/passkeys/{passkey_id}", "renamePasskey", "Rename a passkey")
            .body::<PasskeyName>(&json!({"name": "My old phone"}))
            .json::<Passkey>(200, "As it is now.", &[])
            .protected(),
        operation(
            Post,
            "/api/auth/passkeys/{passkey_id}/remove",
            "removePasskey",
            "Log in by a passkey no more",
        )
        .about("Log-ins that were made by it end, but for the one that asks.")
        .body::<OwnProof>(&proof)
        .answer(204, "It is no way in any more.", &[])
        .problem(ProblemKind::LastWayIn)
        .problem(ProblemKind::ReauthenticationRequired)
        .problem(ProblemKind::TooManyAttempts)
        .protected(),
    ]
}

/// As far as anybody here asks for it.
fn used_passkey() -> Value {
    json!({
        "rawId": "bXkgcGhvbmU",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "AAAA",
            "signature": "AAAA",
            "userHandle": "AAAA",
        },
    })
}

fn new_passkey() -> Value {
    json!({"rawId": "bXkgcGhvbmU", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}})
}

fn sessions() -> Vec<Operation> {
    let reset = json!({
        "token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk", "password": "correct horse battery",
    });
    vec![
        operation(Post, "/api/auth/reset-password", "resetPassword", "Set a password by a link")
            .about(
                "Once and within 24 hours. Every token of the user is revoked: they log in anew. \
                 Links that do not count are counted like failures to log in.",
            )
            .body::<PasswordReset>(&reset)
            .json::<PasswordResetDone>(200, "Whose it is.", &[SET_COOKIE])
            .problem(ProblemKind::LinkInvalid)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Get, "/api/auth/sessions", "listSessions", "Where you are logged in")
            .paged()
            .json::<SessionPage>(200, "A page of your log-ins.", &[])
            .protected(),
        operation(Delete, "/api/auth/sessions/{session_id}", "revokeSession", "End a log-in")
            .about("Its token counts no more; it may be the one that asks.")
            .answer(204, "It is over.", &[])
            .protected(),
        operation(Get, "/api/auth/export", "exportAccount", "What is kept of you")
            .about(
                "The newest 10,000 tasks and comments of yours, on boards that you are a member of. \
                 Boards have exports of their own.",
            )
            .json::<AccountExport>(200, "The file.", &[CONTENT_DISPOSITION])
            .protected(),
        operation(Post, "/api/auth/delete-account", "deleteAccount", "Leave for good")
            .about(
                "Boards that nobody else is on go into the trash. Those that others are on need \
                 another owner first, or go as well where `delete_boards` says so. What you wrote on \
                 boards of others stays there, under a username that nobody gets again.",
            )
            .body::<AccountEnd>(&json!({"password": "correct horse battery"}))
            .answer(204, "There is no such account any more.", &[SET_COOKIE])
            .problem(ProblemKind::BoardsOwned)
            .problem(ProblemKind::LastAdmin)
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
    ]
}

fn emails() -> Vec<Operation> {
    let link = json!({"token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk"});
    vec![
        operation(Post, "/api/auth/forgot-password", "forgotPassword", "Forget a password")
            .about(
                "A link to a new password goes to the confirmed address of this account, if there are both. \
                 The answer is one, and so is the time that it takes. After 20 mails that were asked for from \
                 an address within 15 minutes nobody there may ask until `Retry-After`; nobody gets more than \
                 5 within an hour.",
            )
            .body::<ForgottenPassword>(&json!({"account": "ada@example.org", "language": "en"}))
            .answer(202, "Whoever it is has been told, if they are here.", &[])
            .problem(ProblemKind::NoMail)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Get, "/api/auth/email", "readEmail", "Your e-mail address")
            .json::<Email>(200, "What is kept of it.", &[])
            .protected(),
        operation(Post, "/api/auth/email", "setEmail", "Give your e-mail address")
            .about(
                "A mail with a link goes there; the address is yours once you have used the link while logged \
                 in, within 24 hours. The one before stays yours until then.",
            )
            .body::<NewEmail>(
                &json!({"address": "ada@example.org", "password": "correct horse battery"}),
            )
            .json::<Email>(202, "A mail is on its way.", &[])
            .problem(ProblemKind::NoMail)
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(Post, "/api/auth/email/resend", "resendEmail", "Get another mail to confirm it")
            .about("The link before counts no longer.")
            .body::<MailWish>(&json!({"language": "en"}))
            .json::<Email>(202, "A mail is on its way.", &[])
            .problem(ProblemKind::NotFound)
            .problem(ProblemKind::NoMail)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(Post, "/api/auth/email/verify", "verifyEmail", "Confirm your address by a link")
            .about("Once, by the user whom it was made for.")
            .body::<ShownLink>(&link)
            .json::<Email>(200, "It is yours.", &[])
            .problem(ProblemKind::LinkInvalid)
            .problem(ProblemKind::EmailTaken)
            .protected(),
        operation(Post, "/api/auth/email/remove", "removeEmail", "Have no e-mail address")
            .body::<EmailEnd>(&json!({"password": "correct horse battery"}))
            .answer(204, "Nothing is kept of it.", &[])
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
    ]
}

fn providers() -> Vec<Operation> {
    let start = "/api/auth/oidc/{provider_id}/start";
    vec![
        operation(Get, "/api/auth/providers", "listProviders", "By which providers one can log in")
            .json::<ProviderList>(200, "What the login page has buttons for.", &[]),
        operation(Get, start, "startLogIn", "Go to a provider to log in")
            .about(
                "OpenID Connect: the authorization code with PKCE. A provider that is not there, or away, \
                 leads to `/login?error=…`.",
            )
            .query(words("return", 512, "The page of the app to go on with, as a path."))
            .query(switch("again", "Whether the provider shall ask who it is in any case."))
            .answer(303, "To the provider, or to the login page.", &[LOCATION])
            .stored(),
        operation(Post, start, "startLink", "Go to a provider to log in by it as well")
            .json::<LinkStart>(200, "Where the browser is to go.", &[SET_COOKIE])
            .protected(),
        operation(Get, "/api/auth/oidc/{provider_id}/callback", "finishLogIn", "Come back from it")
            .about(
                "Logged in, with the cookie `token`, and on to the page that was wanted; or to `/login?error=…` \
                 (`/profile?error=…` of a link). Any query is taken: providers add to it.",
            )
            .answer(303, "To a page of the app.", &[LOCATION, SET_COOKIE]),
        operation(
            Post,
            "/api/auth/oidc/{provider_id}/backchannel-logout",
            "logOutByProvider",
            "A provider ends log-ins",
        )
        .about(
            "OpenID Connect Back-Channel Logout: a form with `logout_token`, sent by the provider. It counts once.",
        )
        .form::<LogoutForm>()
        .answer(200, "They have ended, if there were any.", &[])
        .problem(ProblemKind::LogoutTokenInvalid)
        .stored(),
        operation(Get, "/api/auth/identities", "listIdentities", "By what you can log in")
            .json::<Identities>(200, "Your identities at providers.", &[])
            .protected(),
        operation(
            Delete,
            "/api/auth/identities/{identity_id}",
            "unlinkIdentity",
            "Log in by a provider no more",
        )
        .about("Log-ins that were made by it end, but for the one that asks.")
        .answer(204, "It is no way in any more.", &[])
        .problem(ProblemKind::LastWayIn)
        .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
