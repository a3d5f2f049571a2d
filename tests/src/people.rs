//! A team's people: registered users, each with their own client, and their roles.

use crate::api::{Api, World};
use crate::http::Client;
use crate::stack::Stack;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

pub const PASSWORD: &str = "correct horse battery";

/// Registers a user; returns the token, and the user as events show them.
///
/// # Panics
/// If the name is taken.
pub async fn register(stack: &Stack, username: &str) -> (String, Value) {
    let body = json!({"username": username, "password": PASSWORD});
    let client = Client::new(stack.functions_url());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let mut reply = client.post("/api/auth/register", &body).send().await;
    // If a test just made Redis fail, it takes a moment until it is available again.
    while reply.status == 503 && std::time::Instant::now() < deadline {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        reply = client.post("/api/auth/register", &body).send().await;
    }
    let reply = reply.expect(201).json();
    let token = reply["token"].as_str().expect("a token").to_owned();
    (token, json!({"id": reply["user"]["id"], "username": username}))
}

impl World {
    /// A new user, who is not a member of any board.
    pub async fn somebody(&self) -> Api<'_> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("user-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (token, actor) = register(&self.stack, &name).await;
        Api::of_user(&self.stack, &token, actor)
    }

    /// A new user with this role on the board.
    pub async fn member(&self, owner: &Api<'_>, board: u64, role: &str) -> Api<'_> {
        let member = self.somebody().await;
        let path = format!("{}/members/{}", owner.board_path(board), member.username());
        let put = owner.request("PUT", &path).json(&json!({"role": role}));
        let _ = put.send().await.expect(201);
        member
    }
}

impl Api<'_> {
    /// The user's id.
    ///
    /// # Panics
    /// If they have none.
    #[must_use]
    pub fn user_id(&self) -> u64 {
        self.actor["id"].as_u64().expect("an id")
    }

    /// Removes a user from the board.
    pub async fn remove(&self, board: u64, member: &Api<'_>) {
        let path = format!("{}/members/{}", self.board_path(board), member.username());
        let _ = self.delete(&path).send().await.expect(204);
    }

    /// The user's name.
    ///
    /// # Panics
    /// If they have none.
    #[must_use]
    pub fn username(&self) -> &str {
        self.actor["username"].as_str().expect("a name")
    }
}
