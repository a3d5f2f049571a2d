//! The REST path: the throughput of eight connections, and the latency at a rate that all servers
//! sustain.

use super::Stage;
use crate::http::Request;
use crate::load::{self, Target};
use crate::measured::{Column, Row, compared, plain};
use crate::process::Watched;
use crate::report::{Machine, Report};
use crate::servers::peers::PythonServer;
use crate::servers::{Board, Build, Fixture, Server, add_task, read_board};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Connections of the closed loop.
const CLOSED: usize = 8;

/// Connections of the open loop: more than are ever busy at its rate, unless a server stalls.
const OPEN: usize = 32;

/// The rate of the open loop, as a fraction of the slowest server's throughput in the closed one.
const OPEN_SHARE: f64 = 0.4;

/// How long a server is warmed up before anything is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// Tasks on the board being read.
const TASKS: usize = 200;

/// Boards that tasks are added to, so that eight writers rarely wait for one board's lock.
const BOARDS: usize = 64;

const RATE: Column = compared("requests/s");
const HOST: Column = compared("host, CPU µs/request");
const HOST_AND_REDIS: Column = compared("host + Redis, CPU µs/request");
const POSTGRESQL: Column = compared("PostgreSQL, CPU µs/request");
const P50: Column = plain("p50 ms");
const P99: Column = plain("p99 ms");
const P999: Column = plain("p99.9 ms");

/// The requests to a server.
enum Requests {
    /// Always the same, with this status.
    Fixed(Request, u16),
    /// New tasks on new boards in each repeat, so that how many there are makes no difference.
    Tasks(Fixture),
}

/// A compared server.
struct Contestant {
    row: Row,
    host: Watched,
    address: SocketAddr,
    requests: Requests,
}

/// How the scenarios differ.
struct Plan<'plan> {
    scenario: &'static str,
    about: &'plan str,
    uses_stores: bool,
    requests: &'plan dyn Fn(&Build, &Fixture) -> Result<Requests>,
}

pub(super) fn hello(stage: &Stage) -> Result<Report> {
    let about = "`GET /healthz`, which does nothing: what any request costs. The native floor is hyper \
                 alone.";
    let requests =
        |_: &Build, _: &Fixture| Ok(Requests::Fixed(Request::get("/healthz", None), 200));
    measure(stage, &Plan { scenario: "hello", about, uses_stores: false, requests: &requests })
}

pub(super) fn read(stage: &Stage) -> Result<Report> {
    let about = "A cached board of 200 tasks. Everybody checks the token's signature, asks PostgreSQL by \
                 the same statement who may see the board, and fetches it from Redis; peers and the floor \
                 keep it there as one ready text.";
    let requests = |build: &Build, fixture: &Fixture| {
        let board = *fixture.boards(1)?.first().context("a board")?;
        let text = fixture.fill(board, TASKS)?.to_string();
        let key = format!("bench:board:{board}");
        redis::cmd("SET").arg(key).arg(text).query::<()>(&mut build.database.redis()?)?;
        Ok(Requests::Fixed(read_board(board, &fixture.token), 200))
    };
    measure(stage, &Plan { scenario: "read", about, uses_stores: true, requests: &requests })
}

pub(super) fn add(stage: &Stage) -> Result<Report> {
    let about = "A new task on one of 64 boards: one SQL call that decides, then its event into a Redis \
                 stream. FastAPI makes the SQL call of the older revision, where one is measured; pgbench \
                 makes the newer one from eight connections, prepared, and does nothing else.";
    let requests = |_: &Build, fixture: &Fixture| Ok(Requests::Tasks(fixture.clone()));
    measure(stage, &Plan { scenario: "add", about, uses_stores: true, requests: &requests })
}

fn measure(stage: &Stage, plan: &Plan<'_>) -> Result<Report> {
    let mut machine = Machine::now();
    let stores = stage.stores.watched()?;
    let boards: Vec<Board> = stage.builds.iter().map(Build::board).collect::<Result<_>>()?;
    let running: Vec<(&Build, &Board)> = stage.builds.iter().zip(&boards).collect();
    let (now, base) = (running[0], running[running.len() - 1]);
    let make = |name: &str, server: &Server, (build, board): (&Build, &Board)| {
        let requests = (plan.requests)(build, &board.fixture)?;
        let (host, address) = (server.watched(), server.address);
        anyhow::Ok(Contestant { row: Row::new(name), host, address, requests })
    };
    let mut contestants = Vec::new();
    for (build, board) in &running {
        contestants.push(make(&build.name, &board.host, (build, board))?);
    }
    let mut peers = Vec::new();
    for python in [PythonServer::Uvicorn, PythonServer::Granian] {
        let server = stage.peers.fastapi(python, base.0)?;
        contestants.push(make(python.name(), &server, base)?);
        peers.push(server);
    }
    let floor = stage.peers.floor(now.0)?;
    contestants.push(make("native floor", &floor, now)?);

    let mut slowest = f64::INFINITY;
    for contestant in &contestants {
        slowest = slowest.min(load::closed(&contestant.target()?, CLOSED, WARM_UP)?.rate());
    }
    let rate = (slowest * OPEN_SHARE).max(1.0);
    let mut pgbench_row = Row::new("pgbench -M prepared");
    for repeat in 0..stage.repeats {
        // The order changes, so that no server is always first.
        contestants.rotate_left(usize::from(repeat > 0));
        for contestant in &mut contestants {
            contestant.closed(stage.duration, &stores, plan.uses_stores)?;
        }
        if plan.scenario == "add" {
            pgbench(stage, now, &stores[1], &mut pgbench_row)?;
        }
        for contestant in &mut contestants {
            contestant.open(rate, stage.duration)?;
        }
    }
    machine.ended();
    let count = contestants.len();
    contestants.rotate_right(stage.repeats.saturating_sub(1) % count);
    let mut rows: Vec<Row> = contestants.into_iter().map(|contestant| contestant.row).collect();
    if !pgbench_row.series.is_empty() {
        rows.push(pgbench_row);
    }
    let note = format!(
        "Latencies are of an open loop of {rate:.0} requests/s over {OPEN} connections, from when each \
         request was due; the rest is of a closed loop of {CLOSED} connections, {} s a server.",
        stage.duration.as_secs_f64()
    );
    Ok(Report {
        scenario: plan.scenario,
        about: plan.about.to_owned(),
        revisions: stage.revisions.clone(),
        machine,
        rows,
        notes: vec![note],
    })
}

impl Contestant {
    fn target(&self) -> Result<Target> {
        let (requests, status) = match &self.requests {
            Requests::Fixed(request, status) => (vec![request.clone()], *status),
            Requests::Tasks(fixture) => {
                let boards = fixture.boards(BOARDS)?.into_iter().enumerate();
                let add = |(index, board)| add_task(board, &fixture.token, index);
                (boards.map(add).collect(), 201)
            }
        };
        Ok(Target { address: self.address, requests, status })
    }

    fn closed(
        &mut self,
        duration: Duration,
        [redis, postgresql]: &[Watched; 2],
        uses_stores: bool,
    ) -> Result<()> {
        let target = self.target()?;
        let all = [&self.host, redis, postgresql];
        let spent = || all.iter().map(|it| it.cpu_seconds()).collect::<Result<Vec<f64>>>();
        let before = spent()?;
        let outcome =
            load::closed(&target, CLOSED, duration).with_context(|| self.row.name.clone())?;
        let after = spent()?;
        let each =
            |index: usize| (after[index] - before[index]) * 1e6 / outcome.answers.max(1) as f64;
        self.row.push(RATE, outcome.rate());
        self.row.push(HOST, each(0));
        if uses_stores {
            self.row.push(HOST_AND_REDIS, each(0) + each(1));
            self.row.push(POSTGRESQL, each(2));
        }
        Ok(())
    }

    fn open(&mut self, rate: f64, duration: Duration) -> Result<()> {
        let outcome = load::open(&self.target()?, OPEN, rate, duration)
            .with_context(|| self.row.name.clone())?;
        for (column, share) in [(P50, 0.5), (P99, 0.99), (P999, 0.999)] {
            self.row.push(column, outcome.latencies.milliseconds_at(share));
        }
        Ok(())
    }
}

/// The SQL call alone.
fn pgbench(
    stage: &Stage,
    (build, board): (&Build, &Board),
    postgresql: &Watched,
    row: &mut Row,
) -> Result<()> {
    let boards = board.fixture.boards(BOARDS)?;
    let (first, last) = (boards[0], boards[boards.len() - 1]);
    ensure!(last - first == BOARDS as u64 - 1, "the boards are not numbered in turn");
    let claims = board.fixture.claims()?;
    let generation =
        claims["jti"].as_str().and_then(|jti| jti.strip_prefix('g')?.split('-').next());
    let generation: u64 = generation.context("a token without a generation")?.parse()?;
    let who = json!({
        "user_id": claims["user_id"], "generation": generation, "jti": claims["jti"],
        "writes": {"burst": 1_000_000, "per_second": 1_000_000},
    });
    let task = json!({
        "title": "Write down what was agreed, part 1",
        "description": "The three of us met and found a way. Who was there reads it until Friday.",
        "labels": ["meeting", "notes"],
    });
    // pgbench treats a colon before a letter as a variable: a space after each keeps JSON as it is.
    let literal = |json: &serde_json::Value| json.to_string().replace("\":", "\": ");
    let statement = build.statement("task_add")?;
    let statement: String =
        statement.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join(" ");
    let statement = statement
        .replace("$1", &format!("'{}'", literal(&who)))
        .replace("$2", ":board")
        .replace("$3", &format!("'{}'", literal(&task)))
        .replace("$4", "NULL")
        .replace("$5", "NULL");
    let script = stage.peers.logs.join("add.pgbench");
    fs::write(&script, format!("\\set board random({first}, {last})\n{statement};\n"))?;
    let before = postgresql.cpu_seconds()?;
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", &CLOSED.to_string(), "-j", "1", "-T"])
        .arg(stage.duration.as_secs().max(1).to_string())
        .arg("-f")
        .arg(&script)
        .arg(&build.database.database_url)
        .stdin(Stdio::null())
        .output()
        .context("pgbench")?;
    let spent = postgresql.cpu_seconds()? - before;
    let said = String::from_utf8_lossy(&output.stdout);
    let after = |mark: &str| {
        let rest = said.split(mark).nth(1)?.trim_start();
        rest.split([' ', '/', '\n']).next()?.parse::<f64>().ok()
    };
    let told = || format!("{said}{}", String::from_utf8_lossy(&output.stderr));
    let rate = after("tps = ").with_context(told)?;
    let count = after("number of transactions actually processed: ").with_context(told)?;
    row.push(RATE, rate);
    row.push(POSTGRESQL, spent * 1e6 / count.max(1.0));
    Ok(())
}
