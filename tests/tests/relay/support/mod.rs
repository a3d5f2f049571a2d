//! A test's world: databases, people, boards, and their events.

mod relay;

pub(crate) use relay::{Relay, ask, joined, signal, subscribe, until_fed};

use contract_tests::Databases;
use contract_tests::stack::JWT_SECRET;
use serde_json::{Value, json};
use shared::auth::{Claims, Keys};
use shared::data::publication::{Publication, publish_arguments, publish_keys};
use shared::data::{keys, scripts, sql};
use shared::models::{BoardId, Role, Timestamp, User};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio_postgres::{Client, NoTls};

/// How long an expected event may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

static NEXT_NAME: AtomicU64 = AtomicU64::new(1);

/// Databases, and a connection for writing.
pub(crate) struct World {
    pub(crate) databases: Arc<Databases>,
    pub(crate) sql: Client,
}

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: u64,
    pub(crate) name: String,
    role: Role,
}

impl World {
    /// A world that shares its databases with other tests, each with its own people and boards.
    pub(crate) async fn shared() -> Self {
        static SHARED: OnceLock<Arc<Databases>> = OnceLock::new();
        let start = || Arc::clone(SHARED.get_or_init(|| Arc::new(Databases::start())));
        let databases = tokio::task::spawn_blocking(start).await.expect("databases");
        Self::over(databases).await
    }

    /// The test's own world, in which it may break things.
    pub(crate) async fn own() -> Self {
        let databases = tokio::task::spawn_blocking(Databases::start).await.expect("databases");
        Self::over(Arc::new(databases)).await
    }

    async fn over(databases: Arc<Databases>) -> Self {
        let sql = connect(&databases).await;
        Self { databases, sql }
    }

    /// The same databases through a separate connection.
    pub(crate) async fn beside(&self) -> Self {
        Self::over(Arc::clone(&self.databases)).await
    }

    /// A world on these databases.
    pub(crate) async fn of(databases: Databases) -> Self {
        Self::over(Arc::new(databases)).await
    }

    /// Reconnects, after PostgreSQL was restarted.
    pub(crate) async fn reconnect(&mut self) {
        self.sql = connect(&self.databases).await;
    }

    pub(crate) async fn person(&self) -> Person {
        self.person_of(Role::User).await
    }

    /// A new user with this role.
    pub(crate) async fn person_of(&self, role: Role) -> Person {
        let name = format!("person-{}", NEXT_NAME.fetch_add(1, Ordering::Relaxed));
        let text = if role == Role::Admin { "admin" } else { "user" };
        let statement = "INSERT INTO users (username, display_name, password_hash, role) \
                         VALUES ($1, $1, '$argon2id$none', $2) RETURNING id";
        let row = self.sql.query_one(statement, &[&name, &text]).await.expect("a user");
        let id: i64 = row.get(0);
        Person { id: u64::try_from(id).expect("an id"), name, role }
    }

    /// Creates a board of this owner with the others as viewers, and publishes its events; returns
    /// its id.
    pub(crate) async fn board(&self, owner: &Person, others: &[&Person]) -> u64 {
        let request = json!({"name": "Board"}).to_string();
        let none = None::<&str>;
        let row = self
            .sql
            .query_one(sql::BOARD_CREATE, &[&owner.who(), &request, &none, &none])
            .await
            .expect("a board");
        let entity: Value = serde_json::from_str(row.get(1)).expect("a board");
        let board = entity["id"].as_u64().expect("an id");
        for other in others {
            let event = self.put_member(owner, board, other).await;
            self.publish(&[event]);
        }
        board
    }

    /// Creates a board with this many events without publishing them; returns its id.
    pub(crate) async fn big_board(&self, owner: &Person, events: i32) -> u64 {
        let statement = "SELECT (board_import($1::text::jsonb, jsonb_build_object('name', 'Big', \
                         'tasks', (SELECT jsonb_agg(jsonb_build_object('title', 't')) \
                         FROM generate_series(1, $2))))).entity ->> 'id'";
        let row = self.sql.query_one(statement, &[&owner.who(), &events]).await;
        row.expect("an import").get::<_, String>(0).parse().expect("an id")
    }

    /// Commits events of two kilobytes each without publishing them.
    pub(crate) async fn big_events(&self, who: &Person, board: u64, count: usize) -> Vec<String> {
        let request = json!({"title": "big", "description": "x".repeat(2_000)}).to_string();
        self.commit_of(who, board, count, &request).await
    }

    /// Makes a user a viewer; the event is not published.
    pub(crate) async fn put_member(&self, owner: &Person, board: u64, other: &Person) -> String {
        let row = self
            .sql
            .query_one(sql::MEMBER_PUT, &[&owner.who(), &id(board), &other.name, &"viewer"])
            .await;
        row.expect("a member").get(0)
    }

    /// Removes a user from a board; the event is not published.
    pub(crate) async fn remove_member(&self, owner: &Person, board: u64, other: &Person) -> String {
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&owner.who(), &id(board), &other.name];
        self.sql.query_one(sql::MEMBER_DELETE, &parameters).await.expect("removed").get(0)
    }

    /// Commits events without publishing them.
    pub(crate) async fn commit(&self, who: &Person, board: u64, count: usize) -> Vec<String> {
        // A comma, a colon, spaces and a quote: nothing in a text may be mistaken for JSON syntax.
        let request = json!({"title": "a, b: \"c\"  d"}).to_string();
        self.commit_of(who, board, count, &request).await
    }

    async fn commit_of(
        &self,
        who: &Person,
        board: u64,
        count: usize,
        request: &str,
    ) -> Vec<String> {
        let none = None::<&str>;
        let mut events = Vec::with_capacity(count);
        for _ in 0..count {
            let row = self
                .sql
                .query_one(sql::TASK_ADD, &[&who.who(), &id(board), &request, &none, &none])
                .await
                .expect("a task");
            events.push(row.get(0));
        }
        events
    }

    /// Some of a board's events after this one, from PostgreSQL.
    pub(crate) async fn stored(&self, board: u64, after: u64, count: i64) -> Vec<String> {
        let (board, after) = (id(board), id(after));
        let rows = self.sql.query(sql::BOARD_EVENTS, &[&board, &after, &count, &i64::MAX]).await;
        rows.expect("events").iter().map(|row| row.get(1)).collect()
    }

    /// Commits a task without publishing it.
    pub(crate) async fn commit_task(&self, who: &Person, board: u64, task: &Value) -> String {
        self.commit_of(who, board, 1, &task.to_string()).await.remove(0)
    }

    /// Commits events and publishes each.
    pub(crate) async fn add(&self, who: &Person, board: u64, count: usize) -> Vec<String> {
        let events = self.commit(who, board, count).await;
        for event in &events {
            self.publish(std::slice::from_ref(event));
        }
        events
    }

    /// Commits and publishes events of two kilobytes: with a hundred, far more than the buffers of a
    /// slow reader's socket hold.
    pub(crate) async fn add_long(&self, who: &Person, board: u64, count: usize) {
        let none = None::<&str>;
        let request = json!({"title": "Long", "description": "x".repeat(2_000)}).to_string();
        for _ in 0..count {
            let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
                [&who.who(), &id(board), &request, &none, &none];
            let row = self.sql.query_one(sql::TASK_ADD, &parameters).await.expect("a task");
            self.publish(&[row.get(0)]);
        }
    }

    /// Publishes a board's events as the functions do.
    pub(crate) fn publish(&self, events: &[String]) {
        let answer = self.try_publish(events);
        assert!(answer.as_ref().is_ok_and(|answer| answer.starts_with("*2")), "{answer:?}");
    }

    /// The same, where Redis may be unavailable.
    pub(crate) fn try_publish(&self, events: &[String]) -> std::io::Result<String> {
        let publications: Vec<_> =
            events.iter().map(|event| Publication::of(event).expect("an event")).collect();
        let board = publications[0].board();
        let keys = publish_keys(board);
        let arguments = publish_arguments(board, &publications);
        let count = keys.len().to_string();
        let mut words = vec!["EVAL", scripts::PUBLISH, &count];
        words.extend(keys.iter().map(String::as_str));
        words.extend(arguments.iter().map(String::as_str));
        self.databases.redis(&words)
    }

    /// Appends an event to its shard's feed only.
    pub(crate) fn feed_only(&self, event: &str) {
        let (board, seq) = place(event);
        let feed = keys::feed(keys::shard(board));
        let (board, seq) = (board.to_string(), seq.to_string());
        let fields = ["board", &board, "seq", &seq, "event", event];
        self.redis(&[&["XADD", &feed, "*"][..], &fields].concat());
    }

    /// Appends an event to its board's stream only.
    pub(crate) fn stream_only(&self, event: &str) {
        let answer = self.try_stream_only(event);
        assert!(!answer.starts_with('-'), "{answer}");
    }

    /// The same, where the stream may already have it.
    pub(crate) fn try_stream_only(&self, event: &str) -> String {
        let (board, seq) = place(event);
        let entry = format!("{seq}-0");
        let words = ["XADD", &keys::board_events(board), &entry, "event", event];
        self.databases.redis(&words).expect("an answer")
    }

    /// Notifies the relays that a user's tokens changed.
    pub(crate) fn tell_control(&self, who: &Person) {
        let user = who.id.to_string();
        let fields = ["user", &user, "reason", "logout"];
        self.redis(&[&["XADD", keys::CONTROL_FEED, "*"][..], &fields].concat());
    }

    /// Redis's answer, which must not be an error.
    pub(crate) fn redis(&self, words: &[&str]) -> String {
        let answer = self.databases.redis(words).expect("an answer");
        assert!(!answer.starts_with('-'), "{answer}");
        answer
    }

    /// The length of a board's stream.
    pub(crate) fn stream_length(&self, board: u64) -> String {
        let board = BoardId::new(board).expect("an id");
        self.redis(&["XLEN", &keys::board_events(board)])
    }

    /// A new token of this user. Tokens differ by their time of issue.
    pub(crate) fn token(&self, who: &Person) -> String {
        who.claims(0).sign(&keys_of(JWT_SECRET))
    }
}

impl Person {
    /// The user, in the form that the database's write functions take.
    pub(crate) fn who(&self) -> String {
        json!({"user_id": self.id}).to_string()
    }

    /// The claims of a new token with this generation.
    pub(crate) fn claims(&self, generation: u64) -> Claims {
        let user = User {
            id: self.id,
            username: self.name.clone(),
            display_name: self.name.clone(),
            role: self.role,
            created_at: now(),
        };
        let random = format!("{:032x}", fastrand::u128(..));
        Claims::issue(&user, generation, &random, now())
    }
}

/// Signs and verifies tokens with this secret.
pub(crate) fn keys_of(secret: &str) -> Keys {
    Keys::new(secret, "").expect("a secret that is long enough")
}

/// Now, in seconds since 1970.
pub(crate) fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn now() -> Timestamp {
    Timestamp::from_milliseconds(i64::try_from(seconds() * 1_000).expect("in range"))
}

/// An event's board and number.
fn place(event: &str) -> (BoardId, u64) {
    let event: Value = serde_json::from_str(event).expect("an event");
    let board = event["board_id"].as_u64().and_then(BoardId::new).expect("a board");
    (board, event["seq"].as_u64().expect("a number"))
}

fn id(number: u64) -> i64 {
    i64::try_from(number).expect("an id")
}

async fn connect(databases: &Databases) -> Client {
    let (client, connection) =
        tokio_postgres::connect(&databases.database_url(), NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    client
}

/// Waits until a condition holds.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "timed out: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Expects exactly these events of a board next (RT1 to RT3).
pub(crate) async fn expect(
    socket: &mut contract_tests::Socket,
    board: u64,
    seqs: RangeInclusive<u64>,
) {
    for seq in seqs {
        let event = socket.event(seq).await;
        assert_eq!(event["board_id"], board, "{event}");
    }
}
