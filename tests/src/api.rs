//! One test's view of the API: short names for common requests.

use crate::databases::Databases;
use crate::http::{Client, Reply};
use crate::people;
use crate::stack::{PATIENT, Stack};
use futures::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use std::ops::Deref;
use tokio::sync::OnceCell;

/// The paths of a mode: the same tests apply to each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mode {
    /// The path of the boards.
    pub boards: &'static str,
    /// The path of the WebSocket.
    pub socket: &'static str,
}

impl Mode {
    /// Public boards in memory.
    pub const QUICK_WIN: Self = Self { boards: "/api/quick-win/boards", socket: "/ws/quick-win" };

    /// Teams' boards, in PostgreSQL and Redis, for logged-in users.
    pub const TEAMS: Self = Self { boards: "/api/boards", socket: "/ws" };
}

/// The user name in tests of state-of-the-art mode.
pub const USERNAME: &str = "ada";

/// A test's own servers, with databases and a registered user where the mode has them.
#[derive(Debug)]
pub struct World {
    pub stack: Stack,
    mode: Mode,
    token: Option<String>,
    actor: Value,
    /// Their databases; none in quick-win mode. They end with the process.
    pub databases: Option<Databases>,
}

impl World {
    /// Starts them, with additional settings for the relay.
    ///
    /// # Panics
    /// If one of them does not become ready.
    pub async fn start(mode: Mode, relay: &[(&str, &str)]) -> Self {
        let actor = json!({"id": 0, "username": "guest"});
        if mode == Mode::QUICK_WIN {
            let stack = Stack::start_with(&[], relay).await;
            return Self { stack, mode, token: None, actor, databases: None };
        }
        let databases = Databases::start();
        let environment = databases.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let relay = [&environment, relay].concat();
        let stack = Stack::start_with(&environment, &relay).await;
        let (token, actor) = people::register(&stack, USERNAME).await;
        Self { stack, mode, token: Some(token), actor, databases: Some(databases) }
    }

    /// A client of these servers.
    #[must_use]
    pub fn api(&self) -> Api<'_> {
        let client = Client::new(self.stack.functions_url());
        let client = match &self.token {
            Some(token) => client.with_token(token),
            None => client,
        };
        Api { stack: &self.stack, mode: self.mode, actor: self.actor.clone(), client }
    }

    /// Their databases.
    ///
    /// # Panics
    /// In quick-win mode, which has none.
    #[must_use]
    pub fn databases(&self) -> &Databases {
        self.databases.as_ref().expect("databases")
    }

    /// The servers with databases shared by all tests of this binary.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<World> = OnceCell::const_new();
        // All tests use one user.
        let settings = [("RELAY_MAX_SOCKETS_PER_USER", "1000"), PATIENT];
        SHARED.get_or_init(|| Self::start(Mode::TEAMS, &settings)).await
    }
}

/// Runs each test in quick-win mode and in state-of-the-art mode: both promise what it
/// checks.
#[macro_export]
macro_rules! in_both_modes {
    ($(
        $(#[$doc:meta])*
        async fn $name:ident($api:ident: Api<'static>) $body:block
    )*) => { $(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn check($api: Api<'static>) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_quick_win_mode() {
                check(Api::shared().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_teams_mode() {
                check(Api::teams().await).await;
            }
        }
    )* };
    ($(
        $(#[$doc:meta])*
        async fn $name:ident($mode:ident: Mode) $body:block
    )*) => { $(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn check($mode: Mode) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_quick_win_mode() {
                check(Mode::QUICK_WIN).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_teams_mode() {
                check(Mode::TEAMS).await;
            }
        }
    )* };
}

/// A client of a stack's functions. When its test fails it prints the ends of the logs.
#[derive(Debug)]
pub struct Api<'stack> {
    pub stack: &'stack Stack,
    /// The mode that it uses.
    pub mode: Mode,
    /// The user, as events show them.
    pub actor: Value,
    client: Client,
}

impl Api<'static> {
    /// A client of the stack shared by all tests of this binary.
    pub async fn shared() -> Self {
        Self::new(Stack::shared().await)
    }

    /// A logged-in client of the stack with databases shared by all tests of this binary.
    pub async fn teams() -> Self {
        World::shared().await.api()
    }
}

impl<'stack> Api<'stack> {
    /// A client of this stack.
    #[must_use]
    pub fn new(stack: &'stack Stack) -> Self {
        Self {
            stack,
            mode: Mode::QUICK_WIN,
            actor: json!({"id": 0, "username": "guest"}),
            client: Client::new(stack.functions_url()),
        }
    }

    /// A team's user, with their token and as events show them.
    #[must_use]
    pub fn of_user(stack: &'stack Stack, token: &str, actor: Value) -> Self {
        let client = Client::new(stack.functions_url()).with_token(token);
        Self { stack, mode: Mode::TEAMS, actor, client }
    }

    /// The same user in another mode.
    #[must_use]
    pub fn in_mode(&self, mode: Mode) -> Self {
        let (actor, client) = (self.actor.clone(), self.client.clone());
        Self { stack: self.stack, mode, actor, client }
    }

    #[must_use]
    pub fn board_path(&self, board: u64) -> String {
        format!("{}/{board}", self.mode.boards)
    }

    /// The path of a board's tasks.
    #[must_use]
    pub fn tasks_path(&self, board: u64) -> String {
        format!("{}/{board}/tasks", self.mode.boards)
    }

    #[must_use]
    pub fn task_path(&self, board: u64, task: u64) -> String {
        format!("{}/{board}/tasks/{task}", self.mode.boards)
    }

    /// The path of a board's events after this one.
    #[must_use]
    pub fn events_path(&self, board: u64, after: u64) -> String {
        format!("{}/{board}/events?after={after}", self.mode.boards)
    }

    /// Creates a board; returns its id.
    pub async fn board(&self, name: &str) -> u64 {
        let reply = self.post(self.mode.boards, &json!({"name": name})).send().await.expect(201);
        id(&reply.json())
    }

    /// Adds a task with this title; returns its id.
    pub async fn task(&self, board: u64, title: &str) -> u64 {
        id(&self.add(board, &json!({"title": title})).await.json())
    }

    /// Adds a task; returns the whole answer.
    pub async fn add(&self, board: u64, body: &Value) -> Reply {
        self.post(&self.tasks_path(board), body).send().await.expect(201)
    }

    /// Adds this many small tasks, some concurrently.
    pub async fn add_many(&self, board: u64, count: usize) {
        let add = |number: usize| self.task_owned(board, format!("task {number}"));
        stream::iter(0..count).map(add).buffer_unordered(4).collect::<Vec<_>>().await;
    }

    async fn task_owned(&self, board: u64, title: String) -> u64 {
        self.task(board, &title).await
    }

    pub async fn document(&self, board: u64) -> Value {
        self.get(&self.board_path(board)).send().await.expect(200).json()
    }

    /// All events after this one, page by page.
    pub async fn events(&self, board: u64, after: u64) -> Vec<Value> {
        let mut events = Vec::new();
        let mut next = Some(after);
        while let Some(after) = next {
            let page = self.get(&self.events_path(board, after)).send().await.expect(200).json();
            events.extend(page["items"].as_array().expect("`items`").iter().cloned());
            next = page["next_after"].as_u64();
        }
        events
    }
}

impl Deref for Api<'_> {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Api<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.stack.print_logs();
        }
    }
}

/// The `id` of an entity.
///
/// # Panics
/// If it has none.
#[must_use]
pub fn id(entity: &Value) -> u64 {
    entity["id"].as_u64().unwrap_or_else(|| panic!("no id: {entity}"))
}

/// The `seq` of an event or a board.
///
/// # Panics
/// If it has none.
#[must_use]
pub fn seq(entity: &Value) -> u64 {
    entity["seq"].as_u64().unwrap_or_else(|| panic!("no seq: {entity}"))
}

/// The names of an object's members, sorted.
#[must_use]
pub fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> =
        object.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    keys.sort_unstable();
    keys
}

/// Fails unless these events are numbered `first`, `first + 1`, … without gaps.
///
/// # Panics
/// When there is a gap, a duplicate or a wrong order.
#[track_caller]
pub fn assert_dense(events: &[Value], first: u64) {
    let seqs: Vec<u64> = events.iter().map(seq).collect();
    let dense: Vec<u64> = (first..first + events.len() as u64).collect();
    assert_eq!(seqs, dense);
}

/// Whether this is a timestamp of the contract: `2026-01-02T03:04:05.678Z`.
#[must_use]
pub fn is_timestamp(value: &Value) -> bool {
    let shape = "0000-00-00T00:00:00.000Z";
    value.as_str().is_some_and(|text| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, expected)| match expected {
                b'0' => byte.is_ascii_digit(),
                separator => byte == separator,
            })
    })
}
