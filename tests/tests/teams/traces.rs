//! A change is traced from its request to its receipt (docs/contract/api.md, API-TRACE;
//! docs/contract/realtime.md, RT-TRACE).

use contract_tests::api::seq;
use contract_tests::collector::Span;
use contract_tests::prometheus::parse;
use contract_tests::stack::{JWT_SECRET, RELAY_SECRET};
use contract_tests::{Api, Client, Collector, Databases, Socket, Stack, people};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The `traceparent` that a sender sends.
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The time limit of everything on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Servers with databases, with tracing or without.
struct Traced {
    stack: Stack,
    databases: Databases,
    token: String,
    actor: Value,
}

impl Traced {
    async fn start(ratio: &str) -> Self {
        Self::start_with(ratio, &[]).await
    }

    /// The same with additional environment variables for both programs.
    async fn start_with(ratio: &str, more: &[(&str, &str)]) -> Self {
        let databases = tokio::task::spawn_blocking(Databases::start).await.expect("databases");
        let environment = databases.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let relay = [&environment[..], more].concat();
        let functions = [&relay[..], &[("SPIN_VARIABLE_TRACE_RATIO", ratio)]].concat();
        let stack = Stack::start_with(&functions, &relay).await;
        let (token, actor) = people::register(&stack, "ada").await;
        Self { stack, databases, token, actor }
    }

    fn api(&self) -> Api<'_> {
        Api::of_user(&self.stack, &self.token, self.actor.clone())
    }
}

/// Adds a task by a request with this `traceparent`; returns the event's number.
async fn add(api: &Api<'_>, board: u64, traceparent: &str) -> u64 {
    let call = api.post(&api.tasks_path(board), &json!({"title": "Followed"}));
    let reply = call.header("traceparent", traceparent).send().await.expect(201);
    reply.expect_header("event-seq").parse().expect("a number")
}

/// The event with this number, from the API.
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
    // Additional parts and future versions are read as far as they are known.
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

/// The number of spans of this outcome at a program.
async fn spans(metrics_url: &str, metric: &str, outcome: &str) -> f64 {
    let reply = Client::new(metrics_url.to_owned()).get("/metrics").send().await.expect(200);
    let families = parse(&String::from_utf8_lossy(&reply.body));
    let sample = format!("{metric}{{outcome=\"{outcome}\"}}");
    let samples = &families[metric].samples;
    samples.iter().find(|(name, _)| *name == sample).expect("such spans").1
}

#[tokio::test]
async fn rt_trace_the_spans_of_functions_and_relay_are_one_trace_and_tell_no_secret() {
    let collector = Collector::start().await;
    let quick = ("OTEL_BSP_SCHEDULE_DELAY", "50");
    let world =
        Traced::start_with("1", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url), quick]).await;
    let api = world.api();
    let board = api.board("Followed").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    let (trace, sender) = (&TRACE[3..35], &TRACE[36..52]);
    let deadline = Instant::now() + PATIENCE;
    // An event that the socket's own task writes during the subscription has no span.
    let (received, delivery) = loop {
        let number = add(&api, board, TRACE).await;
        let received = socket.event(number).await;
        let fits = |span: &Span| {
            let seq = span.attributes.get("taskboard.seq");
            span.name == "publish to write" && seq == Some(&number.to_string())
        };
        if let Some(span) = collector.find(Duration::from_secs(2), fits).await {
            break (received, span);
        }
        assert!(Instant::now() < deadline, "no span of a delivery: {:#?}", collector.spans());
    };
    let made = |span: &Span| span.id == delivery.parent;
    let request = collector.find(PATIENCE, made).await.expect("the request's span");
    let name = "POST /api/boards/:board_id/tasks";
    assert_eq!((&*request.name, &*request.trace, &*request.parent), (name, trace, sender));
    assert_eq!(received["traceparent"], format!("00-{trace}-{}-01", request.id));
    assert_eq!((&*delivery.service, &*delivery.trace), ("realtime-relay", trace));
    assert_eq!(request.attributes["http.response.status_code"], "201");
    assert_eq!(request.attributes["faas.name"], "tasks");
    assert_eq!(delivery.attributes["taskboard.board"], board.to_string());
    assert!(delivery.took < Duration::from_secs(5), "{delivery:?}");
    let all = format!("{:?}", collector.spans());
    for secret in [&*world.token, JWT_SECRET, RELAY_SECRET, people::PASSWORD, "Followed"] {
        assert!(!all.contains(secret), "a span contains {secret}");
    }
    let relay = (world.stack.metrics_url(), "realtime_relay_spans_total");
    let host = (world.stack.functions_metrics_url(), "local_host_spans_total");
    assert!(exported(&relay.0, relay.1, 1.0).await < 1.5);
    assert!(exported(&host.0, host.1, 4.0).await > 3.0);
}

/// Waits until a program has counted this many exported spans, which it does after the collector's
/// answer.
async fn exported(metrics_url: &str, metric: &str, least: f64) -> f64 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let exported = spans(metrics_url, metric, "exported").await;
        if exported >= least {
            return exported;
        }
        assert!(Instant::now() < deadline, "{metric}: {exported}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn rt_trace_a_collector_that_is_silent_delays_nobody_and_what_it_misses_is_counted() {
    let collector = Collector::silent().await;
    let world = Traced::start_with("1", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)]).await;
    let api = world.api();
    let board = api.board("Delayed").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    let client = Client::new(world.stack.functions_url());
    let mut slowest = Duration::ZERO;
    // More than there is room for.
    for _ in 0..2_500 {
        let began = Instant::now();
        assert_eq!(client.get("/healthz").try_send().await.expect("an answer").status, 200);
        slowest = slowest.max(began.elapsed());
    }
    let began = Instant::now();
    let number = add(&api, board, TRACE).await;
    let _ = socket.event(number).await;
    slowest = slowest.max(began.elapsed());
    assert!(slowest < Duration::from_secs(2), "a request took {slowest:?}");
    let dropped =
        spans(&world.stack.functions_metrics_url(), "local_host_spans_total", "dropped").await;
    assert!(dropped > 400.0, "{dropped}");
}
