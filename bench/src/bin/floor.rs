//! The native floor: the handlers that are measured, over hyper, without WebAssembly and without what
//! the task board adds around each request. It is the cheapest way to the same responses.
//!
//! `bench-floor ADDRESS`, with the stores at `DATABASE_URL` and `REDIS_URL`, and `JWT_SECRET`.

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use redis::aio::MultiplexedConnection;
use serde::Deserialize;
use shared::auth::{Claims, Keys};
use shared::data::publication::{Publication, publish_arguments, publish_keys};
use shared::data::{scripts, sql};
use shared::models::{BoardId, Timestamp};
use shared::requests::new_task;
use shared::validation::Fields;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, MutexGuard};
use tokio_postgres::{Client, NoTls, Statement};

/// Connections to PostgreSQL.
const CONNECTIONS: usize = 16;

struct Floor {
    keys: Keys,
    redis: MultiplexedConnection,
    /// What Redis calls the script that publishes.
    publish: String,
    pool: Vec<Mutex<Database>>,
}

struct Database {
    client: Client,
    find_board: Statement,
    task_add: Statement,
}

#[tokio::main]
async fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("an address to listen on")?;
    let keys = Keys::new(&std::env::var("JWT_SECRET")?, "").map_err(|error| anyhow!("{error}"))?;
    let redis = redis::Client::open(std::env::var("REDIS_URL")?)?;
    let mut redis = redis.get_multiplexed_async_connection().await?;
    let mut pool = Vec::new();
    for _ in 0..CONNECTIONS {
        pool.push(Mutex::new(Database::connect(&std::env::var("DATABASE_URL")?).await?));
    }
    let mut load = redis::cmd("SCRIPT");
    let publish = load.arg("LOAD").arg(scripts::PUBLISH).query_async(&mut redis).await?;
    let floor = Arc::new(Floor { keys, redis, publish, pool });
    let listener = TcpListener::bind(&address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let floor = Arc::clone(&floor);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let floor = Arc::clone(&floor);
                async move { Ok::<_, Infallible>(floor.answer(request).await) }
            });
            let http = hyper::server::conn::http1::Builder::new();
            // A client that disconnects is not an error.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Database {
    async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let find_board = client.prepare(sql::FIND_BOARD).await?;
        let task_add = client.prepare(sql::TASK_ADD).await?;
        Ok(Self { client, find_board, task_add })
    }
}

type Answer = Response<Full<Bytes>>;

impl Floor {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let answered = match (request.method(), request.uri().path()) {
            (&Method::GET, "/healthz") => json(StatusCode::OK, r#"{"status":"ok"}"#),
            (&Method::GET, path) => match board(path) {
                Ok(board) => self.read(&request, board).await,
                Err(error) => Err(error),
            },
            (_, path) => match board(path) {
                Ok(board) => self.add(request, board).await,
                Err(error) => Err(error),
            },
        };
        answered.unwrap_or_else(|error| {
            let mut answer = Response::new(Full::from(error.to_string()));
            *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            answer
        })
    }

    /// The permission from PostgreSQL; the content, as one finished text, from Redis.
    async fn read(&self, request: &Request<Incoming>, board: BoardId) -> Result<Answer> {
        let claims = self.claims(request)?;
        let (user, generation) = (i64::try_from(claims.user_id)?, claims.generation());
        let id = i64::try_from(board.get())?;
        {
            let database = self.database().await?;
            let row = database
                .client
                .query_one(&database.find_board, &[&user, &generation, &claims.jti, &id])
                .await?;
            row.try_get::<_, Option<String>>(0)?.context("no such board")?;
        }
        let mut redis = self.redis.clone();
        let text: String =
            redis::cmd("GET").arg(format!("bench:board:{board}")).query_async(&mut redis).await?;
        json(StatusCode::OK, text)
    }

    /// A write: one statement, then the publication of its event.
    async fn add(&self, request: Request<Incoming>, board: BoardId) -> Result<Answer> {
        #[derive(Deserialize)]
        struct Added {
            id: u64,
        }
        let claims = self.claims(&request)?;
        let body = request.into_body().collect().await?.to_bytes();
        let fields = Fields::read(&body).map_err(|error| anyhow!("{error:?}"))?;
        let task = new_task(fields).map_err(|error| anyhow!("{error:?}"))?;
        let task = serde_json::to_string(&task)?;
        let who = serde_json::json!({
            "user_id": claims.user_id, "generation": claims.generation(), "jti": claims.jti,
            "writes": {"burst": 1_000_000, "per_second": 1_000_000},
        });
        let (id, none) = (i64::try_from(board.get())?, None::<String>);
        let (event, entity) = {
            let database = self.database().await?;
            let row = database
                .client
                .query_one(&database.task_add, &[&who.to_string(), &id, &task, &none, &none])
                .await?;
            (row.try_get::<_, String>(0)?, row.try_get::<_, String>(1)?)
        };
        let publication = Publication::of(&event)?;
        let (keys, arguments) = (publish_keys(board), publish_arguments(board, &[publication]));
        let mut run = redis::cmd("EVALSHA");
        run.arg(&self.publish).arg(keys.len()).arg(&keys).arg(&arguments);
        run.query_async::<Vec<i64>>(&mut self.redis.clone()).await?;
        let Added { id } = serde_json::from_str(&entity)?;
        let mut answer = json(StatusCode::CREATED, entity)?;
        let location = format!("/api/boards/{board}/tasks/{id}").parse()?;
        answer.headers_mut().insert(hyper::header::LOCATION, location);
        Ok(answer)
    }

    fn claims(&self, request: &Request<Incoming>) -> Result<Claims> {
        let header = request.headers().get(AUTHORIZATION).context("no token")?;
        let token = header.to_str()?.strip_prefix("Bearer ").context("no token")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let now = Timestamp::from_milliseconds(i64::try_from(now)?);
        Claims::verify(token, &self.keys, now).map_err(|refused| anyhow!("{refused}"))
    }

    /// An idle connection; otherwise one, after its user.
    async fn database(&self) -> Result<MutexGuard<'_, Database>> {
        match self.pool.iter().find_map(|database| database.try_lock().ok()) {
            Some(database) => Ok(database),
            None => Ok(self.pool.first().context("a connection")?.lock().await),
        }
    }
}

/// The board in `/api/boards/7` and `/api/boards/7/tasks`.
fn board(path: &str) -> Result<BoardId> {
    let id = path.strip_prefix("/api/boards/").and_then(|rest| rest.split('/').next());
    id.and_then(|id| BoardId::new(id.parse().ok()?)).context("no such path")
}

fn json(status: StatusCode, text: impl Into<Bytes>) -> Result<Answer> {
    let answer = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
    Ok(answer.body(Full::new(text.into()))?)
}
