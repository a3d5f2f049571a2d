//! A change is followed from its request to its receipt (docs/contract/api.md, API-TRACE;
//! docs/contract/realtime.md, RT-TRACE).

use contract_tests::api::seq;
use contract_tests::{Api, Databases, Socket, Stack, people};
use serde_json::{Value, json};

/// What a sender sends, and what it is once it was read.
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Servers with databases that follow changes, or do not.
struct Traced {
    stack: Stack,
    databases: Databases,
    token: String,
    actor: Value,
}

impl Traced {
    async fn start(ratio: &str) -> Self {
        let databases = tokio::task::spawn_blocking(Databases::start).await.expect("databases");
        let environment = databases.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let functions = [&environment[..], &[("SPIN_VARIABLE_TRACE_RATIO", ratio)]].concat();
        let stack = Stack::start_with(&functions, &environment).await;
        let (token, actor) = people::register(&stack, "ada").await;
        Self { stack, databases, token, actor }
    }

    fn api(&self) -> Api<'_> {
        Api::of_user(&self.stack, &self.token, self.actor.clone())
    }
}

/// Adds a task by a request with this `traceparent`; gives the event's number.
async fn add(api: &Api<'_>, board: u64, traceparent: &str) -> u64 {
    let call = api.post(&api.tasks_path(board), &json!({"title": "Followed"}));
    let reply = call.header("traceparent", traceparent).send().await.expect(201);
    reply.expect_header("event-seq").parse().expect("a number")
}

/// The event of this number, as the API has it.
async fn event(api: &Api<'_>, board: u64, number: u64) -> Value {
    api.events(board, number - 1).await.remove(0)
}

#[tokio::test]
async fn api_trace_and_rt_trace_a_sampled_change_is_followed_to_its_receipt() {
    let world = Traced::start("0.25").await;
    let api = world.api();
    let config = api.get("/config.json").try_send().await.expect("an answer").json();
    assert_eq!(config["trace_ratio"], 0.25);
    let board = api.board("Followed").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    let number = add(&api, board, TRACE).await;
    let statement = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE \
                     '%task_add%/*traceparent=''00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01''*/'";
    assert_eq!(world.databases.psql(statement).expect("a count").trim(), "1");
    let received = socket.event(number).await;
    let stored = event(&api, board, number).await;
    assert_eq!((&received["traceparent"], &stored["traceparent"]), (&json!(TRACE), &json!(TRACE)));
    // What others send beside, or in a version to come, is read as far as it is known.
    let later = format!("01{}03-more", &TRACE[2..53]);
    let number = add(&api, board, &later).await;
    assert_eq!(socket.event(number).await["traceparent"], TRACE);
}

#[tokio::test]
async fn api_trace_an_odd_forged_or_unsampled_traceparent_is_passed_over() {
    let world = Traced::start("1").await;
    let api = world.api();
    let board = api.board("Forged").await;
    let long = "0".repeat(10_000);
    for odd in [
        &*TRACE.replace("-01", "-00"),
        &TRACE.to_uppercase(),
        &TRACE.replacen("00", "ff", 1),
        &format!("{TRACE}-01"),
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473'-00f067aa0ba902b7-01",
        "*/; DROP TABLE events; --",
        "\"},\"seq\":1,{\"",
        &long,
        "",
    ] {
        let number = add(&api, board, odd).await;
        let event = event(&api, board, number).await;
        assert!(event.get("traceparent").is_none(), "{odd}: {event}");
    }
    let twice = api.post(&api.tasks_path(board), &json!({"title": "Twice"}));
    let twice = twice.header("traceparent", TRACE).header("traceparent", TRACE);
    let twice = twice.send().await.expect(201);
    let number = twice.expect_header("event-seq").parse().expect("a number");
    assert!(event(&api, board, number).await.get("traceparent").is_none());
    let log = world.stack.functions_log();
    assert!(!log.contains("DROP TABLE") && !log.contains("ERROR"), "{log}");
}

#[tokio::test]
async fn api_trace_nothing_is_followed_where_the_operator_does_not_want_it() {
    let world = Traced::start("0").await;
    let api = world.api();
    let board = api.board("Unfollowed").await;
    let number = add(&api, board, TRACE).await;
    assert!(event(&api, board, number).await.get("traceparent").is_none());
    let statement = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%/*traceparent%*/'";
    assert_eq!(world.databases.psql(statement).expect("a count").trim(), "0");
    assert_eq!(seq(&api.document(board).await), number);
}
