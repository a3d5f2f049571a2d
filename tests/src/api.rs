//! One test's view of the API: short names for what every test does.

use crate::http::{Client, Reply};
use crate::stack::Stack;
use futures::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use std::ops::Deref;

/// Where a mode of the product lives: the same tests hold in each.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// The path of its boards.
    pub boards: &'static str,
    /// The path of its WebSocket.
    pub socket: &'static str,
}

impl Mode {
    /// Public boards in memory.
    pub const QUICK_WIN: Self = Self { boards: "/api/quick-win/boards", socket: "/ws/quick-win" };
}

/// A client of a stack's functions. When its test fails it prints the ends of the logs.
#[derive(Debug)]
pub struct Api<'stack> {
    /// The servers.
    pub stack: &'stack Stack,
    /// Which boards it speaks of.
    pub mode: Mode,
    client: Client,
}

impl Api<'static> {
    /// A client of the stack that all tests of this binary share.
    pub async fn shared() -> Self {
        Self::new(Stack::shared().await)
    }
}

impl<'stack> Api<'stack> {
    /// A client of this stack.
    #[must_use]
    pub fn new(stack: &'stack Stack) -> Self {
        Self { stack, mode: Mode::QUICK_WIN, client: Client::new(stack.functions_url()) }
    }

    /// The path of a board.
    #[must_use]
    pub fn board_path(&self, board: u64) -> String {
        format!("{}/{board}", self.mode.boards)
    }

    /// The path of a board's tasks.
    #[must_use]
    pub fn tasks_path(&self, board: u64) -> String {
        format!("{}/{board}/tasks", self.mode.boards)
    }

    /// The path of a task.
    #[must_use]
    pub fn task_path(&self, board: u64, task: u64) -> String {
        format!("{}/{board}/tasks/{task}", self.mode.boards)
    }

    /// The path of a board's events after this one.
    #[must_use]
    pub fn events_path(&self, board: u64, after: u64) -> String {
        format!("{}/{board}/events?after={after}", self.mode.boards)
    }

    /// Makes a board; gives its id.
    pub async fn board(&self, name: &str) -> u64 {
        let reply = self.post(self.mode.boards, &json!({"name": name})).send().await.expect(201);
        id(&reply.json())
    }

    /// Adds a task of this title; gives its id.
    pub async fn task(&self, board: u64, title: &str) -> u64 {
        id(&self.add(board, &json!({"title": title})).await.json())
    }

    /// Adds a task; gives the whole answer.
    pub async fn add(&self, board: u64, body: &Value) -> Reply {
        self.post(&self.tasks_path(board), body).send().await.expect(201)
    }

    /// Adds so many small tasks, some at once.
    pub async fn add_many(&self, board: u64, count: usize) {
        let add = |number: usize| self.task_owned(board, format!("task {number}"));
        stream::iter(0..count).map(add).buffer_unordered(4).collect::<Vec<_>>().await;
    }

    async fn task_owned(&self, board: u64, title: String) -> u64 {
        self.task(board, &title).await
    }

    /// The board document.
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
/// When it has none.
#[must_use]
pub fn id(entity: &Value) -> u64 {
    entity["id"].as_u64().unwrap_or_else(|| panic!("no id: {entity}"))
}

/// The `seq` of an event or a board.
///
/// # Panics
/// When it has none.
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

/// Fails unless these events are numbered `first`, `first + 1`, … without a hole.
///
/// # Panics
/// When there is a hole, a duplicate or a wrong order.
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
