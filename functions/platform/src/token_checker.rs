//! Who is asking: the token of a request, checked and not revoked (docs/contract/api.md, API-TOKEN).
//!
//! Which tokens are revoked PostgreSQL decides, in the statement that reads or writes for the token's
//! user: no other store is asked, so none can be wrong about it.

use crate::credential::{self, cleared_cookie, set_cookie};
use crate::postgres::{self, Parameter, Row};
use crate::sqlstate::LOGIN_EXPIRED;
use crate::{AllowedOrigins, Answer, Call, Failure, header, host, redis, variables};
use shared::Traceparent;
use shared::auth::challenge::Challenge;
use shared::auth::{ApiToken, Claims, Keys, Refused, Scope};
use shared::data::{keys, sql};
use shared::http::Credential;
use shared::http::problem::{LOGIN, Problem, ProblemKind};
use shared::models::{Role, Timestamp, User};

/// The claims of the user who sends this request. We signed the token and it has not expired; whether it
/// was revoked is left to the statement that the caller runs with [`parameters`].
///
/// # Errors
/// 401 without a token of ours, 403 for an API token and where a foreign page borrowed the cookie, 503
/// where no database is configured.
pub async fn signed(call: &Call) -> Result<Claims, Failure> {
    let claims = bearer(call).await?;
    match claims.api_token {
        None => Ok(claims),
        Some(reach) => {
            let detail = "This cannot be done with an API token, only by a user who is logged in.";
            Err(out_of_reach(call, &claims, reach.scope, "session", detail).await)
        }
    }
}

/// The same of what API tokens of this scope may do as well (docs/contract/api.md, API-TOKEN-SCOPE).
/// Whether one is of a board, the statement decides.
///
/// # Errors
/// As [`signed`]; 403 for an API token of a lesser scope.
pub async fn signed_for(call: &Call, scope: Scope) -> Result<Claims, Failure> {
    let claims = bearer(call).await?;
    match claims.api_token {
        Some(reach) if reach.scope < scope => {
            let detail = format!(
                "This API token is for the scope {}, and this needs {}.",
                reach.scope.as_str(),
                scope.as_str()
            );
            Err(out_of_reach(call, &claims, reach.scope, scope.as_str(), &detail).await)
        }
        _ => Ok(claims),
    }
}

/// The same of what is about no board that there is.
///
/// # Errors
/// As [`signed_for`]; 403 for an API token for some boards only.
pub async fn signed_for_all_boards(call: &Call, scope: Scope) -> Result<Claims, Failure> {
    let claims = signed_for(call, scope).await?;
    match claims.api_token {
        Some(reach) if reach.some_boards => {
            let detail = "This API token is for some boards only.";
            Err(out_of_reach(call, &claims, reach.scope, "all-boards", detail).await)
        }
        _ => Ok(claims),
    }
}

/// The same claims with the user's name, which an API token does not have.
///
/// # Errors
/// As [`read_for`].
pub async fn named(call: &Call, claims: Claims) -> Result<Claims, Failure> {
    if claims.api_token.is_none() {
        return Ok(claims);
    }
    let row = read_for(call, &claims, sql::CHECK_TOKEN, []).await?;
    Ok(claims.with_details(row.text(0)?.to_owned(), row.optional_number(1)?))
}

/// The API token's scope is not enough (403); an invalid one gets a 401 first.
async fn out_of_reach(
    call: &Call,
    claims: &Claims,
    scope: Scope,
    needed: &str,
    detail: &str,
) -> Failure {
    match read_for(call, claims, sql::CHECK_TOKEN, []).await {
        Ok(_) => Problem::new(ProblemKind::TokenScope, detail)
            .with("scope", scope.as_str())
            .with("needed", needed)
            .into(),
        Err(failure) => failure,
    }
}

/// The claims of the sender of this request, or of an API token what it claims to be.
async fn bearer(call: &Call) -> Result<Claims, Failure> {
    postgres::url().await?;
    let credential = credential::of(call)
        .ok_or_else(|| unauthorized("You are not logged in: the request carries no token."))?;
    if let Credential::Bearer(text) = credential
        && ApiToken::is_meant(text)
    {
        let token = ApiToken::parse(text);
        return token.as_ref().map(Claims::of_api_token).ok_or_else(not_ours);
    }
    let claims = Claims::verify(credential.token(), &keys().await?, host::now());
    let claims = claims.map_err(|refused| match refused {
        Refused::Expired => unauthorized("Your login has expired. Please log in again."),
        _ => not_ours(),
    })?;
    let origins = AllowedOrigins::new(&variables::get("cors_origins").await?);
    if credential::is_borrowed(credential, call, &origins) {
        let detail = "A page of another origin may not do this with your cookie.";
        return Err(Failure::refused(ProblemKind::ForeignOrigin, detail));
    }
    Ok(claims)
}

/// What every statement that checks a token takes first: `$1` user id, `$2` generation, `$3` jti.
///
/// # Errors
/// None that claims of ours can cause.
pub fn parameters(claims: &Claims) -> Result<Vec<Parameter>, Failure> {
    Ok(vec![
        postgres::number(claims.user_id)?,
        Parameter::Int64(claims.generation()),
        postgres::text(&claims.jti),
    ])
}

/// The row of a statement that reads for the user of a token; `rest` are its parameters after those of
/// [`parameters`]. It gives no row if the token is not valid.
///
/// # Errors
/// 401 if the token is revoked, 503 if PostgreSQL is unavailable.
pub async fn read_for(
    call: &Call,
    claims: &Claims,
    statement: &'static str,
    rest: impl IntoIterator<Item = Parameter>,
) -> Result<Row, Failure> {
    let mut parameters = parameters(claims)?;
    parameters.extend(rest);
    postgres::query_one(call, statement, parameters).await?.ok_or_else(revoked)
}

/// The same for a statement for admins, whose first column says whether the user is one.
///
/// # Errors
/// As [`read_for`]; 404 if they are none, as of a path where nothing is.
pub async fn read_for_admin(
    call: &Call,
    claims: &Claims,
    statement: &'static str,
    rest: impl IntoIterator<Item = Parameter>,
) -> Result<Row, Failure> {
    let row = read_for(call, claims, statement, rest).await?;
    if row.truth(0)? { Ok(row) } else { Err(Failure::nothing_at(call.path())) }
}

/// Ensures that an admin is asking.
///
/// # Errors
/// As [`signed`]; 401 if the token is revoked, 404 if they are none.
pub async fn check_admin(call: &Call) -> Result<(), Failure> {
    let row = read_for(call, &signed(call).await?, sql::FIND_ME, []).await?;
    let (user, _) = user(&row)?;
    if user.role == Role::Admin { Ok(()) } else { Err(Failure::nothing_at(call.path())) }
}

/// Who is asking, for the functions of `migrations/` that are no changes of boards: their `who`.
#[must_use]
pub fn asker(claims: &Claims) -> serde_json::Value {
    let (user_id, generation, jti) = (claims.user_id, claims.generation(), &claims.jti);
    let mut asker = serde_json::json!({"user_id": user_id, "generation": generation, "jti": jti});
    if let Some(reach) = claims.api_token {
        asker["scope"] = reach.scope.as_str().into();
    }
    asker
}

/// Who is asking, for the writes of `migrations/`, which check the token under the board's lock: their
/// `who`. The event has the `trace` of the write.
#[must_use]
pub fn who(claims: &Claims, writes: WriteLimit, trace: Option<&Traceparent>) -> Parameter {
    let WriteLimit { burst, per_second } = writes;
    // As text: the statements turn it into JSON themselves.
    let mut who = asker(claims);
    who["writes"] = serde_json::json!({"burst": burst, "per_second": per_second});
    if let Some(trace) = trace {
        who["traceparent"] = trace.as_str().into();
    }
    Parameter::Str(who.to_string())
}

/// How many writes a user may make at once, and each second from then on.
#[derive(Clone, Copy, Debug)]
pub struct WriteLimit {
    /// At once.
    pub burst: u64,
    /// A second.
    pub per_second: u64,
}

/// The token was ours, and is no longer valid (401).
#[must_use]
pub fn revoked() -> Failure {
    unauthorized("You have been logged out. Please log in again.")
}

/// Makes the relays look at the tokens behind a user's sockets again (docs/contract/realtime.md,
/// RT-REVOKE). Where Redis takes nothing they do so by themselves.
pub async fn tell_relays(call: &Call, user_id: u64) {
    /// A relay that was gone for longer than this checks all sockets anyway.
    const ENTRIES: u64 = 1000;
    let words = [
        redis::text(keys::CONTROL_FEED),
        redis::text("MAXLEN"),
        redis::text("~"),
        redis::number(ENTRIES),
        redis::text("*"),
        redis::text("user"),
        redis::number(user_id),
        redis::text("reason"),
        redis::text("logout"),
    ];
    if let Err(failure) = redis::execute(call, "XADD", &words).await {
        failure.log(call.request_id());
    }
}

/// Issues a token to a user who has just proved who they are: the answer
/// `{user, token, expires_at}` with the cookie.
///
/// # Errors
/// 503 if PostgreSQL is unavailable, 500 if the secrets are malformed.
pub async fn log_in(
    call: &Call,
    status: http::StatusCode,
    user: &User,
    generation: u64,
) -> Result<Answer, Failure> {
    let claims = begin_session(call, user, generation, None).await?;
    logged_in(status, user, &claims).await
}

/// A valid code beside the password, as the database knows it.
#[derive(Clone, Debug)]
pub enum KnownCode<'a> {
    /// A recovery code, by its digest.
    Recovery(String),
    /// One of the user's app.
    Totp {
        /// Its step.
        step: u64,
        /// The sealed secret that it was found with.
        sealed: &'a str,
        /// The same secret, if it has to be sealed anew.
        anew: Option<String>,
    },
}

/// Uses up a code and a first step ([`first_step`]), both or neither, and issues the token that they lead to, which goes
/// on with the step's random id; `None` if the code is not valid.
///
/// # Errors
/// As [`log_in`]; 401 if the step has led to a log-in, or its user's tokens were revoked.
pub async fn log_in_by_code(
    call: &Call,
    user: &User,
    generation: u64,
    random_id: &str,
    code: KnownCode<'_>,
) -> Result<Option<Answer>, Failure> {
    let claims = Claims::issue(user, generation, random_id, host::now());
    let mut parameters = parameters(&claims)?;
    parameters.push(postgres::number(claims.exp)?);
    parameters.push(postgres::optional_text(user_agent(call).as_deref()));
    parameters.extend(match code {
        KnownCode::Recovery(digest) => {
            [postgres::text(&digest), Parameter::DbNull, Parameter::DbNull, Parameter::DbNull]
        }
        KnownCode::Totp { step, sealed, anew } => [
            Parameter::DbNull,
            postgres::number(step)?,
            postgres::text(sealed),
            postgres::optional_text(anew.as_deref()),
        ],
    });
    let row = postgres::query_one(call, sql::LOG_IN_BY_CODE, parameters).await?;
    if !row.ok_or_else(login_expired)?.truth(0)? {
        return Ok(None);
    }
    logged_in(http::StatusCode::OK, user, &claims).await.map(Some)
}

/// The answer to a log-in.
async fn logged_in(
    status: http::StatusCode,
    user: &User,
    claims: &Claims,
) -> Result<Answer, Failure> {
    let (token, expires_at) = (claims.sign(&keys().await?), claims.expires_at());
    let json = serde_json::json!({"user": user, "token": token, "expires_at": expires_at});
    let cookie = set_cookie(&token, shared::auth::TOKEN_SECONDS, is_cookie_secure().await);
    Ok(Answer::json(status, json.to_string())
        .with(header::SET_COOKIE, &cookie)
        .with(header::CACHE_CONTROL, "no-store"))
}

/// By which identity somebody logs in (docs/contract/api.md, API-OIDC).
#[derive(Clone, Copy, Debug)]
pub struct ByProvider<'a> {
    /// The identity's id.
    pub identity: u64,
    /// The session at the provider.
    pub session: Option<&'a str>,
    /// When they proved there who they are, in seconds since 1970.
    pub authenticated_at: u64,
}

/// Issues a token to a user whom a provider has just authenticated: the cookie's value for `Set-Cookie`.
///
/// # Errors
/// As [`log_in`].
pub async fn log_in_by_provider(
    call: &Call,
    user: &User,
    generation: u64,
    by: ByProvider<'_>,
) -> Result<String, Failure> {
    let token = begin_session(call, user, generation, Some(by)).await?;
    let token = token.sign(&keys().await?);
    Ok(set_cookie(&token, shared::auth::TOKEN_SECONDS, is_cookie_secure().await))
}

/// By the use of which passkey somebody logs in (docs/contract/api.md, API-PASSKEY).
#[derive(Clone, Copy, Debug)]
pub struct ByPasskey<'a> {
    /// The passkey's id.
    pub passkey: u64,
    /// How often it was used.
    pub sign_count: u32,
    /// The challenge that it answered.
    pub challenge: &'a Challenge,
}

/// Issues a token to a user whose passkey was checked; `None` if its challenge was used before, or the passkey since.
///
/// # Errors
/// As [`log_in`].
pub async fn log_in_by_passkey(
    call: &Call,
    user: &User,
    generation: u64,
    by: ByPasskey<'_>,
) -> Result<Option<Answer>, Failure> {
    let claims = Claims::issue(user, generation, &host::random_id(), host::now());
    let parameters = vec![
        postgres::number(by.passkey)?,
        postgres::number(by.sign_count.into())?,
        postgres::text(&by.challenge.challenge),
        postgres::number(by.challenge.ends)?,
        postgres::text(&claims.jti),
        postgres::number(generation)?,
        postgres::number(claims.exp)?,
        postgres::optional_text(user_agent(call).as_deref()),
    ];
    let row = postgres::query_one(call, sql::PASSKEY_LOG_IN, parameters).await?;
    match row.map(|row| row.truth(0)).transpose()? {
        Some(true) => logged_in(http::StatusCode::OK, user, &claims).await.map(Some),
        _ => Ok(None),
    }
}

async fn begin_session(
    call: &Call,
    user: &User,
    generation: u64,
    by: Option<ByProvider<'_>>,
) -> Result<Claims, Failure> {
    let claims = Claims::issue(user, generation, &host::random_id(), host::now());
    let session = vec![
        postgres::number(user.id)?,
        postgres::text(&claims.jti),
        postgres::number(generation)?,
        postgres::number(claims.exp)?,
        postgres::optional_text(user_agent(call).as_deref()),
        postgres::optional_number(by.map(|by| by.identity))?,
        postgres::optional_text(by.and_then(|by| by.session)),
        postgres::optional_number(by.map(|by| by.authenticated_at))?,
    ];
    postgres::query(call, sql::BEGIN_SESSION, session).await?;
    Ok(claims)
}

/// Tells a user who knew their password that a second factor is asked for: the answer
/// `{second_factor: {token, expires_at}}`. The token logs nobody in.
///
/// # Errors
/// 500 if the secrets are malformed.
pub async fn ask_for_second_factor(user: &User, generation: u64) -> Result<Answer, Failure> {
    let claims = Claims::begin(user, generation, &host::random_id(), host::now());
    let (token, expires_at) = (claims.sign_step(&keys().await?), claims.expires_at());
    let json = serde_json::json!({"second_factor": {"token": token, "expires_at": expires_at}});
    let answer = Answer::json(http::StatusCode::OK, json.to_string());
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

/// The claims of the token that [`ask_for_second_factor`] gave; `None` if it is malformed or too old.
///
/// # Errors
/// 500 if the secrets are malformed.
pub async fn first_step(token: &str) -> Result<Option<Claims>, Failure> {
    Ok(Claims::verify_step(token, &keys().await?, host::now()).ok())
}

/// A first step has led to a log-in, or no longer counts (401): which of them is the same to its user.
#[must_use]
pub fn login_expired() -> Failure {
    Failure::refused(ProblemKind::LoginExpired, LOGIN_EXPIRED)
}

/// What the client says that it is, as far as it is kept (docs/contract/api.md, API-SESSIONS).
fn user_agent(call: &Call) -> Option<String> {
    const MOST: usize = 200;
    let agent: String = call.header(&header::USER_AGENT)?.chars().take(MOST).collect();
    Some(agent).filter(|agent| !agent.is_empty())
}

/// The same answer, with the cookie cleared.
pub async fn log_out(answer: Answer) -> Answer {
    answer.with(header::SET_COOKIE, &cleared_cookie(is_cookie_secure().await))
}

/// The user in the first five columns of a row (id, username, display name, role, creation in
/// milliseconds since 1970), and the generation of their tokens in the sixth.
///
/// # Errors
/// 500 if they are something else.
pub fn user(row: &Row) -> Result<(User, u64), Failure> {
    let role = Role::parse(row.text(3)?).ok_or_else(|| Failure::internal("an unknown role"))?;
    let user = User {
        id: row.number(0)?,
        username: row.text(1)?.to_owned(),
        display_name: row.text(2)?.to_owned(),
        role,
        created_at: Timestamp::from_milliseconds(row.integer(4)?),
    };
    Ok((user, row.number(5)?))
}

/// The secrets that sign tokens.
///
/// # Errors
/// 500 if they are not as they must be.
pub async fn keys() -> Result<Keys, Failure> {
    let current = variables::get("jwt_secret").await?;
    let previous = variables::get("jwt_secret_previous").await?;
    Keys::new(&current, &previous).map_err(|error| {
        Failure::internal(format_args!("jwt_secret or jwt_secret_previous {error}"))
    })
}

/// Whether cookies are for protected connections alone.
pub async fn is_cookie_secure() -> bool {
    // Whatever else it says, and where it says nothing, cookies stay off unprotected connections.
    variables::get("cookie_secure").await.map_or(true, |value| value != "false")
}

fn not_ours() -> Failure {
    unauthorized("This server does not accept the token. Please log in again.")
}

fn unauthorized(detail: &str) -> Failure {
    Problem::new(ProblemKind::Unauthorized, detail).with("login", LOGIN).into()
}
