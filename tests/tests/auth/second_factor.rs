//! Codes beside the password (docs/contract/api.md, API-SECOND-FACTOR and API-TOTP).

use super::{Auth, ME, PASSWORD, REGISTER, World, fresh_name, stack, token};
use contract_tests::Reply;
use contract_tests::stack::JWT_SECRET;
use futures::future::join_all;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use totp_rs::{Builder, Secret, Totp};

const STEP: &str = "/api/auth/login/second-factor";
const TOTP: &str = "/api/auth/totp";
const WRONG: &str = "aaaa-aaaa-aaaa-aaaa";

/// An authenticator app. Each code is accepted once; the next time step's code is accepted early.
pub(super) struct App {
    totp: Totp,
    next: u64,
}

impl App {
    fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).expect("base32");
        let totp = Builder::new().with_secret(secret).build().expect("a good secret");
        Self { totp, next: now() / 30 }
    }

    /// An unused code: at any time there are two.
    pub(super) fn code(&mut self) -> String {
        self.next = self.next.max(now() / 30) + 1;
        self.of(self.next - 1)
    }

    fn of(&self, step: u64) -> String {
        self.totp.generate(step * 30).to_string()
    }

    /// Codes that stay wrong for minutes.
    fn wrong(&self) -> impl Iterator<Item = String> {
        let here = now() / 30;
        let right: Vec<String> = (here - 4..here + 8).map(|step| self.of(step)).collect();
        (0..1_000_000).map(|code| format!("{code:06}")).filter(move |code| !right.contains(code))
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// A user with an authenticator app.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) token: String,
    pub(super) app: App,
    pub(super) recovery: Vec<String>,
}

async fn post(auth: &Auth, token: &str, path: &str, body: &Value) -> Reply {
    auth.with_token("POST", path, token).json(body).send().await
}

async fn status(auth: &Auth, token: &str) -> Value {
    auth.with_token("GET", TOTP, token).send().await.expect(200).json()
}

async fn begin(auth: &Auth, token: &str) -> Value {
    post(auth, token, TOTP, &json!({"password": PASSWORD})).await.expect(200).json()
}

fn codes(answer: &Value) -> Vec<String> {
    let codes = answer["recovery_codes"].as_array().expect("codes");
    codes.iter().map(|code| code.as_str().expect("a text").to_owned()).collect()
}

pub(super) async fn enrolled(auth: &Auth) -> Person {
    let (name, token) = auth.somebody().await;
    let begun = begin(auth, &token).await;
    let mut app = App::new(begun["secret"].as_str().expect("a secret"));
    let body = json!({"code": app.code()});
    let confirmed = post(auth, &token, &format!("{TOTP}/confirm"), &body).await.expect(200);
    Person { name, token, app, recovery: codes(&confirmed.json()) }
}

/// The answer to a login with the password.
async fn first_step(auth: &Auth, name: &str) -> String {
    let answer = auth.try_login(name, PASSWORD).await.expect(200).json();
    token(&answer["second_factor"])
}

async fn second_step(auth: &Auth, token: &str, code: &str) -> Reply {
    auth.post(STEP, &json!({"token": token, "code": code})).await
}

async fn both(auth: &Auth, person: &Person, path: &str, code: &str) -> Reply {
    let body = json!({"password": PASSWORD, "code": code});
    post(auth, &person.token, &format!("{TOTP}/{path}"), &body).await
}

#[tokio::test]
async fn api_totp_counts_once_a_code_was_confirmed_and_a_log_in_then_takes_two_steps() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, old) = auth.somebody().await;
    assert_eq!(status(&auth, &old).await, json!({"enabled_at": null, "recovery_codes": 0}));
    let confirm = format!("{TOTP}/confirm");
    let early = post(&auth, &old, &confirm, &json!({"code": "123456"})).await;
    let _ = early.problem(409, "second-factor-state");
    let wrong = post(&auth, &old, TOTP, &json!({"password": "wrong"})).await;
    assert_eq!(wrong.pointers(), ["/password"]);
    let first = begin(&auth, &old).await;
    let begun = begin(&auth, &old).await;
    assert_ne!(first["secret"], begun["secret"]);
    let secret = begun["secret"].as_str().expect("a secret");
    let uri = begun["uri"].as_str().expect("a URI");
    assert!(uri.starts_with(&format!("otpauth://totp/Taskboard:{name}?secret={secret}&")), "{uri}");
    // An unfinished setup requires no code.
    let _ = auth.login(&name).await;
    let mut replaced = App::new(first["secret"].as_str().expect("a secret"));
    for code in [replaced.code(), String::new(), WRONG.to_owned()] {
        let refused = post(&auth, &old, &confirm, &json!({"code": code})).await;
        assert_eq!(refused.pointers(), ["/code"]);
    }
    let mut app = App::new(secret);
    let confirmed = post(&auth, &old, &confirm, &json!({"code": app.code()})).await.expect(200);
    assert_eq!(confirmed.expect_header("cache-control"), "no-store");
    assert_eq!(codes(&confirmed.json()).len(), 10);
    let reported = status(&auth, &old).await;
    assert!(reported["enabled_at"].is_string() && reported["recovery_codes"] == 10, "{reported}");
    for (path, body) in
        [(TOTP, json!({"password": PASSWORD})), (confirm.as_str(), json!({"code": app.of(1)}))]
    {
        let _ = post(&auth, &old, path, &body).await.problem(409, "second-factor-state");
    }
    // Existing logins stay valid.
    let _ = auth.me(&old).await.expect(200);
    let reply = auth.try_login(&name, PASSWORD).await.expect(200);
    assert_eq!(reply.header("set-cookie"), None);
    assert_eq!(reply.expect_header("cache-control"), "no-store");
    let answer = reply.json();
    assert_eq!(answer.as_object().expect("an object").len(), 1, "{answer}");
    let step = token(&answer["second_factor"]);
    let code = app.code();
    let entered = second_step(&auth, &step, &format!("{} {}", &code[..3], &code[3..])).await;
    let entered = entered.expect(200);
    assert!(entered.expect_header("set-cookie").starts_with("token=ey"));
    assert_eq!(entered.json()["user"]["username"], name.as_str());
    let _ = auth.me(&token(&entered.json())).await.expect(200);
    // None of it is stored in plain text.
    let dump = "SELECT string_agg(totp::text, '') || string_agg(recovery_codes::text, '') \
                FROM totp JOIN recovery_codes USING (user_id)";
    let kept = world.databases.psql(dump).expect("rows");
    assert!(!kept.contains(secret));
    for code in codes(&confirmed.json()) {
        assert!(!kept.contains(&code) && !kept.contains(&code.replace('-', "")));
    }
}

#[tokio::test]
async fn api_second_factor_nothing_tells_of_it_until_the_password_was_right() {
    let auth = World::shared().await.client();
    let person = enrolled(&auth).await;
    let (plain, _) = auth.somebody().await;
    let mut answers = Vec::new();
    for name in [person.name.as_str(), &plain, "nobody-of-that-name"] {
        let reply = auth.try_login(name, "wrong password").await;
        let mut problem = reply.problem(401, "invalid-credentials");
        problem["request_id"] = Value::Null;
        answers.push(problem);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn api_second_factor_the_first_steps_token_is_no_login_and_a_login_is_none_of_it() {
    let auth = World::shared().await.client();
    let mut person = enrolled(&auth).await;
    let step = first_step(&auth, &person.name).await;
    let _ = auth.me(&step).await.problem(401, "unauthorized");
    let cookie = auth.call("GET", ME).header("cookie", &format!("token={step}")).send().await;
    let _ = cookie.problem(401, "unauthorized");
    let code = person.app.code();
    let mut forged = step.clone();
    let last = if forged.ends_with('A') { "B" } else { "A" };
    forged.replace_range(step.len() - 1.., last);
    let unsigned = format!("{}.", step.rsplit_once('.').expect("three parts").0);
    for wrong in ["", "x", &person.token, &forged, &unsigned] {
        let _ = second_step(&auth, wrong, &code).await.problem(401, "login-expired");
    }
    let missing = auth.post(STEP, &json!({"token": 7, "codes": "1"})).await;
    assert_eq!(missing.pointers(), ["/code", "/codes", "/token"]);
    // None of these attempts used up the code.
    let _ = second_step(&auth, &step, &code).await.expect(200);
}

#[tokio::test]
async fn api_second_factor_a_step_leads_to_one_log_in_and_a_code_counts_once() {
    let auth = World::shared().await.client();
    let mut person = enrolled(&auth).await;
    let (step, other) =
        (first_step(&auth, &person.name).await, first_step(&auth, &person.name).await);
    let code = person.app.code();
    let _ = second_step(&auth, &step, &code).await.expect(200);
    let _ = second_step(&auth, &other, &code).await.problem(401, "invalid-code");
    let next = &person.recovery[1];
    let _ = second_step(&auth, &step, next).await.problem(401, "login-expired");
    let _ = second_step(&auth, &other, next).await.expect(200);
    // An earlier one is no longer valid either.
    let third = first_step(&auth, &person.name).await;
    let earlier = person.app.of(person.app.next - 2);
    let _ = second_step(&auth, &third, &earlier).await.problem(401, "invalid-code");
    // A new token generation ends a login in progress.
    let _ = auth.logout(&person.token, "?everywhere=true").await.expect(204);
    let recovery = &person.recovery[0];
    let _ = second_step(&auth, &third, recovery).await.problem(401, "login-expired");
    let fresh = first_step(&auth, &person.name).await;
    let _ = second_step(&auth, &fresh, recovery).await.expect(200);
}

#[tokio::test]
async fn api_second_factor_a_step_ends_after_five_minutes_and_with_its_user() {
    let world = World::shared().await;
    let auth = world.client();
    let person = enrolled(&auth).await;
    let answer = auth.try_login(&person.name, PASSWORD).await.expect(200).json();
    let end = answer["second_factor"]["expires_at"].as_str().expect("a moment");
    let five = format!("SELECT '{end}'::timestamptz - now() BETWEEN '4 min' AND '5 min'");
    assert_eq!(world.databases.psql(&five).expect("an answer").trim(), "t");
    // A disabled user's codes are never accepted.
    let step = token(&answer["second_factor"]);
    let disable = format!("UPDATE users SET disabled = true WHERE username = '{}'", person.name);
    let _ = world.databases.psql(&disable).expect("disabled");
    let refused = second_step(&auth, &step, &person.recovery[0]).await;
    let _ = refused.problem(401, "login-expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_second_factor_of_64_uses_of_a_code_at_once_one_counts() {
    let world = World::shared().await;
    let person = enrolled(&world.client()).await;
    let (auth, step) = (world.client(), first_step(&world.client(), &person.name).await);
    let used = join_all((0..64).map(|_| second_step(&auth, &step, &person.recovery[0]))).await;
    let count = |status| used.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(200), count(200) + count(401) + count(429)), (1, 64));
    let token = &person.token;
    assert_eq!(status(&auth, token).await["recovery_codes"], 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_second_factor_of_all_codes_at_once_with_one_token_one_is_used_up() {
    let world = World::shared().await;
    for _ in 0..3 {
        let mut person = enrolled(&world.client()).await;
        let (auth, step) = (world.client(), first_step(&world.client(), &person.name).await);
        let mut codes = person.recovery.clone();
        codes.push(person.app.code());
        let replies = join_all(codes.iter().map(|code| second_step(&auth, &step, code))).await;
        let (done, refused): (Vec<_>, Vec<_>) =
            replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(done.len(), 1, "{done:?}");
        for reply in refused {
            let _ = reply.problem(401, "login-expired");
        }
        let sessions = auth.with_token("GET", "/api/auth/sessions", &token(&done[0].json()));
        let sessions = sessions.send().await.expect(200).json();
        assert_eq!(sessions["items"].as_array().map(Vec::len), Some(2), "{sessions}");
        // Each code that was not the one logs in by another token.
        let mut valid = 0;
        for code in &codes {
            let step = first_step(&auth, &person.name).await;
            valid += usize::from(second_step(&auth, &step, code).await.status == 200);
        }
        assert_eq!(valid, codes.len() - 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limit_codes_of_64_guesses_at_once_5_are_looked_at_and_a_recovery_code_still_counts() {
    let world = World::shared().await;
    let mut person = enrolled(&world.client()).await;
    let clients: Vec<Auth> = (0..8).map(|_| world.client()).collect();
    let step = first_step(&world.client(), &person.name).await;
    let guesses: Vec<String> = person.app.wrong().take(64).collect();
    let tries = guesses.iter().zip(clients.iter().cycle());
    let replies = join_all(tries.map(|(guess, auth)| second_step(auth, &step, guess))).await;
    let count = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(401), count(429)), (5, 59));
    let auth = world.client();
    // Entering the password again resets nothing, and the right code is not accepted now either.
    let step = first_step(&auth, &person.name).await;
    let right = person.app.code();
    let _ = second_step(&auth, &step, &right).await.problem(429, "too-many-attempts");
    let _ = second_step(&auth, &step, &person.recovery[0]).await.expect(200);
    let step = first_step(&auth, &person.name).await;
    let _ = second_step(&auth, &step, &right).await.problem(429, "too-many-attempts");
}

#[tokio::test]
async fn limit_codes_a_stolen_token_does_not_guess_the_first_code_of_an_app_either() {
    let auth = World::shared().await.client();
    let (name, token) = auth.somebody().await;
    let begun = begin(&auth, &token).await;
    let mut app = App::new(begun["secret"].as_str().expect("a secret"));
    let confirm = async |auth: &Auth, code: &str| {
        post(auth, &token, &format!("{TOTP}/confirm"), &json!({"code": code})).await
    };
    for guess in app.wrong().take(5) {
        assert_eq!(confirm(&auth, &guess).await.pointers(), ["/code"]);
    }
    let code = app.code();
    let elsewhere = World::shared().await.client();
    let _ = confirm(&elsewhere, &code).await.problem(429, "too-many-attempts");
    // No code is required, so nobody is locked out.
    let _ = elsewhere.try_login(&name, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn limit_codes_wrong_recovery_codes_count_for_their_address() {
    let world = World::shared().await;
    let person = enrolled(&world.client()).await;
    let thief = world.client();
    let step = first_step(&thief, &person.name).await;
    for _ in 0..20 {
        let _ = second_step(&thief, &step, WRONG).await.problem(401, "invalid-code");
    }
    let _ = second_step(&thief, &step, WRONG).await.problem(429, "too-many-attempts");
    let _ = thief.try_login(&person.name, PASSWORD).await.problem(429, "too-many-attempts");
    let _ = second_step(&world.client(), &step, &person.recovery[0]).await.expect(200);
}

#[tokio::test]
async fn api_totp_recovery_codes_are_replaced_and_all_is_turned_off_by_password_and_code() {
    let auth = World::shared().await.client();
    let mut person = enrolled(&auth).await;
    for path in ["disable", "recovery-codes"] {
        let body = json!({"password": "wrong", "code": person.recovery[0]});
        let wrong = post(&auth, &person.token, &format!("{TOTP}/{path}"), &body).await;
        assert_eq!(wrong.pointers(), ["/password"]);
        assert_eq!(both(&auth, &person, path, WRONG).await.pointers(), ["/code"]);
    }
    let _ = both(&auth, &person, "nothing", WRONG).await.problem(404, "not-found");
    let code = person.app.code();
    let replaced = both(&auth, &person, "recovery-codes", &code).await.expect(200);
    assert_eq!(both(&auth, &person, "disable", &code).await.pointers(), ["/code"], "used");
    let fresh = codes(&replaced.json());
    assert_eq!(both(&auth, &person, "disable", &person.recovery[0]).await.pointers(), ["/code"]);
    let step = first_step(&auth, &person.name).await;
    let _ = second_step(&auth, &step, &fresh[0].to_uppercase()).await.expect(200);
    assert_eq!(status(&auth, &person.token).await["recovery_codes"], 9);
    let _ = both(&auth, &person, "disable", &fresh[1]).await.expect(204);
    assert_eq!(
        status(&auth, &person.token).await,
        json!({"enabled_at": null, "recovery_codes": 0})
    );
    let _ = auth.login(&person.name).await;
    for path in ["disable", "recovery-codes"] {
        let off = both(&auth, &person, path, &fresh[2]).await;
        let _ = off.problem(409, "second-factor-state");
    }
}

#[tokio::test]
async fn api_reset_a_new_password_by_a_link_leaves_the_second_factor_unless_the_operators_says_no()
{
    let world = World::shared().await;
    let auth = world.client();
    let person = enrolled(&auth).await;
    let reset = async |without: bool, link: &str| {
        let digest = format!("encode(sha256('{link}'), 'hex')");
        let made = format!(
            "SELECT reset_link_set(id, {digest}, {without}) FROM users WHERE username = '{}'",
            person.name
        );
        let _ = world.databases.psql(&made).expect("a link");
        let body = json!({"token": link, "password": PASSWORD});
        let _ = auth.post("/api/auth/reset-password", &body).await.expect(200);
    };
    let step = first_step(&auth, &person.name).await;
    reset(false, "an-admins-link").await;
    let begun = second_step(&auth, &step, &person.recovery[0]).await;
    let _ = begun.problem(401, "login-expired");
    let step = first_step(&auth, &person.name).await;
    let _ = second_step(&auth, &step, &person.recovery[0]).await.expect(200);
    reset(true, "an-operators-link").await;
    let fresh = auth.login(&person.name).await;
    assert_eq!(status(&auth, &fresh).await, json!({"enabled_at": null, "recovery_codes": 0}));
}

#[tokio::test]
async fn api_register_a_repetition_lets_nobody_past_the_second_factor() {
    let auth = World::shared().await.client();
    let (name, key) = (fresh_name(), fresh_name());
    let body = json!({"username": name, "password": PASSWORD});
    let register = async || {
        auth.call("POST", REGISTER).json(&body).header("idempotency-key", &key).send().await
    };
    let made = register().await.expect(201);
    let _ = register().await.expect(201);
    let person = token(&made.json());
    let mut app = App::new(begin(&auth, &person).await["secret"].as_str().expect("a secret"));
    let confirm = json!({"code": app.code()});
    let _ = post(&auth, &person, &format!("{TOTP}/confirm"), &confirm).await.expect(200);
    let _ = register().await.problem(409, "username-taken");
}

#[tokio::test]
async fn api_totp_outlives_one_change_of_the_secret_that_signs_tokens() {
    let world = World::shared().await;
    let mut person = enrolled(&world.client()).await;
    let new = "another-secret-another-secret-another-secret";
    let more =
        [("SPIN_VARIABLE_JWT_SECRET", new), ("SPIN_VARIABLE_JWT_SECRET_PREVIOUS", JWT_SECRET)];
    let changed = stack(&world.databases, &more).await;
    let (before, after) = (world.client(), Auth::new(&changed));
    let step = first_step(&after, &person.name).await;
    let _ = second_step(&after, &step, &person.app.code()).await.expect(200);
    // It has been re-encrypted by now: the former secret alone cannot decrypt it, and a recovery
    // code still works.
    let step = first_step(&before, &person.name).await;
    let _ = second_step(&before, &step, "123456").await.problem(500, "internal");
    let _ = second_step(&before, &step, &person.recovery[0]).await.expect(200);
}
