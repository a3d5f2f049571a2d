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
    NewPasskey, OwnProof, Passkey, PasskeyLogin, PasskeyName, PasskeyQuestion, PasskeyRequest,
    Passkeys,
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
                "The new user is logged in at once. After 30 attempts from an address within 15 \
                 minutes (taken names included), nobody may register there until `Retry-After`.",
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
                "A wrong password and an unknown name get the same response, in the same time. \
                 After 5 failures for a name or 20 from an address within 15 minutes, nobody may \
                 try until `Retry-After`.",
            )
            .body::<Credentials>(&json!({"username": "ada", "password": "correct horse battery"}))
            .json::<LoginAnswer>(200, "Logged in, or asked for a second factor.", &[SET_COOKIE])
            .problem(ProblemKind::InvalidCredentials)
            .problem(ProblemKind::TooManyAttempts)
            .stored(),
        operation(Post, "/api/auth/logout", "logOut", "Log out")
            .about("This token is no longer valid, and the cookie is cleared.")
            .query(switch("everywhere", "Whether to revoke all of your tokens."))
            .answer(204, "Logged out.", &[SET_COOKIE])
            .protected(),
        operation(Get, "/api/auth/me", "readMe", "Who is logged in")
            .query(switch(
                "optional",
                "Whether to answer 204 instead of 401 if nobody is logged in.",
            ))
            .json::<User>(200, "You.", &[])
            .answer(204, "Nobody is logged in, and `optional` was given.", &[SET_COOKIE])
            .protected(),
        operation(Patch, "/api/auth/me", "changeMe", "Change your account")
            .about(
                "A new password needs the current one, whose guesses are counted like logins, and \
                 revokes every other token. A user without a password needs a log-in through a \
                 provider within the last ten minutes.",
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
        operation(
            Post,
            "/api/auth/login/second-factor",
            "takeSecondStep",
            "Give the second factor",
        )
        .about(
            "`token` is what the log-in returned for the password, `code` one from the app or a \
             recovery code. After 5 wrong codes of the app within 15 minutes only a recovery code \
             lets the user in.",
        )
        .body::<SecondStep>(&step)
        .json::<Login>(200, "Logged in.", &[SET_COOKIE])
        .problem(ProblemKind::InvalidCode)
        .problem(ProblemKind::LoginExpired)
        .problem(ProblemKind::TooManyAttempts)
        .stored(),
        operation(Get, "/api/auth/totp", "readTotp", "Whether a log-in asks for a code")
            .json::<TotpStatus>(200, "What is set up.", &[])
            .protected(),
        operation(Post, "/api/auth/totp", "beginTotp", "Get a secret for an authenticator app")
            .about("Nothing changes until a code made from it is confirmed.")
            .body::<OwnPassword>(&json!({"password": "correct horse battery"}))
            .json::<TotpEnrolment>(200, "The secret, shown only once.", &[])
            .problem(ProblemKind::SecondFactorState)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(Post, "/api/auth/totp/confirm", "confirmTotp", "Make log-ins ask for a code")
            .body::<TotpConfirmation>(&json!({"code": "287082"}))
            .json::<RecoveryCodes>(200, "From now on; with recovery codes, shown only once.", &[])
            .problem(ProblemKind::SecondFactorState)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(
            Post,
            "/api/auth/totp/recovery-codes",
            "replaceRecoveryCodes",
            "Replace the recovery codes",
        )
        .about("The previous ones are no longer valid.")
        .body::<PasswordAndCode>(&both)
        .json::<RecoveryCodes>(200, "Shown only once.", &[])
        .problem(ProblemKind::SecondFactorState)
        .problem(ProblemKind::TooManyAttempts)
        .protected(),
        operation(
            Post,
            "/api/auth/totp/disable",
            "disableTotp",
            "Stop asking for a code at log-in",
        )
        .body::<PasswordAndCode>(&both)
        .answer(204, "Codes are no longer asked for.", &[])
        .problem(ProblemKind::SecondFactorState)
        .problem(ProblemKind::TooManyAttempts)
        .protected(),
    ]
}

fn passkeys() -> Vec<Operation> {
    let proof = json!({"password": "correct horse battery"});
    let login = "/api/auth/login/passkey";
    vec![
        operation(
            Post,
            "/api/auth/login/passkey/options",
            "beginPasskeyLogIn",
            "Ask for a passkey",
        )
        .about(
            "`public_key` is for `PublicKeyCredential.parseRequestOptionsFromJSON` and \
             `navigator.credentials.get`. Any passkey for this site will do: no username is \
             needed.",
        )
        .json::<PasskeyQuestion>(200, "What the browser asks its user for.", &[])
        .stored(),
        operation(Post, login, "logInByPasskey", "Log in by a passkey")
            .about(
                "`credential` is the browser's credential as `toJSON()` returns it. Neither a \
                 password nor a second factor is asked for. An invalid one is counted like a \
                 failed log-in.",
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
                 `navigator.credentials.create`. The name and the number of passkeys are checked \
                 here already, so that no key is made in vain.",
            )
            .body::<PasskeyRequest>(&json!({
                "name": "My phone", "password": "correct horse battery"
            }))
            .json::<PasskeyQuestion>(200, "What the browser asks its user for.", &[])
            .problem(ProblemKind::LimitReached)
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(Post, "/api/auth/passkeys", "addPasskey", "Add a passkey")
            .about("`credential` is the browser's credential as `toJSON()` returns it.")
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
            "Remove a passkey",
        )
        .about("Sessions that began with it end, except for the one that asks.")
        .body::<OwnProof>(&proof)
        .answer(204, "It can no longer be used to log in.", &[])
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
        operation(Post, "/api/auth/reset-password", "resetPassword", "Set a password with a link")
            .about(
                "Once and within 24 hours. Every token of the user is revoked: they have to log in \
                 again. Invalid links are counted like failed log-ins.",
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
        operation(Delete, "/api/auth/sessions/{session_id}", "revokeSession", "End a session")
            .about("Its token is no longer valid; it may be the session that asks.")
            .answer(204, "It is over.", &[])
            .protected(),
        operation(Get, "/api/auth/export", "exportAccount", "Export what is stored about you")
            .about(
                "Your newest 10,000 tasks and comments on boards of which you are a member. Boards \
                 have exports of their own.",
            )
            .json::<AccountExport>(200, "The file.", &[CONTENT_DISPOSITION])
            .protected(),
        operation(Post, "/api/auth/delete-account", "deleteAccount", "Delete your account")
            .about(
                "Boards without other members go into the trash. Those with other members need \
                 another owner first, or go into the trash as well with `delete_boards`. What you \
                 wrote on other people's boards stays there, under a username that is never given \
                 again.",
            )
            .body::<AccountEnd>(&json!({"password": "correct horse battery"}))
            .answer(204, "The account no longer exists.", &[SET_COOKIE])
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
        operation(
            Post,
            "/api/auth/forgot-password",
            "forgotPassword",
            "Ask for a password reset link",
        )
        .about(
            "A link to set a new password goes to the confirmed address of this account, if both \
             exist. The response, and the time it takes, are the same in every case. After 20 \
             requests for mails from an address within 15 minutes, nobody there may ask until \
             `Retry-After`; nobody gets more than 5 mails within an hour.",
        )
        .body::<ForgottenPassword>(&json!({"account": "ada@example.org", "language": "en"}))
        .answer(
            202,
            "A mail is on its way, if there is such an account with a confirmed address.",
            &[],
        )
        .problem(ProblemKind::NoMail)
        .problem(ProblemKind::TooManyAttempts)
        .stored(),
        operation(Get, "/api/auth/email", "readEmail", "Your e-mail address")
            .json::<Email>(200, "What is stored about it.", &[])
            .protected(),
        operation(Post, "/api/auth/email", "setEmail", "Set your e-mail address")
            .about(
                "A mail with a link goes there; the address is confirmed once you have used the \
                 link while logged in, within 24 hours. The previous one stays in use until then.",
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
            .about("The previous link is no longer valid.")
            .body::<MailWish>(&json!({"language": "en"}))
            .json::<Email>(202, "A mail is on its way.", &[])
            .problem(ProblemKind::NotFound)
            .problem(ProblemKind::NoMail)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
        operation(
            Post,
            "/api/auth/email/verify",
            "verifyEmail",
            "Confirm your address with a link",
        )
        .about("Once, by the user for whom it was made.")
        .body::<ShownLink>(&link)
        .json::<Email>(200, "It is confirmed.", &[])
        .problem(ProblemKind::LinkInvalid)
        .problem(ProblemKind::EmailTaken)
        .protected(),
        operation(Post, "/api/auth/email/remove", "removeEmail", "Remove your e-mail address")
            .body::<EmailEnd>(&json!({"password": "correct horse battery"}))
            .answer(204, "It is removed.", &[])
            .problem(ProblemKind::ReauthenticationRequired)
            .problem(ProblemKind::TooManyAttempts)
            .protected(),
    ]
}

fn providers() -> Vec<Operation> {
    let start = "/api/auth/oidc/{provider_id}/start";
    let proof = json!({"password": "correct horse battery"});
    vec![
        operation(
            Get,
            "/api/auth/providers",
            "listProviders",
            "List the providers with which users can log in",
        )
        .json::<ProviderList>(200, "What the login page has buttons for.", &[]),
        operation(Get, start, "startLogIn", "Start a log-in through a provider")
            .about(
                "OpenID Connect: the authorization code flow with PKCE. An unknown or unavailable \
                 provider leads to `/login?error=…`.",
            )
            .query(words("return", 512, "The page of the app to continue with, as a path."))
            .query(switch(
                "again",
                "Whether the provider has to authenticate the user again in any case.",
            ))
            .answer(303, "To the provider, or to the login page.", &[LOCATION])
            .stored(),
        operation(
            Post,
            "/api/auth/oidc/{provider_id}/link",
            "startLink",
            "Start linking an identity at a provider",
        )
        .body::<OwnProof>(&proof)
        .json::<LinkStart>(200, "Where the browser has to go.", &[SET_COOKIE])
        .problem(ProblemKind::ReauthenticationRequired)
        .problem(ProblemKind::TooManyAttempts)
        .protected(),
        operation(
            Get,
            "/api/auth/oidc/{provider_id}/callback",
            "finishLogIn",
            "Finish a log-in or a link",
        )
        .about(
            "Logs in, with the cookie `token`, and redirects to the page that was wanted; or to \
             `/login?error=…` (`/profile?error=…` for a link). Unknown query parameters are \
             ignored: providers add some.",
        )
        .answer(303, "To a page of the app.", &[LOCATION, SET_COOKIE]),
        operation(
            Post,
            "/api/auth/oidc/{provider_id}/backchannel-logout",
            "logOutByProvider",
            "End sessions at a provider's request",
        )
        .about(
            "OpenID Connect Back-Channel Logout: a form with `logout_token`, sent by the provider. \
             It is valid once.",
        )
        .form::<LogoutForm>()
        .answer(200, "They have ended, if there were any.", &[])
        .problem(ProblemKind::LogoutTokenInvalid)
        .stored(),
        operation(Get, "/api/auth/identities", "listIdentities", "Your identities at providers")
            .json::<Identities>(200, "The identities with which you can log in.", &[])
            .protected(),
        operation(
            Post,
            "/api/auth/identities/{identity_id}/remove",
            "unlinkIdentity",
            "Unlink an identity",
        )
        .about("Sessions that began with it end, except for the one that asks.")
        .body::<OwnProof>(&proof)
        .answer(204, "It can no longer be used to log in.", &[])
        .problem(ProblemKind::LastWayIn)
        .problem(ProblemKind::ReauthenticationRequired)
        .problem(ProblemKind::TooManyAttempts)
        .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
