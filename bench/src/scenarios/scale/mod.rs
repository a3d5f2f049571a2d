//! Costs that may grow with the data: each route, and the queries of the relay and the admins, on a
//! year of use in three sizes (`fill.sql`).

mod relays;
mod routes;

use super::Stage;
use crate::http::{Connection, Request};
use crate::latency::Latencies;
use crate::load::{self, Target};
use crate::measured::{Column, Row, number, plain};
use crate::process::Watched;
use crate::report::{Machine, Report};
use crate::servers::{Board, Build};
use anyhow::{Context, Result};
use routes::{Asker, Route};
use serde_json::json;
use std::time::{Duration, Instant};

/// The large board.
const LARGE: u64 = 1;

/// The user's boards: the first ones, the large one among them.
const OWN_BOARDS: u64 = 100;

/// Connections for requesting a route.
const CONNECTIONS: usize = 8;

/// How often a statement is run.
const TIMES: usize = 20;

/// How often the large board's analytics are read, each time after a change.
const CHANGES: u64 = 20;

/// An hour of the log, as a filter.
const HOUR: &str = "SELECT format('from=%sT10:00:00Z&to=%sT11:00:00Z', day, day) FROM (SELECT current_date - 300 AS day) AS past";

/// By how much a request's cost in PostgreSQL may differ before it counts as grown: with a hundred
/// times the log an index's tree has one or two more levels.
const GROWN: f64 = 2.0;

/// The amount of data.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Size {
    /// 100,000 events, 1,000 users, 100 boards
    Hundredth,
    /// 1,000,000 events, 10,000 users, 1,000 boards
    Tenth,
    /// 10,000,000 events, 100,000 users, 10,000 boards
    Whole,
}

impl Size {
    fn parts(self) -> u64 {
        match self {
            Self::Hundredth => 100,
            Self::Tenth => 10,
            Self::Whole => 1,
        }
    }

    fn users(self) -> u64 {
        100_000 / self.parts()
    }

    fn boards(self) -> u64 {
        10_000 / self.parts()
    }

    /// Events of the large board.
    fn large(self) -> u64 {
        1_000_000 / self.parts()
    }

    /// p50, p99, and PostgreSQL's CPU time per request.
    fn columns(self) -> [Column; 3] {
        let [p50, p99, cost] = match self {
            Self::Hundredth => ["1/100: p50 ms", "p99 ms (1/100)", "PostgreSQL, ms (1/100)"],
            Self::Tenth => ["1/10: p50 ms", "p99 ms (1/10)", "PostgreSQL, ms (1/10)"],
            Self::Whole => ["1: p50 ms", "p99 ms (1)", "PostgreSQL, ms (1)"],
        };
        [plain(p50), plain(p99), plain(cost)]
    }
}

const GROWTH: Column = plain("PostgreSQL, the last ÷ the first");

/// The rows of the table, in the order in which they are first measured.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Table {
    fn push(&mut self, name: &str, column: Column, value: f64) {
        let at = self.rows.iter().position(|row| row.name == name).unwrap_or_else(|| {
            self.rows.push(Row::new(name));
            self.rows.len() - 1
        });
        self.rows[at].push(column, value);
    }

    fn measured(&mut self, name: &str, size: Size, latencies: &Latencies, cost: Option<f64>) {
        let [p50, p99, computed] = size.columns();
        self.push(name, p50, latencies.milliseconds_at(0.5));
        self.push(name, p99, latencies.milliseconds_at(0.99));
        if let Some(cost) = cost {
            self.push(name, computed, cost);
        }
    }

    /// How much more the last size costs PostgreSQL than the first, and the rows that grew.
    fn compare(&mut self, first: Size, last: Size) {
        let mut grown = Vec::new();
        for row in &mut self.rows {
            let of = |size: Size| row.values(size.columns()[2]).first().copied();
            if let (Some(before), Some(after)) = (of(first), of(last)) {
                // At least what a process's clock can resolve over a hundred requests.
                let growth = after.max(0.1) / before.max(0.1);
                row.push(GROWTH, growth);
                if growth > GROWN {
                    grown.push(format!("{} {}", row.name, number(growth)));
                }
            }
        }
        let grown = if grown.is_empty() { "nothing".to_owned() } else { grown.join(", ") };
        self.notes.push(format!("More than twice as much of PostgreSQL: {grown}."));
    }
}

/// `scale`.
pub(super) fn scale(stage: &Stage) -> Result<Report> {
    let mut machine = Machine::now();
    let mut table = Table::default();
    for size in &stage.sizes {
        of_size(stage, *size, &mut table).with_context(|| format!("{size:?}"))?;
    }
    if let [first, .., last] = stage.sizes[..] {
        table.compare(first, last);
    }
    machine.ended();
    Ok(Report {
        scenario: "scale",
        about:
            "A year of use: 10,000,000 events on 10,000 boards of 100,000 users, one of the boards with \
                5,000 tasks and 1,000,000 of the events, and a hundredth and a tenth of the events, \
                boards and users with the same 5,000 tasks. Each route at a steady rate (50 requests a second, \
                200 of them; 20 at 4 a second of what reads or makes a great deal; 5 of the large board's export), as it is asked for of \
                the owner's 99 boards in turn and of the large one."
                .to_owned(),
        revisions: stage.revisions.clone(),
        machine,
        rows: table.rows,
        notes: table.notes,
    })
}

fn of_size(stage: &Stage, size: Size, table: &mut Table) -> Result<()> {
    let build = stage.now();
    build.empty(&stage.stores)?;
    let board = build.board()?;
    let derived = fill(build, size)?;
    let database = &build.database;
    let bytes = database.value::<i64>("SELECT pg_database_size(current_database())")?;
    let me = Request::get("/api/auth/me", Some(&board.fixture.token));
    let me = Connection::open(board.host.address)?.fetch(&me, 200)?;
    let asker = Asker {
        token: board.fixture.token.clone(),
        name: me["username"].as_str().context("no name")?.to_owned(),
        newest: u64::try_from(database.value::<i64>("SELECT seq FROM boards WHERE id = 1")?)?,
        users: size.users(),
        hour: database.value(HOUR)?,
    };
    let [_, postgresql] = stage.stores.watched()?;
    for route in routes::reads(&asker) {
        measure(&board, &route, &postgresql, size, table)?;
    }
    statements(build, size, table)?;
    relays::replay(build, &board, asker.newest, size, table)?;
    for route in routes::writes(&asker) {
        measure(&board, &route, &postgresql, size, table)?;
    }
    after_changes(&board, &asker, &postgresql, size, table)?;
    sweep(build, size, table)?;
    if stage.sizes.last() == Some(&size) {
        relays::many_sockets(stage, &board, size, table)?;
    }
    let memory = |watched: &Watched| watched.memory_kib().map(|kib| number(kib / 1024.0));
    let [redis, postgresql] = stage.stores.watched()?;
    table.notes.push(format!(
        "1/{}: {} events, {} MiB of database; `migrate` derives searched text and flow of all in {} s. PSS: host {} MiB, \
         Redis {} MiB, PostgreSQL {} MiB.",
        size.parts(),
        number(database.value::<i64>("SELECT count(*) FROM events")? as f64),
        number(bytes as f64 / 1_048_576.0),
        number(derived.as_secs_f64()),
        memory(&board.host.watched())?,
        memory(&redis)?,
        memory(&postgresql)?,
    ));
    Ok(())
}

/// Fills the database, and returns how long `migrate` took for what it derives.
fn fill(build: &Build, size: Size) -> Result<Duration> {
    let sizes = format!(
        "SET bench.users = {}; SET bench.boards = {}; SET bench.large = {};",
        size.users(),
        size.boards(),
        size.large(),
    );
    build.database.execute(&[&sizes, include_str!("fill.sql")])?;
    let start = Instant::now();
    build.migrate()?;
    let derived = start.elapsed();
    build.database.execute(&["VACUUM (ANALYZE)"])?;
    // Cached data about the owner from before they owned anything.
    redis::cmd("FLUSHDB").query::<()>(&mut build.database.redis()?)?;
    Ok(derived)
}

/// Requests a route, and records the cost.
fn measure(
    board: &Board,
    route: &Route,
    postgresql: &Watched,
    size: Size,
    table: &mut Table,
) -> Result<()> {
    let (count, rate) = (route.pace.count(), route.pace.per_second());
    let requests = (0..count).map(|number| (route.request)(number)).collect();
    let target = Target { address: board.host.address, requests, status: route.status };
    let before = postgresql.cpu_seconds()?;
    let duration = Duration::from_secs_f64(count as f64 / rate);
    let outcome =
        load::open(&target, CONNECTIONS, rate, duration).with_context(|| route.name.to_owned())?;
    let spent = postgresql.cpu_seconds()? - before;
    let cost = spent * 1e3 / outcome.answers.max(1) as f64;
    table.measured(route.name, size, &outcome.latencies, Some(cost));
    Ok(())
}

/// The large board's analytics, each time after a change that they include.
fn after_changes(
    board: &Board,
    asker: &Asker,
    postgresql: &Watched,
    size: Size,
    table: &mut Table,
) -> Result<()> {
    let mut connection = Connection::open(board.host.address)?;
    let read = Request::get(&format!("/api/boards/{LARGE}/analytics"), Some(&asker.token));
    let mut latencies = Latencies::default();
    let mut spent = 0.0;
    for number in 0..CHANGES {
        let title = json!({"title": format!("One more, number {number}")});
        let path = format!("/api/boards/{LARGE}/tasks");
        connection.fetch(&Request::post(&path, Some(&asker.token), &title), 201)?;
        let (before, start) = (postgresql.cpu_seconds()?, Instant::now());
        connection.fetch(&read, 200)?;
        latencies.record(start.elapsed());
        spent += postgresql.cpu_seconds()? - before;
    }
    let cost = spent * 1e3 / CHANGES as f64;
    table.measured("large board, analytics after a change", size, &latencies, Some(cost));
    Ok(())
}

fn times(build: &Build, name: &str, text: &str, size: Size, table: &mut Table) -> Result<()> {
    let mut latencies = Latencies::default();
    build.database.times(text, TIMES)?.into_iter().for_each(|time| latencies.record(time));
    table.measured(name, size, &latencies, None);
    Ok(())
}

/// The relay's own queries to PostgreSQL.
fn statements(build: &Build, size: Size, table: &mut Table) -> Result<()> {
    let changed = build.statement("changed_boards")?.replace("$1", "NULL");
    times(build, "sweeper, nothing changed", &changed, size, table)?;
    let heads = build.statement("board_heads")?;
    let heads = heads.replace("$1", "ARRAY(SELECT generate_series(1, 100))");
    times(build, "sweeper, the heads of 100 boards", &heads, size, table)?;
    times(build, "tidying up", &build.statement("tidy_up")?, size, table)?;
    let after = format!("1, '{}', 0, 0, 500", 450 * size.boards());
    let feed = (1..=5).rev().zip(after.split(", ").collect::<Vec<_>>().into_iter().rev());
    let feed = feed.fold(build.statement("list_activity")?, |text, (place, value)| {
        text.replace(&format!("${place}"), value)
    });
    times(build, "activity feed, 500 from the middle", &feed, size, table)
}

/// A change of every board with the product's own function, and the resulting work of the sweeper.
fn sweep(build: &Build, size: Size, table: &mut Table) -> Result<()> {
    let from = build
        .database
        .value::<i64>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")?;
    let start = Instant::now();
    build.database.execute(&["DO $$
        DECLARE
            each_board record;
        BEGIN
            FOR each_board IN
                SELECT board_id, min(user_id) AS editor FROM board_members JOIN users ON users.id = user_id
                WHERE board_members.role <> 'viewer' AND NOT disabled
                  AND EXISTS (SELECT FROM tasks WHERE tasks.board_id = board_members.board_id AND id = 49 AND NOT deleted)
                GROUP BY board_id
            LOOP
                PERFORM task_patch(jsonb_build_object('user_id', each_board.editor), each_board.board_id, 49, '{\"title\": \"All at once\"}');
                COMMIT;
            END LOOP;
        END $$"])?;
    let spent = start.elapsed();
    table.notes.push(format!(
        "1/{}: a change of each of the {} boards by the SQL function, one after the other, {} ms each.",
        size.parts(),
        number(size.boards() as f64),
        number(spent.as_secs_f64() * 1e3 / size.boards() as f64),
    ));
    let changed = build.statement("changed_boards")?.replace("$1", &format!("'{from}'"));
    times(build, "sweeper, every board changed", &changed, size, table)
}
