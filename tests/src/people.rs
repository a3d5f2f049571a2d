//! The people of a team: registered users, each with a client of their own, and their roles.

use crate::api::{Api, World};
use crate::http::Client;
use crate::stack::Stack;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Registers somebody: their token, and how events tell of them.
///
/// # Panics
/// When the name is taken.
pub async fn register(stack: &Stack, username: &str) -> (String, Value) {
    let body = json!({"username": username, "password": PASSWORD});
    let client = Client::new(stack.functions_url());
    let reply = client.post("/api/auth/register", &body).send().await.expect(201).json();
    let token = reply["token"].as_str().expect("a token").to_owned();
    (token, json!({"id": reply["user"]["id"], "username": username}))
}

impl World {
    /// Somebody new, who is a member of no board.
    pub async fn somebody(&self) -> Api<'_> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("user-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (token, actor) = register(&self.stack, &name).await;
        Api::of_user(&self.stack, &token, actor)
    }

    /// Somebody new who has this role on the board. The board's event of it is published with the
    /// next: use it before anybody reads the board, or expect the read to be behind.
    ///
    /// # Panics
    /// When `owner` owns no such board.
    pub async fn member(&self, owner: &Api<'_>, board: u64, role: &str) -> Api<'_> {
        let member = self.somebody().await;
        let (name, owner) = (member.username(), owner.user_id());
        let statement = format!(
            "SELECT * FROM member_put('{{\"user_id\": {owner}}}', {board}, '{name}', '{role}')"
        );
        let _ = self.databases().psql(&statement).expect("a new member");
        member
    }
}

impl Api<'_> {
    /// The user's id.
    ///
    /// # Panics
    /// When they have none.
    #[must_use]
    pub fn user_id(&self) -> u64 {
        self.actor["id"].as_u64().expect("an id")
    }

    /// The user's name.
    ///
    /// # Panics
    /// When they have none.
    #[must_use]
    pub fn username(&self) -> &str {
        self.actor["username"].as_str().expect("a name")
    }
}
