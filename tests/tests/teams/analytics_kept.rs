//! Cached answers of a board's analytics (docs/contract/api.md, API-ANALYTICS): whatever Redis
//! contains, the answer matches the board in PostgreSQL (RT9).

use crate::analytics::Clock;
use contract_tests::Api;
use contract_tests::api::{Mode, World};
use contract_tests::chance::dice;
use contract_tests::flow::{Flow, Zone, moment};
use contract_tests::http::Reply;
use contract_tests::walk;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const GERMAN: &str = "tz=Europe/Berlin";

/// How long it may take until an answer is cached.
const PATIENCE: Duration = Duration::from_secs(30);

async fn ask(api: &Api<'_>, board: u64, query: &str) -> Reply {
    api.get(&format!("{}/analytics?{query}", api.board_path(board))).send().await
}

/// The answer, and whether it came from the cache.
async fn reported(api: &Api<'_>, board: u64, query: &str) -> (Value, String) {
    let reply = ask(api, board, query).await.expect(200);
    let cache = reply.expect_header("x-cache").to_owned();
    (reply.json(), cache)
}

fn key(board: u64) -> String {
    format!("{{s{}}}:board:{board}:analytics", board % 16)
}

fn redis(world: &World, words: &[&str]) -> String {
    world.databases().redis(words).expect("an answer")
}

/// The answer once it is cached, which happens after the first answer was sent.
async fn hit(api: &Api<'_>, board: u64, query: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (document, cache) = reported(api, board, query).await;
        if cache == "hit" {
            return document;
        }
        assert!(Instant::now() < deadline, "it is not cached: {query}");
    }
}

/// Replaces a text in all cached fields of the board with this prefix; returns how often it
/// occurred.
fn replace(world: &World, board: u64, fields: &str, [old, new]: [&str; 2]) -> u64 {
    let script = r#"local n = 0
        for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
            if string.sub(field, 1, #ARGV[1]) == ARGV[1] then
                local old = string.gsub(ARGV[2], '%p', '%%%0')
                local text, times = string.gsub(redis.call('HGET', KEYS[1], field), old, (string.gsub(ARGV[3], '%%', '%%%%')))
                redis.call('HSET', KEYS[1], field, text)
                n = n + times
            end
        end
        return n"#;
    number(&redis(world, &["EVAL", script, "1", &key(board), fields, old, new]))
}

/// Changes the only cached answer, once it exists, to say 777 tasks were added instead of one.
fn falsify(world: &World, board: u64) {
    let deadline = Instant::now() + PATIENCE;
    while replace(world, board, "answer ", [r#""added":1,"#, r#""added":777,"#]) == 0 {
        assert!(Instant::now() < deadline, "it is not cached");
    }
}

/// How many cached fields have this prefix.
fn fields(world: &World, board: u64, beginning: &str) -> u64 {
    let script = r#"local n = 0
        for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
            if string.sub(field, 1, #ARGV[1]) == ARGV[1] then n = n + 1 end
        end
        return n"#;
    number(&redis(world, &["EVAL", script, "1", &key(board), beginning]))
}

/// Redis's answer, as a number.
fn number(answer: &str) -> u64 {
    answer.trim().trim_start_matches(':').parse().expect("a number")
}

/// How many tasks were added today, and whether the answer came from the cache.
async fn added(api: &Api<'_>, board: u64) -> (u64, String) {
    let (document, cache) = reported(api, board, GERMAN).await;
    let days = document["days"].as_array().expect("days");
    (days.last().expect("today")["added"].as_u64().expect("a number"), cache)
}

#[tokio::test]
async fn api_analytics_are_kept_for_who_asks_the_same_until_something_happens() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Asked often").await;
    ada.task(board, "One").await;
    let (first, cache) = reported(&ada, board, GERMAN).await;
    assert_eq!((&first["seq"], &*cache), (&json!(1), "miss"));
    assert_eq!(hit(&ada, board, GERMAN).await, first);
    // Another query gets its own answer.
    for other in ["", "tz=Asia/Tokyo", "tz=Europe/Berlin&from=2026-01-01&to=2026-01-02"] {
        assert_eq!(reported(&ada, board, other).await.1, "miss", "{other}");
        let _ = hit(&ada, board, other).await;
    }
    let zipped = format!("{}/analytics?{GERMAN}", ada.board_path(board));
    let zipped = ada.get(&zipped).header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(zipped.expect_header("x-cache"), "miss");
    // The current day depends on the reader's time zone, and a new day has another answer.
    let day = first["days"][29]["date"].as_str().expect("a day");
    assert!(replace(world, board, "", [&format!(" {day} "), " 2020-02-02 "]) > 0);
    assert_eq!(reported(&ada, board, GERMAN).await.1, "miss");
    // So has each event.
    let _ = hit(&ada, board, GERMAN).await;
    ada.task(board, "Two").await;
    let (second, cache) = reported(&ada, board, GERMAN).await;
    assert_eq!((&second["seq"], &*cache), (&json!(2), "miss"));
    assert_eq!(second["days"][29]["added"], 2);
}

/// The answer to a client that accepts gzip, or to one that does not.
async fn told_in(api: &Api<'_>, board: u64, gzip: bool) -> Value {
    let request = api.get(&format!("{}/analytics?{GERMAN}", api.board_path(board)));
    let request = if gzip { request.header("accept-encoding", "gzip") } else { request };
    let reply = request.send().await.expect(200);
    assert_eq!(reply.header("content-encoding"), gzip.then_some("gzip"));
    assert_eq!(reply.expect_header("x-cache"), "miss");
    reply.json()
}

/// A board on which 400 tasks were finished on 1 January 2031 and some on the next day.
async fn with_days_that_are_over(world: &World, ada: &Api<'_>) -> u64 {
    let clock = Clock::new(world).await;
    let board = ada.board("Much was done").await;
    let who = format!("'{{\"user_id\": {}}}', {board}", ada.user_id());
    let add = format!(
        "SELECT count(task_add({who}, jsonb_build_object('title', n::text))) FROM generate_series(1, 420) AS n"
    );
    let finish = |from: u64, to: u64| {
        let patch = "'{\"status\": \"finished\"}'";
        format!(
            "SELECT count(task_patch({who}, n, {patch})) FROM generate_series({from}, {to}) AS n"
        )
    };
    for (moment, statement) in [
        ("2031-01-01T09:00:00Z", add),
        ("2031-01-01T10:00:00Z", finish(1, 400)),
        ("2031-01-02T10:00:00Z", finish(401, 404)),
    ] {
        clock.set(board, moment).await;
        let _ = world.databases().psql(&statement).expect("tasks");
    }
    board
}

#[tokio::test]
async fn rt9_what_is_kept_of_days_that_are_over_is_shown_until_they_tell_something_else() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = with_days_that_are_over(world, &ada).await;
    for gzip in [false, true] {
        let _ = told_in(&ada, board, gzip).await;
    }
    let deadline = Instant::now() + PATIENCE;
    while fields(world, board, "closed ") < 2 {
        assert!(Instant::now() < deadline, "one for each coding");
    }
    let on_new_year = async || {
        let document = told_in(&ada, board, false).await;
        let days = document["days"].as_array().expect("days");
        (days[28]["added"].clone(), days[28]["finished"].clone(), days[29]["finished"].clone())
    };
    assert_eq!(replace(world, board, "closed ", [r#""added":420,"#, r#""added":777,"#]), 1);
    let move_to = async |task: u64, status: &str| {
        let patch = json!({"status": status});
        let _ = ada.patch(&ada.task_path(board, task), &patch).send().await.expect(200);
    };
    ada.task(board, "Today").await;
    assert_eq!(on_new_year().await, (json!(777), json!(400), json!(4)), "it is the cached answer");
    move_to(410, "finished").await;
    assert_eq!(
        on_new_year().await,
        (json!(777), json!(400), json!(5)),
        "also after a task was finished"
    );
    move_to(7, "todo").await;
    assert_eq!(on_new_year().await, (json!(420), json!(399), json!(5)), "but not after this");
    // Nor if the cache contains something else, or only a part.
    let put = r#"for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
            if string.sub(field, 1, 7) == 'closed ' then
                local value = redis.call('HGET', KEYS[1], field)
                redis.call('HSET', KEYS[1], field, (string.gsub(ARGV[1], 'ALL', function() return string.sub(value, 1, -2) end)))
            end
        end
        return 1"#;
    for value in ["x", "", "{}\nabc", "ALL", "ALLxx"] {
        let _ = redis(world, &["EVAL", put, "1", &key(board), value]);
        ada.task(board, "Another").await;
        assert_eq!(on_new_year().await, (json!(420), json!(399), json!(5)), "{value:?}");
    }
    let _ = redis(world, &["SET", &key(board), "x"]);
    ada.task(board, "Last").await;
    assert_eq!(on_new_year().await, (json!(420), json!(399), json!(5)));
}

#[tokio::test]
async fn api_analytics_with_days_that_are_over_are_those_of_a_fold_after_each_change() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = with_days_that_are_over(world, &ada).await;
    let _editor = world.member(&ada, board, "editor").await;
    let berlin = Zone::OF_2031.iter().find(|zone| zone.name == "Europe/Berlin").expect("it");
    let columns = ada.document(board).await["columns"].clone();
    let mut dice = dice();
    for step in 0..12 {
        walk::step(&ada, board, &mut dice).await;
        // The random walk may have limited a column, which may be full.
        let body = json!({"title": "So that something happens"});
        let reply = ada.post(&ada.tasks_path(board), &body).send().await;
        assert!([201, 409].contains(&reply.status), "{reply}");
        // Sometimes changes of New Year's Day are undone, and changes of today.
        let back = if step % 4 == 0 { dice.u64(1..=400) } else { dice.u64(401..=410) };
        let status = ["todo", "in_progress", "finished"][dice.usize(..3)];
        let patch = json!({ "status": status });
        let reply = ada.patch(&ada.task_path(board, back), &patch).send().await;
        assert!([200, 404, 409].contains(&reply.status), "{reply}");
        let flow = Flow::of(&columns, &ada.events(board, 0).await);
        for gzip in [false, true] {
            let mut document = told_in(&ada, board, gzip).await;
            let as_of = moment(&document["as_of"]);
            let members = document.as_object_mut().expect("an object");
            let _ = (members.remove("as_of"), members.remove("seq"));
            let today = berlin.day(as_of);
            let expected = flow.expected_answer(berlin, today - 29, today, as_of);
            for (name, value) in expected.as_object().expect("an object") {
                assert_eq!(&document[name], value, "{name}, gzip {gzip}, step {step}");
            }
            assert_eq!(document, expected);
        }
    }
}

#[tokio::test]
async fn limit_analytics_few_answers_are_kept_for_an_hour_and_none_that_is_large() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Asked much").await;
    for day in 1..=20 {
        let query = format!("from=2026-01-{day:02}&to=2026-01-31");
        assert_eq!(reported(&ada, board, &query).await.1, "miss", "{query}");
        let _ = hit(&ada, board, &query).await;
        let kept = fields(world, board, "answer ");
        assert!((1..=9).contains(&kept), "{kept}");
        let seconds = number(&redis(world, &["TTL", &key(board)]));
        assert!(seconds <= 3600, "{seconds}");
    }
    let key_of = |nth: usize| format!("c{}", nth % 49);
    let columns: Vec<Value> = (0..50)
        .map(|nth| json!({"key": format!("c{nth}"), "name": format!("Column {nth}")}))
        .collect();
    let title = "\u{1F370}".repeat(200);
    let tasks: Vec<Value> =
        (0..700).map(|nth| json!({"title": title, "status": key_of(nth)})).collect();
    let body = json!({"name": "Wide", "columns": columns, "tasks": tasks});
    let wide = ada.post("/api/boards/import", &body).send().await.expect(201).json();
    let wide = wide["id"].as_u64().expect("an id");
    for _ in 0..2 {
        let reply = ask(&ada, wide, "").await.expect(200);
        assert!(reply.body.len() > 512 * 1024, "{}", reply.body.len());
        assert_eq!(reply.expect_header("x-cache"), "miss");
    }
}

#[tokio::test]
async fn rt9_no_state_of_what_is_kept_makes_analytics_wrong_or_seen_by_who_may_not() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let (ada, eve) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Kept").await;
    let bob = world.member(&ada, board, "viewer").await;
    ada.task(board, "One").await;
    let (right, shown) = ((1, "miss".to_owned()), (777, "hit".to_owned()));
    assert_eq!(added(&bob, board).await, right);
    // The answer that is served while it is current, and must not be served otherwise.
    falsify(&world, board);
    assert_eq!(added(&bob, board).await, shown);
    // Neither to strangers nor to people who were removed or logged out.
    let _ = ask(&eve, board, GERMAN).await.problem(404, "not-found");
    let member = format!("{}/members/{}", ada.board_path(board), bob.username());
    let _ = ada.delete(&member).send().await.expect(204);
    let _ = ask(&bob, board, GERMAN).await.problem(404, "not-found");
    let _ = eve.request("POST", "/api/auth/logout").send().await.expect(204);
    let _ = ask(&eve, board, GERMAN).await.problem(401, "unauthorized");
    // Nor an answer of a future seq, of a history that the database has lost, or of another epoch.
    assert_eq!(added(&ada, board).await, right, "after Bob was removed");
    let document = hit(&ada, board, GERMAN).await;
    let (seq, made) = (&document["seq"], document["as_of"].as_str().expect("a time"));
    let epoch = ada.document(board).await["epoch"].clone();
    let epoch = epoch.as_str().expect("an epoch");
    for (old, new) in [
        (format!("{seq} 20"), format!("{seq}0 20")),
        (format!("{seq} 20"), format!("{seq} 19")),
        (format!(" {epoch} "), format!(" {epoch}0 ")),
        (format!(" {made}\n"), format!(" 1{}\n", &made[1..])),
        (format!(" {made}\n"), format!(" 3{}\n", &made[1..])),
        (format!("{seq} "), String::new()),
    ] {
        let _ = hit(&ada, board, GERMAN).await;
        let old = old.replace(made, hit(&ada, board, GERMAN).await["as_of"].as_str().expect("it"));
        falsify(&world, board);
        assert!(replace(&world, board, "", [&old, &new]) >= 2, "{old:?}");
        assert_eq!(added(&ada, board).await, right, "{new:?}");
    }
    // Nor an entry that is not the answer that its field names.
    falsify(&world, board);
    assert_eq!(replace(&world, board, "answer ", [&format!(" {epoch} "), "  "]), 1);
    assert_eq!(added(&ada, board).await, right);
    // A value of another type is replaced, and a missing one is harmless.
    for (command, value) in [("SET", "x"), ("RPUSH", "x")] {
        let _ = redis(&world, &["DEL", &key(board)]);
        let _ = redis(&world, &[command, &key(board), value]);
        assert_eq!(added(&ada, board).await, right, "{command}");
        let _ = hit(&ada, board, GERMAN).await;
    }
    world.databases().kill_redis();
    assert_eq!(added(&ada, board).await, right);
}
