//! `/api/auth/register`: a new user, who is logged in at once.

#![cfg(target_arch = "wasm32")]

use platform::invitation::Registration as Mode;
use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, host, invitation, login_attempts,
    password_hashing, postgres, publishing, registrations, serve, token_checker,
};
use shared::auth::{LinkToken, password};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::{DisplayName, Password, PasswordGuess, Username, UsernameGuess};

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::POST], async |call| register(call).await).await
}

/// What was asked for.
struct Registration {
    username: Username,
    password: Password,
    display_name: DisplayName,
    invitation: Option<LinkToken>,
    key: Option<String>,
}

/// Who has the name.
enum Known {
    Nobody,
    Somebody,
    /// The user whom an earlier request with the same key made.
    Earlier(postgres::Row),
}

/// `{username, password, display_name?, invitation?}` → 201 `{user, token, expires_at}`.
async fn register(call: &Call) -> Result<Answer, Failure> {
    let wanted = Registration::read(call)?;
    postgres::url().await?;
    // The name first: a hash for nothing is what costs.
    let known = wanted.look_up(call).await?;
    if let Known::Earlier(row) = known {
        return wanted.replay(call, &row).await;
    }
    wanted.check_invitation(call).await?;
    registrations::count(call).await?;
    if matches!(known, Known::Somebody) {
        return Err(wanted.taken());
    }
    let salt = host::random_salt();
    let hash = password_hashing::hash(call, || password::hash(&wanted.password, &salt)).await?;
    let mut parameters = [wanted.username.as_str(), wanted.display_name.as_str(), &hash]
        .map(postgres::text)
        .to_vec();
    let link = wanted.invitation.as_ref().map(LinkToken::digest);
    parameters.extend([wanted.key.as_deref(), link.as_deref()].map(postgres::optional_text));
    if let Some(row) = postgres::query_one(call, sql::REGISTER_USER, parameters).await? {
        let (user, generation) = token_checker::user(&row)?;
        if let Some(event) = row.optional_text(6)? {
            // If this is not delivered now, the relay finds the event itself.
            publishing::publish(call, event).await;
        }
        return token_checker::log_in(call, StatusCode::CREATED, &user, generation).await;
    }
    // Another request was faster; maybe it was the same one.
    match wanted.look_up(call).await? {
        Known::Earlier(row) => wanted.replay(call, &row).await,
        Known::Somebody | Known::Nobody => Err(wanted.taken()),
    }
}

impl Registration {
    fn read(call: &Call) -> Result<Self, Failure> {
        let mut fields = call.fields()?;
        let username: Option<Username> = fields.required("username");
        let password: Option<Password> = fields.required("password");
        let display_name: Option<DisplayName> = fields.optional("display_name");
        let invitation: Option<LinkToken> = fields.optional("invitation");
        fields.finish()?;
        let (Some(username), Some(password)) = (username, password) else {
            return Err(Failure::internal("a field that was neither read nor refused"));
        };
        let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
        Ok(Self { username, password, display_name, invitation, key: call.idempotency_key()? })
    }

    /// Checks that registration is allowed: by the invitation, if there is one.
    async fn check_invitation(&self, call: &Call) -> Result<(), Failure> {
        let mode = Mode::configured().await?;
        match &self.invitation {
            None if mode == Mode::Open => Ok(()),
            None => Err(mode.closed()),
            Some(token) => {
                let found = invitation::find(call, token).await?;
                if mode.takes(&found) { Ok(()) } else { Err(mode.closed()) }
            }
        }
    }

    async fn look_up(&self, call: &Call) -> Result<Known, Failure> {
        let parameters = vec![
            postgres::text(self.username.as_str()),
            postgres::optional_text(self.key.as_deref()),
        ];
        Ok(match postgres::query_one(call, sql::FIND_REGISTERED, parameters).await? {
            Some(row) if row.truth(7)? => Known::Earlier(row),
            Some(_) => Known::Somebody,
            None => Known::Nobody,
        })
    }

    /// Answers a request whose first answer was lost on the way. The user gets a token of their own,
    /// because none is ever stored. Somebody who knows a key must not learn the password from it, so this
    /// counts as an attempt to log in.
    async fn replay(&self, call: &Call, row: &postgres::Row) -> Result<Answer, Failure> {
        let name = UsernameGuess::from(self.username.as_str());
        let guess = PasswordGuess::from(&self.password);
        let right = login_attempts::limit(call, &name, async || {
            let hash = row.text(6)?;
            let right =
                password_hashing::hash(call, || password::verify(&guess, Some(hash))).await?;
            Ok(right.then_some(()))
        });
        right.await?.ok_or_else(|| self.taken())?;
        let (user, generation) = token_checker::user(row)?;
        if user.display_name != self.display_name.as_str() {
            let detail = "This Idempotency-Key was used for another request.";
            return Err(Failure::refused(ProblemKind::IdempotencyKeyReused, detail));
        }
        let answer = token_checker::log_in(call, StatusCode::CREATED, &user, generation).await?;
        Ok(answer.replayed(true))
    }

    fn taken(&self) -> Failure {
        let detail = format!("The username {} is taken.", self.username.as_str());
        Failure::refused(ProblemKind::UsernameTaken, detail)
    }
}
