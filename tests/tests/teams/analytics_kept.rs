//! Answers of a board's analytics that are kept ready (docs/contract/api.md, API-ANALYTICS): whatever
//! Redis has in their place, what is shown is of the board as PostgreSQL has it (RT9).

use contract_tests::Api;
use contract_tests::api::{Mode, World};
use contract_tests::http::Reply;
use serde_json::{Value, json};

const GERMAN: &str = "tz=Europe/Berlin";

async fn ask(api: &Api<'_>, board: u64, query: &str) -> Reply {
    api.get(&format!("{}/analytics?{query}", api.board_path(board))).send().await
}

/// What is told, and whether it was kept.
async fn told(api: &Api<'_>, board: u64, query: &str) -> (Value, String) {
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

/// Makes each answer that is kept tell of 777 tasks where one was added; tells how many those are.
fn falsify(world: &World, board: u64) -> u64 {
    let script = r#"local n = 0
        for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
            local text, times = string.gsub(redis.call('HGET', KEYS[1], field), '"added":1,', '"added":777,')
            redis.call('HSET', KEYS[1], field, text)
            n = n + times
        end
        return n"#;
    number(&redis(world, &["EVAL", script, "1", &key(board)]))
}

/// What Redis answers, as a number.
fn number(answer: &str) -> u64 {
    answer.trim().trim_start_matches(':').parse().expect("a number")
}

/// How many tasks were added today, and whether that was kept.
async fn added(api: &Api<'_>, board: u64) -> (u64, String) {
    let (document, cache) = told(api, board, GERMAN).await;
    let days = document["days"].as_array().expect("days");
    (days.last().expect("today")["added"].as_u64().expect("a number"), cache)
}

#[tokio::test]
async fn api_analytics_are_kept_for_who_asks_the_same_until_something_happens() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Asked often").await;
    ada.task(board, "One").await;
    let (first, cache) = told(&ada, board, GERMAN).await;
    assert_eq!((&first["seq"], &*cache), (&json!(1), "miss"));
    let (again, cache) = told(&ada, board, GERMAN).await;
    assert_eq!((&again, &*cache), (&first, "hit"));
    // Who asks for something else gets that.
    for other in ["", "tz=Asia/Tokyo", "tz=Europe/Berlin&from=2026-01-01&to=2026-01-02"] {
        assert_eq!(told(&ada, board, other).await.1, "miss", "{other}");
        assert_eq!(told(&ada, board, other).await.1, "hit", "{other}");
    }
    let zipped = format!("{}/analytics?{GERMAN}", ada.board_path(board));
    let zipped = ada.get(&zipped).header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(zipped.expect_header("x-cache"), "miss");
    // The day is the reader's, and a new one is another answer.
    let tomorrow = "local of = redis.call('HGETALL', KEYS[1]) for i = 1, #of, 2 do redis.call('HDEL', KEYS[1], of[i]) \
                    redis.call('HSET', KEYS[1], (string.gsub(of[i], '/%d%d%d%d%-%d%d%-%d%d/[gi]', '/2020-02-02/i')), of[i + 1]) end";
    let _ = redis(world, &["EVAL", tomorrow, "1", &key(board)]);
    assert_eq!(told(&ada, board, GERMAN).await.1, "miss");
    // And so is each thing that happens.
    assert_eq!(told(&ada, board, GERMAN).await.1, "hit");
    ada.task(board, "Two").await;
    let (second, cache) = told(&ada, board, GERMAN).await;
    assert_eq!((&second["seq"], &*cache), (&json!(2), "miss"));
    assert_eq!(second["days"][29]["added"], 2);
}

#[tokio::test]
async fn limit_analytics_few_answers_are_kept_for_a_minute_and_none_that_is_large() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Asked much").await;
    for day in 1..=20 {
        let query = format!("from=2026-01-{day:02}&to=2026-01-31");
        assert_eq!(told(&ada, board, &query).await.1, "miss", "{query}");
        assert_eq!(told(&ada, board, &query).await.1, "hit", "{query}");
        let kept = number(&redis(world, &["HLEN", &key(board)]));
        assert!((2..=9).contains(&kept), "{kept} with the moment");
        let seconds = number(&redis(world, &["TTL", &key(board)]));
        assert!(seconds <= 60, "{seconds}");
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
    let world = World::start(Mode::STATE_OF_THE_ART, &[]).await;
    let (ada, eve) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Kept").await;
    let bob = world.member(&ada, board, "viewer").await;
    ada.task(board, "One").await;
    let (right, shown) = ((1, "miss".to_owned()), (777, "hit".to_owned()));
    assert_eq!(added(&bob, board).await, right);
    // What is shown because it is of this moment, and must not be otherwise.
    assert_eq!(falsify(&world, board), 1);
    assert_eq!(added(&bob, board).await, shown);
    // Neither to strangers nor to who is removed or logged out.
    let _ = ask(&eve, board, GERMAN).await.problem(404, "not-found");
    let member = format!("{}/members/{}", ada.board_path(board), bob.username());
    let _ = ada.delete(&member).send().await.expect(204);
    let _ = ask(&bob, board, GERMAN).await.problem(404, "not-found");
    let _ = eve.request("POST", "/api/auth/logout").send().await.expect(204);
    let _ = ask(&eve, board, GERMAN).await.problem(401, "unauthorized");
    // Nor what is of a seq to come, of a history that the database has lost, or of another epoch.
    assert_eq!(added(&ada, board).await, right, "after Bob was removed");
    let moment = redis(&world, &["HGET", &key(board), "moment"]);
    let moment: Vec<&str> = moment.lines().last().expect("a moment").split(' ').collect();
    let [seq, time, epoch] = moment[..] else { panic!("{moment:?}") };
    for other in [
        format!("{seq}0 {time} {epoch}"),
        format!("{seq} 2020-02-02T02:02:02.222Z {epoch}"),
        format!("{seq} {time} {epoch}0"),
        String::new(),
    ] {
        assert_eq!(falsify(&world, board), 1);
        let _ = redis(&world, &["HSET", &key(board), "moment", &other]);
        assert_eq!(added(&ada, board).await, right, "{other:?}");
    }
    // Something else in its place gives way, and none at all does not matter.
    for (command, value) in [("SET", "x"), ("RPUSH", "x")] {
        let _ = redis(&world, &["DEL", &key(board)]);
        let _ = redis(&world, &[command, &key(board), value]);
        assert_eq!(added(&ada, board).await, right, "{command}");
        assert_eq!(added(&ada, board).await, (1, "hit".to_owned()), "{command}");
    }
    world.databases().kill_redis();
    assert_eq!(added(&ada, board).await, right);
}
