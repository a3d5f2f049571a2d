//! The tests' support: their own databases, people, and the statements by name.

mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error};

pub(crate) use history::{Replica, canonical};
pub(crate) use server::Server;

/// A migrated database with the users ada (1), bob (2), eve (3) and mia (4).
pub(crate) struct Database {
    server: Arc<Server>,
    name: String,
    pub(crate) client: Client,
}

/// The users.
pub(crate) const ADA: i64 = 1;
pub(crate) const BOB: i64 = 2;
pub(crate) const EVE: i64 = 3;
pub(crate) const MIA: i64 = 4;

static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Database {
    pub(crate) async fn empty() -> Self {
        Self::empty_with("").await
    }

    /// A migrated one whose language is Turkish, where the lower case of `I` is not `i`.
    pub(crate) async fn turkish() -> Self {
        let language = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'";
        let mut database = Self::empty_with(language).await;
        migrations::migrate(&mut database.client, None).await.expect("migrated");
        database
    }

    /// A migrated one made with `--locale=C`, whose `lower` handles only A to Z.
    pub(crate) async fn plain() -> Self {
        let language = "TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'";
        let mut database = Self::empty_with(language).await;
        migrations::migrate(&mut database.client, None).await.expect("migrated");
        database
    }

    async fn empty_with(options: &str) -> Self {
        let server = Server::shared().await;
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = server.connect("postgres").await;
        let create = format!("CREATE DATABASE {name} {options}");
        admin.batch_execute(&create).await.expect("a database");
        let client = server.connect(&name).await;
        Self { server, name, client }
    }

    /// A migrated one with people.
    pub(crate) async fn new() -> Self {
        let mut database = Self::empty().await;
        migrations::migrate(&mut database.client, None).await.expect("migrated");
        add_people(&database.client).await;
        database
    }

    /// The same with a board owned by ada, with bob as editor and mia as viewer; eve is a stranger.
    pub(crate) async fn with_board() -> (Self, i64) {
        let database = Self::new().await;
        let board = database.client.create_board(ADA, json!({"name": "Alpha"})).await;
        database.client.put_member(ADA, board, "bob", "editor").await.expect("a member");
        database.client.put_member(ADA, board, "mia", "viewer").await.expect("a member");
        (database, board)
    }

    /// Another one, restored from a dump of this, if the server comes with `pg_dump`.
    pub(crate) async fn restored(&self) -> Option<Self> {
        let other = Self::empty().await;
        self.server.copy(&self.name, &other.name).then_some(other)
    }

    /// Another connection to it.
    pub(crate) async fn connect(&self) -> Client {
        self.server.connect(&self.name).await
    }
}

/// Adds the users.
pub(crate) async fn add_people(client: &Client) {
    for name in ["ada", "bob", "eve", "mia"] {
        client
            .execute(
                "INSERT INTO users (username, display_name, password_hash) VALUES ($1, $1, '$argon2id$')",
                &[&name],
            )
            .await
            .expect("a user");
    }
}

/// The result of a write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) event: Value,
    pub(crate) entity: Value,
    pub(crate) replayed: bool,
}

/// A refusal: its code and its details.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) detail: Value,
}

pub(crate) type Answer = Result<Outcome, Refusal>;

/// An idempotency key and a fingerprint.
pub(crate) type Key<'a> = Option<(&'a str, &'a str)>;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let error = error.as_db_error().unwrap_or_else(|| panic!("no answer: {error}"));
        let detail = error.detail().map(serde_json::from_str).and_then(Result::ok);
        let detail = detail.unwrap_or_else(|| Value::from(error.message()));
        Self { code: error.code().code().to_owned(), detail }
    }
}

/// The code of a refusal.
#[track_caller]
pub(crate) fn code(answer: Answer) -> String {
    answer.expect_err("to be refused").code
}

/// The writes, by a user whom the caller has authenticated.
pub(crate) trait Writes {
    fn client(&self) -> &Client;

    async fn write(&self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) -> Answer {
        let row = self.client().query_one(statement, parameters).await?;
        let parse = |text: Option<String>| {
            text.map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"))
        };
        Ok(Outcome { event: parse(row.get(0)), entity: parse(row.get(1)), replayed: row.get(2) })
    }

    async fn create_board(&self, user: i64, request: Value) -> i64 {
        let made = self.make_board(user, request, None).await.expect("a board");
        made.entity["id"].as_i64().expect("an id")
    }

    async fn make_board(&self, user: i64, request: Value, key: Key<'_>) -> Answer {
        let (key, print) = key.unzip();
        let parameters: [&(dyn ToSql + Sync); 4] = [&who(user), &request.to_string(), &key, &print];
        self.write(shared::data::sql::BOARD_CREATE, &parameters).await
    }

    async fn import_board(&self, user: i64, document: Value, key: Key<'_>) -> Answer {
        let (key, print) = key.unzip();
        let parameters: [&(dyn ToSql + Sync); 4] =
            [&who(user), &document.to_string(), &key, &print];
        self.write(shared::data::sql::BOARD_IMPORT, &parameters).await
    }

    async fn patch_board(
        &self,
        user: i64,
        board: i64,
        patch: Value,
        versions: Option<&[i64]>,
    ) -> Answer {
        let parameters: [&(dyn ToSql + Sync); 4] =
            [&who(user), &board, &patch.to_string(), &versions];
        self.write(shared::data::sql::BOARD_PATCH, &parameters).await
    }

    async fn delete_board(&self, user: i64, board: i64, versions: Option<&[i64]>) -> Answer {
        self.write(shared::data::sql::BOARD_DELETE, &[&who(user), &board, &versions]).await
    }

    async fn restore_board(&self, user: i64, board: i64, key: Key<'_>) -> Answer {
        let (key, print) = key.unzip();
        self.write(shared::data::sql::BOARD_RESTORE, &[&who(user), &board, &key, &print]).await
    }

    async fn put_member(&self, user: i64, board: i64, name: &str, role: &str) -> Answer {
        self.write(shared::data::sql::MEMBER_PUT, &[&who(user), &board, &name, &role]).await
    }

    async fn delete_member(&self, user: i64, board: i64, name: &str) -> Answer {
        self.write(shared::data::sql::MEMBER_DELETE, &[&who(user), &board, &name]).await
    }

    async fn add_task(&self, user: i64, board: i64, request: Value, key: Key<'_>) -> Answer {
        let (key, print) = key.unzip();
        let parameters: [&(dyn ToSql + Sync); 5] =
            [&who(user), &board, &request.to_string(), &key, &print];
        self.write(shared::data::sql::TASK_ADD, &parameters).await
    }

    /// Adds a task with only a title; returns its id.
    async fn task(&self, board: i64, title: &str) -> i64 {
        let added = self.add_task(ADA, board, json!({"title": title}), None).await.expect("a task");
        added.entity["id"].as_i64().expect("an id")
    }

    async fn patch_task(
        &self,
        user: i64,
        board: i64,
        task: i64,
        patch: Value,
        versions: Option<&[i64]>,
    ) -> Answer {
        let parameters: [&(dyn ToSql + Sync); 5] =
            [&who(user), &board, &task, &patch.to_string(), &versions];
        self.write(shared::data::sql::TASK_PATCH, &parameters).await
    }

    async fn delete_task(
        &self,
        user: i64,
        board: i64,
        task: i64,
        versions: Option<&[i64]>,
    ) -> Answer {
        self.write(shared::data::sql::TASK_DELETE, &[&who(user), &board, &task, &versions]).await
    }

    async fn add_comment(
        &self,
        user: i64,
        board: i64,
        task: i64,
        body: &str,
        key: Key<'_>,
    ) -> Answer {
        let (key, print) = key.unzip();
        let parameters: [&(dyn ToSql + Sync); 6] = [&who(user), &board, &task, &body, &key, &print];
        self.write(shared::data::sql::COMMENT_ADD, &parameters).await
    }

    async fn patch_comment(
        &self,
        user: i64,
        board: i64,
        task: i64,
        comment: i64,
        body: &str,
        versions: Option<&[i64]>,
    ) -> Answer {
        let parameters: [&(dyn ToSql + Sync); 6] =
            [&who(user), &board, &task, &comment, &body, &versions];
        self.write(shared::data::sql::COMMENT_PATCH, &parameters).await
    }

    async fn delete_comment(
        &self,
        user: i64,
        board: i64,
        task: i64,
        comment: i64,
        versions: Option<&[i64]>,
    ) -> Answer {
        let parameters: [&(dyn ToSql + Sync); 5] = [&who(user), &board, &task, &comment, &versions];
        self.write(shared::data::sql::COMMENT_DELETE, &parameters).await
    }

    async fn undo(&self, user: i64, board: i64, seq: i64, key: Key<'_>) -> Answer {
        let (key, print) = key.unzip();
        self.write(shared::data::sql::EVENT_UNDO, &[&who(user), &board, &seq, &key, &print]).await
    }

    /// The board's document for a member, or null.
    async fn read_board(&self, user: i64, board: i64) -> Value {
        let parameters: [&(dyn ToSql + Sync); 4] = [&user, &0_i64, &"g0-1", &board];
        let rows = self.client().query(shared::data::sql::READ_BOARD, &parameters).await;
        let rows = rows.expect("an answer");
        let Some(role) = rows.first().and_then(|row| row.get::<_, Option<String>>(0)) else {
            return Value::Null;
        };
        let rest: String = rows[0].get(5);
        serde_json::from_str(&format!("{{\"role\":\"{role}\",{rest}")).expect("JSON")
    }

    /// The same as of an event.
    async fn read_board_at(&self, user: i64, board: i64, seq: i64) -> Value {
        let time: Option<&str> = None;
        let parameters: [&(dyn ToSql + Sync); 6] = [&user, &0_i64, &"g0-1", &board, &seq, &time];
        let rows = self.client().query(shared::data::sql::READ_BOARD_AT, &parameters).await;
        document(rows.expect("an answer").first())
    }

    /// All events of a board, read from its log.
    async fn log(&self, board: i64) -> Vec<Value> {
        let parameters: [&(dyn ToSql + Sync); 4] = [&board, &0_i64, &i64::MAX, &i64::MAX];
        let rows = self.client().query(shared::data::sql::BOARD_EVENTS, &parameters).await;
        let rows = rows.expect("events");
        rows.iter().map(|row| serde_json::from_str(row.get(1)).expect("JSON")).collect()
    }

    /// The ids of a column's tasks in their order.
    async fn column(&self, board: i64, status: &str) -> Vec<i64> {
        let document = self.read_board(ADA, board).await;
        let tasks = document["tasks"].as_array().expect("tasks");
        let here = tasks.iter().filter(|task| task["status"] == status);
        here.map(|task| task["id"].as_i64().expect("an id")).collect()
    }
}

impl Writes for Client {
    fn client(&self) -> &Client {
        self
    }
}

fn document(row: Option<&tokio_postgres::Row>) -> Value {
    row.and_then(|row| row.get::<_, Option<String>>(0))
        .map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"))
}

/// A user without a token to check.
pub(crate) fn who(user: i64) -> String {
    json!({ "user_id": user }).to_string()
}

/// Checks that the log is dense from 1 to the board's seq and its times never go backwards.
pub(crate) async fn assert_history_is_sound(client: &Client, board: i64) {
    let log = client.log(board).await;
    for (index, event) in log.iter().enumerate() {
        assert_eq!(event["seq"], json!(index + 1), "RT1: dense");
        assert_eq!(event["board_id"], json!(board));
    }
    let times: Vec<&str> = log.iter().filter_map(|event| event["timestamp"].as_str()).collect();
    assert_eq!(times.len(), log.len());
    assert!(times.is_sorted(), "timestamps never go backwards along seq");
    let row =
        client.query_one("SELECT seq FROM boards WHERE id = $1", &[&board]).await.expect("a board");
    assert_eq!(row.get::<_, i64>(0), i64::try_from(log.len()).expect("few"));
}
