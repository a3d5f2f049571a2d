//! Authentication (docs/contract/api.md, API-TOKEN), tested against real servers with their own
//! databases.

mod email;
mod everyone;
mod limits;
mod logins;
mod outages;
mod passkeys;
mod people;
mod proof;
mod recovery;
mod registration;
mod second_factor;
mod sessions;
mod tokens;

use contract_tests::stack::Stack;
use contract_tests::{Client, Databases, Reply};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

const REGISTER: &str = "/api/auth/register";
const LOGIN: &str = "/api/auth/login";
const LOGOUT: &str = "/api/auth/logout";
const ME: &str = "/api/auth/me";

/// A valid password, which must never appear in a log.
const PASSWORD: &str = "correct horse battery";

/// The header with the client's address: each test uses its own.
const ADDRESS: &str = "x-test-address";

/// The servers shared by most of these tests.
struct World {
    databases: Databases,
    stack: Stack,
}

impl World {
    /// Fresh servers.
    async fn start() -> Self {
        let databases = Databases::start();
        let stack = stack(&databases, &[]).await;
        Self { databases, stack }
    }

    async fn shared() -> &'static Self {
        static SHARED: OnceCell<World> = OnceCell::const_new();
        SHARED.get_or_init(Self::start).await
    }

    fn client(&self) -> Auth {
        Auth::new(&self.stack)
    }
}

/// A stack over these databases, with more settings.
async fn stack(databases: &Databases, more: &[(&'static str, &str)]) -> Stack {
    let mut environment = databases.environment();
    environment.push(("SPIN_VARIABLE_CLIENT_ADDRESS_HEADER", ADDRESS.to_owned()));
    environment.push(("SPIN_VARIABLE_REGISTRATIONS_PER_ADDRESS", "30".to_owned()));
    environment.push(("SPIN_VARIABLE_PUBLIC_ORIGIN", "https://board.example".to_owned()));
    environment.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let borrowed: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Stack::start_with(&borrowed, &[]).await
}

/// A client with its own address.
struct Auth {
    client: Client,
    address: String,
}

impl Auth {
    fn new(stack: &Stack) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let address = format!("10.0.{}.{}", number / 250, number % 250);
        Self { client: Client::new(stack.functions_url()), address }
    }

    fn call(&self, method: &str, path: &str) -> contract_tests::http::Call<'_> {
        self.client.request(method, path).header(ADDRESS, &self.address)
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call("POST", path).json(body).send().await
    }

    async fn try_register(&self, username: &str) -> Reply {
        self.post(REGISTER, &json!({"username": username, "password": PASSWORD})).await
    }

    /// Registers a user; returns the whole answer.
    async fn register(&self, username: &str) -> Value {
        self.try_register(username).await.expect(201).json()
    }

    /// Registers a user with an unused name; returns name and token.
    async fn somebody(&self) -> (String, String) {
        let name = fresh_name();
        let answer = self.register(&name).await;
        (name, token(&answer))
    }

    async fn try_login(&self, username: &str, password: &str) -> Reply {
        self.post(LOGIN, &json!({"username": username, "password": password})).await
    }

    /// Logs a user in; returns the new token.
    async fn login(&self, username: &str) -> String {
        token(&self.try_login(username, PASSWORD).await.expect(200).json())
    }

    async fn me(&self, token: &str) -> Reply {
        self.with_token("GET", ME, token).send().await
    }

    async fn logout(&self, token: &str, query: &str) -> Reply {
        self.with_token("POST", &format!("{LOGOUT}{query}"), token).send().await
    }

    fn with_token(&self, method: &str, path: &str, token: &str) -> contract_tests::http::Call<'_> {
        self.call(method, path).header("authorization", &format!("Bearer {token}"))
    }

    async fn patch_me(&self, token: &str, body: &Value) -> Reply {
        self.with_token("PATCH", ME, token).json(body).send().await
    }
}

fn token(answer: &Value) -> String {
    answer["token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("user-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
