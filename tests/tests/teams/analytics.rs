//! How work flowed through a board (docs/contract/api.md, API-ANALYTICS).
//!
//! Events happen now, but these histories span days: a write is never earlier than the board's
//! newest event, so the tests move that event's time to 2031, and the next write happens then.

use contract_tests::api::{Api, World, seq};
use contract_tests::chance::dice;
use contract_tests::flow::{Flow, Zone, date, moment, moment_text};
use contract_tests::http::Reply;
use contract_tests::walk;
use fastrand::Rng;
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

/// 2031-03-05 and 2031-10-24 at midnight UTC, some days before clocks change.
const BEGINNINGS: [i64; 2] = [1_930_435_200_000, 1_950_566_400_000];

const HOUR: i64 = 3_600_000;

const QUARTER: i64 = HOUR / 4;

/// Sets boards' clocks.
pub(crate) struct Clock(Client);

impl Clock {
    pub(crate) async fn new(world: &World) -> Self {
        let address = world.databases().database_url();
        let (client, connection) =
            tokio_postgres::connect(&address, NoTls).await.expect("PostgreSQL");
        drop(tokio::spawn(connection));
        Self(client)
    }

    /// Sets the time of the board's next event.
    pub(crate) async fn set(&self, board: u64, moment: &str) {
        let statement = "UPDATE boards SET updated_at = $1::text::timestamptz WHERE id = $2";
        let id = i64::try_from(board).expect("an id");
        assert_eq!(self.0.execute(statement, &[&moment, &id]).await.expect("set"), 1);
    }
}

async fn ask(api: &Api<'_>, board: u64, query: &str) -> Reply {
    api.get(&format!("{}/analytics?{query}", api.board_path(board))).send().await
}

/// The document without the time and seq of reading.
async fn reported(api: &Api<'_>, board: u64, query: &str) -> Value {
    let mut document = ask(api, board, query).await.expect(200).json();
    let members = document.as_object_mut().expect("an object");
    assert!(members.remove("as_of").is_some() && members.remove("seq").is_some());
    document
}

async fn move_to(api: &Api<'_>, board: u64, task: u64, status: &str) {
    let patch = json!({"status": status});
    let _ = api.patch(&api.task_path(board, task), &patch).send().await.expect(200);
}

/// A history counted by hand; Berlin's clocks go forward in the night before 30 March.
async fn made_by_hand(world: &World, ada: &Api<'_>) -> u64 {
    let clock = Clock::new(world).await;
    let board = ada.board("By hand").await;
    let at = async |moment: &str| clock.set(board, moment).await;
    at("2031-03-28T08:00:00Z").await;
    let _ = ada.task(board, "A").await;
    at("2031-03-28T22:59:59.999Z").await;
    let _ = ada.task(board, "B").await;
    at("2031-03-28T23:00:00Z").await;
    move_to(ada, board, 1, "in_progress").await;
    at("2031-03-29T23:30:00Z").await;
    move_to(ada, board, 1, "finished").await;
    at("2031-03-30T21:59:00Z").await;
    move_to(ada, board, 2, "finished").await;
    at("2031-03-30T22:00:00Z").await;
    let _ = ada.add(board, &json!({"title": "C", "status": "in_progress"})).await;
    at("2031-03-31T10:00:00Z").await;
    move_to(ada, board, 2, "in_progress").await;
    at("2031-03-31T12:00:00Z").await;
    let _ = ada.delete(&ada.task_path(board, 1)).send().await.expect(204);
    at("2031-04-01T08:00:00Z").await;
    let _ = ada.add(board, &json!({"title": "D", "status": "finished"})).await;
    board
}

#[tokio::test]
async fn api_analytics_tell_a_history_that_was_counted_by_hand() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = made_by_hand(world, &ada).await;
    let reply = ask(&ada, board, "from=2031-03-28&to=2031-04-01&tz=Europe/Berlin").await;
    let expected = json!({
        "from": "2031-03-28", "to": "2031-04-01", "time_zone": "Europe/Berlin",
        "as_of": "2031-04-01T08:00:00.000Z", "seq": 9,
        "columns": [
            // A was in it for 15 hours, B until two days later.
            {"key": "todo", "name": "To do", "stays": 2, "mean_stay_ms": 111_570_000},
            {"key": "in_progress", "name": "In progress", "stays": 1, "mean_stay_ms": 88_200_000},
            // B came back after 12:01 hours, A was deleted after 36:30.
            {"key": "finished", "name": "Finished", "stays": 2, "mean_stay_ms": 87_330_000},
        ],
        "days": [
            {"date": "2031-03-28", "added": 2, "moved": 0, "finished": 0, "tasks": [2, 0, 0]},
            {"date": "2031-03-29", "added": 0, "moved": 1, "finished": 0, "tasks": [1, 1, 0]},
            // B was moved out again later.
            {"date": "2031-03-30", "added": 0, "moved": 2, "finished": 1, "tasks": [0, 0, 2]},
            {"date": "2031-03-31", "added": 1, "moved": 1, "finished": 0, "tasks": [0, 2, 0]},
            {"date": "2031-04-01", "added": 1, "moved": 0, "finished": 0, "tasks": [0, 2, 1]},
        ],
        "weeks": [
            {"monday": "2031-03-24", "days": 3, "finished": 1},
            {"monday": "2031-03-31", "days": 2, "finished": 0},
        ],
        "lead_time": {"count": 1, "p50_ms": 142_200_000, "p85_ms": 142_200_000, "p95_ms": 142_200_000},
        "cycle_time": {"count": 1, "p50_ms": 88_200_000, "p85_ms": 88_200_000, "p95_ms": 88_200_000},
        "finished": [
            {"task_id": 1, "finished_at": "2031-03-29T23:30:00.000Z", "lead_ms": 142_200_000, "cycle_ms": 88_200_000},
        ],
        "open": [
            {"key": "todo", "count": 0, "tasks": []},
            {"key": "in_progress", "count": 2, "tasks": [
                {"id": 3, "title": "C", "created_at": "2031-03-30T22:00:00.000Z",
                 "started_at": "2031-03-30T22:00:00.000Z", "entered_at": "2031-03-30T22:00:00.000Z"},
                {"id": 2, "title": "B", "created_at": "2031-03-28T22:59:59.999Z",
                 "started_at": "2031-03-31T10:00:00.000Z", "entered_at": "2031-03-31T10:00:00.000Z"},
            ]},
        ],
    });
    assert_eq!(reply.expect(200).json(), expected);
    let london = reported(&ada, board, "from=2031-03-28&to=2031-03-29").await;
    assert_eq!(london["time_zone"], "UTC");
    assert_eq!(
        london["days"],
        json!([
            {"date": "2031-03-28", "added": 2, "moved": 1, "finished": 0, "tasks": [1, 1, 0]},
            {"date": "2031-03-29", "added": 0, "moved": 1, "finished": 1, "tasks": [1, 0, 1]},
        ])
    );
    // Thirty days up to today, which is the day of the board's newest event.
    let default = reported(&ada, board, "tz=Europe/Berlin").await;
    assert_eq!((&default["from"], &default["to"]), (&json!("2031-03-03"), &json!("2031-04-01")));
    assert_eq!(default["days"].as_array().map(Vec::len), Some(30));
    let later = reported(&ada, board, "from=2031-04-01&to=2031-05-01&tz=Europe/Berlin").await;
    assert_eq!(later["days"].as_array().map(Vec::len), Some(1), "days to come are left out");
    let never = reported(&ada, board, "from=2031-04-02&to=2031-05-01&tz=Europe/Berlin").await;
    assert_eq!(
        (&never["days"], &never["weeks"], &never["finished"]),
        (&json!([]), &json!([]), &json!([]))
    );
    assert_eq!(never["open"], default["open"]);
}

#[tokio::test]
async fn api_analytics_as_csv_have_a_row_for_each_day_or_finished_task() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = made_by_hand(world, &ada).await;
    let columns = json!([{"key": "todo", "name": "=A1"}, {"key": "in_progress", "name": "On, \"it\""}, {"key": "finished", "name": "Done"}]);
    let _ =
        ada.patch(&ada.board_path(board), &json!({"columns": columns})).send().await.expect(200);
    let path = format!(
        "{}/analytics?from=2031-03-30&to=2031-03-31&tz=Europe/Berlin",
        ada.board_path(board)
    );
    let days = "date,added,moved,finished,'=A1,\"On, \"\"it\"\"\",Done\r\n\
                2031-03-30,0,2,1,0,0,2\r\n2031-03-31,1,1,0,0,2,0\r\n";
    for call in [
        ada.get(&format!("{path}&format=csv")),
        ada.get(&format!("{path}&format=csv&rows=days")),
        ada.get(&path).header("accept", "text/csv"),
    ] {
        let reply = call.send().await.expect(200);
        assert_eq!(reply.expect_header("content-type"), "text/csv; charset=utf-8");
        let name = format!("attachment; filename=\"board-{board}-days.csv\"");
        assert_eq!(reply.expect_header("content-disposition"), name);
        assert_eq!(String::from_utf8_lossy(&reply.body), days);
    }
    let reply = ada.get(&format!("{path}&format=csv&rows=finished")).send().await.expect(200);
    let finished =
        "task_id,finished_at,lead_ms,cycle_ms\r\n1,2031-03-29T23:30:00.000Z,142200000,88200000\r\n";
    assert_eq!(String::from_utf8_lossy(&reply.body), finished);
    let json = ada.get(&format!("{path}&format=json")).header("accept", "text/csv").send().await;
    assert!(json.expect(200).is_json(), "the query's format takes precedence");
}

#[tokio::test]
async fn api_analytics_422_names_each_parameter_that_is_wrong() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Wrong").await;
    for (query, name) in [
        ("from=2026-02-29", "?from"),
        ("from=29.11.2026", "?from"),
        ("from=", "?from"),
        ("to=2026-11-31", "?to"),
        ("to=1969-12-31", "?to"),
        ("to=2026-11-29T00:00:00Z", "?to"),
        ("from=2026-11-30&to=2026-11-29", "?from"),
        ("from=9999-12-31", "?from"),
        ("from=2024-11-29&to=2026-11-30", "?from"),
        ("from=1970-01-01", "?from"),
        ("tz=Mars/Olympus", "?tz"),
        ("tz=Europe/Berlin/", "?tz"),
        ("tz=Berlin", "?tz"),
        ("tz=CET", "?tz"),
        ("tz=Foo/Bar%2B3", "?tz"),
        ("tz=Etc/GMT%2B13", "?tz"),
        ("tz=../../etc/passwd", "?tz"),
        ("tz=Europe/Berlin%00", "?tz"),
        ("tz=UTC&tz=UTC", "?tz"),
        ("format=xml", "?format"),
        ("rows=days", "?rows"),
        ("format=csv&rows=weeks", "?rows"),
        ("limit=1", "?limit"),
        ("From=2026-11-29", "?From"),
    ] {
        assert_eq!(ask(&ada, board, query).await.pointers(), [name], "{query}");
    }
    for query in [
        "from=2024-11-29&to=2026-11-29",
        "to=1970-01-01",
        "to=9999-12-31&from=9999-12-31",
        "tz=Etc/GMT-14",
    ] {
        let _ = ask(&ada, board, query).await.expect(200);
    }
}

#[tokio::test]
async fn limit_analytics_two_years_a_thousand_finished_tasks_and_a_hundred_open_ones_of_a_column() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Much").await;
    let who = format!("'{{\"user_id\": {}}}', {board}", ada.user_id());
    let add = format!(
        "SELECT count(task_add({who}, jsonb_build_object('title', n::text))) FROM generate_series(1, 1150) AS n"
    );
    let finish = format!(
        "SELECT count(task_patch({who}, n, '{{\"status\": \"finished\"}}')) FROM generate_series(1, 1010) AS n"
    );
    for statement in [add, finish] {
        let _ = world.databases().psql(&statement).expect("tasks");
    }
    let document = reported(&ada, board, "").await;
    let finished = document["finished"].as_array().expect("a list");
    assert_eq!((finished.len(), &finished[0]["task_id"]), (1000, &json!(1010)), "the newest");
    assert_eq!(document["lead_time"]["count"], 1010);
    let open = &document["open"][0];
    assert_eq!(
        (&open["count"], &open["tasks"][0]["id"]),
        (&json!(140), &json!(1011)),
        "the oldest"
    );
    assert_eq!(open["tasks"].as_array().map(Vec::len), Some(100));
    let csv = ask(&ada, board, "format=csv&rows=finished").await.expect(200);
    assert_eq!(String::from_utf8_lossy(&csv.body).lines().count(), 1 + 1010);
}

#[tokio::test]
async fn api_analytics_of_an_imported_board_finish_nothing_that_was_finished_elsewhere() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let document = json!({"name": "From elsewhere", "tasks": [
        {"title": "Done", "status": "finished", "created_at": "2020-01-01T00:00:00Z"},
        {"title": "Begun", "status": "in_progress", "created_at": "2026-01-01T00:00:00Z"},
    ]});
    let board = ada.post("/api/boards/import", &document).send().await.expect(201).json();
    let board = board["id"].as_u64().expect("an id");
    let young = reported(&ada, board, "").await;
    assert_eq!(young["days"][29]["added"], 2);
    assert_eq!(young["days"][29]["tasks"], json!([0, 1, 1]));
    assert_eq!((&young["finished"], &young["lead_time"]["count"]), (&json!([]), &json!(0)));
    let begun = &young["open"][1]["tasks"][0];
    assert_eq!(begun["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(begun["started_at"], begun["entered_at"]);
    Clock::new(world).await.set(board, "2031-01-01T00:00:00Z").await;
    move_to(&ada, board, 2, "finished").await;
    let old = reported(&ada, board, "").await;
    assert_eq!(old["finished"][0]["lead_ms"], 5 * 365 * 24 * HOUR + 24 * HOUR);
}

#[tokio::test]
async fn api_analytics_are_those_of_a_fold_over_the_events_whatever_was_done() {
    let world = World::shared().await;
    let clock = Clock::new(world).await;
    let mut dice = dice();
    for beginning in BEGINNINGS {
        let ada = world.somebody().await;
        let board = ada.board("Walked").await;
        let _editor = world.member(&ada, board, "editor").await;
        let columns = ada.document(board).await["columns"].clone();
        let mut now = beginning;
        for _ in 0..70 {
            now += pause(&mut dice, now);
            clock.set(board, &moment_text(now)).await;
            step(&ada, board, &mut dice).await;
        }
        let log = ada.events(board, 0).await;
        let flow = Flow::of(&columns, &log);
        for zone in Zone::OF_2031 {
            for query in 0..4 {
                let today = zone.day(now);
                let to = today + 3 - dice.i64(0..16);
                let from = if query == 0 { to - 29 } else { to - dice.i64(0..16) };
                let (from, to) = if query == 1 { (today - 29, today) } else { (from, to) };
                let days = format!("from={}&to={}", date(from), date(to));
                let days = if query == 1 { String::new() } else { days };
                let query = format!("{days}&tz={}", zone.name.replace('+', "%2B"));
                let mut document = ask(&ada, board, &query).await.expect(200).json();
                assert_eq!(seq(&document), log.len() as u64);
                let as_of = moment(&document["as_of"]);
                assert_eq!(as_of, now);
                let members = document.as_object_mut().expect("an object");
                let _ = (members.remove("as_of"), members.remove("seq"));
                let expected = flow.expected_answer(zone, from, to, as_of);
                for (name, value) in expected.as_object().expect("an object") {
                    assert_eq!(&document[name], value, "{name} of board {board}, {query}");
                }
                assert_eq!(document, expected);
            }
        }
    }
}

/// A random pause: none, hours, or until right before, at or after the end of a quarter of an hour,
/// where days begin.
fn pause(dice: &mut Rng, now: i64) -> i64 {
    let full = QUARTER - now.rem_euclid(QUARTER);
    match dice.u8(..6) {
        0 => 0,
        1 | 2 => dice.i64(0..24 * HOUR),
        3 => full + dice.i64(-1..=1),
        _ => full + dice.i64(0..48) * QUARTER,
    }
}

/// Makes a random change, mostly a move of a task.
async fn step(ada: &Api<'_>, board: u64, dice: &mut Rng) {
    match dice.u8(..12) {
        0 | 1 => change_columns(ada, board, dice).await,
        2 => {
            let path = ada.board_path(board);
            let _ = ada.delete(&path).send().await.expect(204);
            let _ = ada.request("POST", &format!("{path}/restore")).send().await.expect(200);
        }
        _ => drop(walk::step(ada, board, dice).await),
    }
}

/// Adds a column somewhere, or removes one, which is refused if it has tasks.
async fn change_columns(ada: &Api<'_>, board: u64, dice: &mut Rng) {
    let document = ada.document(board).await;
    let mut columns = document["columns"].as_array().cloned().expect("columns");
    let place = dice.usize(..columns.len());
    if dice.bool() && columns.len() > 1 {
        let _ = columns.remove(place);
    } else {
        let key = format!("column-{}", dice.u8(..4));
        if columns.iter().all(|column| column["key"] != key.as_str()) {
            columns.insert(place, json!({"key": key, "name": format!("Column {place}")}));
        }
    }
    let reply = ada.patch(&ada.board_path(board), &json!({"columns": columns})).send().await;
    assert!([200, 409].contains(&reply.status), "{reply}");
}
