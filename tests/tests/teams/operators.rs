//! What operators see of both programs: local-host's `/metrics`, and pages, alerts and dashboards
//! that name only existing metrics.

use contract_tests::api::{Mode, World};
use contract_tests::prometheus::{Family, Shown, parse};
use contract_tests::stack::workspace;
use contract_tests::{Api, Client};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

async fn text(url: String) -> String {
    let reply = Client::new(url).get("/metrics").send().await.expect(200);
    assert_eq!(reply.expect_header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    String::from_utf8(reply.body.to_vec()).expect("UTF-8")
}

async fn families(world: &World) -> BTreeMap<String, Family> {
    parse(&text(world.stack.functions_metrics_url()).await)
}

/// The sum of the samples with this prefix; 0 if there are none.
async fn sum(world: &World, family: &str, labels: &[&str]) -> f64 {
    let families = families(world).await;
    let samples = &families.get(family).unwrap_or_else(|| panic!("no {family}")).samples;
    let fits = |sample: &str| labels.iter().all(|label| sample.contains(label));
    samples.iter().filter(|(sample, _)| fits(sample)).map(|(_, value)| value).sum()
}

async fn until_more(world: &World, family: &str, labels: &[&str], than: f64) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while sum(world, family, labels).await <= than {
        assert!(Instant::now() < deadline, "{family} {labels:?} stays at {than}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Requests of each kind: reads, writes, refusals, and server errors.
async fn use_everything(world: &World, api: &Api<'_>) {
    let board = api.board("Watched").await;
    let task = api.task(board, "A task").await;
    let _ = api.document(board).await;
    let path = api.task_path(board, task);
    let _ = api.get(&path).header("if-none-match", "*").send().await.expect(304);
    let _ = api.get("/api/boards/999999999").send().await.expect(404);
    let quick = api.in_mode(Mode::QUICK_WIN);
    let quick_board = quick.board("Quick").await;
    let _ = quick.task(quick_board, "A quick task").await;
    world.databases().kill_postgres();
    let _ = api.get(&path).send().await.expect(503);
    world.databases().start_postgres();
}

#[tokio::test]
async fn metrics_of_the_host_count_requests_instances_and_store_calls_by_component() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let api = world.api();
    let board = api.board("Counted").await;
    let (requests, calls) = ("local_host_requests_total", "local_host_store_calls_total");
    let written = [r#"component="tasks""#, r#"method="write""#, r#"status="2xx""#];
    for store in ["postgresql", "redis"] {
        let label = format!("store=\"{store}\"");
        assert!(sum(&world, calls, &[r#"component="boards""#, &label]).await > 0.0, "{store}");
    }
    assert!(sum(&world, requests, &written).await < 1.0);
    for number in 1..=5 {
        let _ = api.task(board, "One more").await;
        let counted = sum(&world, requests, &written).await;
        assert!((counted - f64::from(number)).abs() < 0.5, "{counted} of {number}");
    }
    let refused = [r#"component="tasks""#, r#"status="4xx""#];
    let _ = api.post(&api.tasks_path(board), &json!({"titel": "x"})).send().await.expect(422);
    assert!((sum(&world, requests, &refused).await - 1.0).abs() < 0.5);
    let quick = api.in_mode(Mode::QUICK_WIN);
    let quick_board = quick.board("Quick").await;
    let _ = quick.task(quick_board, "t").await;
    let key_value = [r#"component="quick-win-tasks""#, r#"store="key-value""#, r#"outcome="ok""#];
    assert!(sum(&world, calls, &key_value).await > 1.0);
    let http = [r#"component="quick-win-tasks""#, r#"store="http""#, r#"outcome="ok""#];
    assert!((sum(&world, calls, &http).await - 1.0).abs() < 0.5, "one post to the relay");
    let families = families(&world).await;
    assert!(families["local_host_requests_running"].samples[0].1 < 1.0);
    let instances = sum(&world, "local_host_instances", &[]).await;
    assert!((0.0..100.0).contains(&instances), "{instances}");
    until_more(&world, "local_host_pool_connections", &[r#"state="idle""#], 0.0).await;
    let components = sum(&world, "local_host_components", &[]).await;
    assert!(components > 20.0, "{components}");
    let failed = [r#"store="postgresql""#, r#"outcome="failed""#];
    let before = sum(&world, calls, &failed).await;
    world.databases().kill_postgres();
    let _ = api.get(&api.board_path(board)).send().await.expect(503);
    until_more(&world, calls, &failed, before).await;
    let of_ours = [r#"component="board""#, r#"status="5xx""#];
    assert!((sum(&world, requests, &of_ours).await - 1.0).abs() < 0.5);
}

#[tokio::test]
async fn metrics_are_answered_where_operators_are_and_nowhere_else() {
    let world = World::start(Mode::TEAMS, &[]).await;
    let public = Client::new(world.stack.functions_url());
    let page = public.get("/metrics").try_send().await.expect("an answer");
    assert!(!String::from_utf8_lossy(&page.body).contains("local_host_"), "{page}");
    let operators = Client::new(world.stack.functions_metrics_url());
    for path in ["/", "/healthz", "/api/boards"] {
        let _ = operators.get(path).send().await.expect(404);
    }
    let refused = operators.post("/metrics", &json!({})).send().await.expect(405);
    assert_eq!(refused.expect_header("allow"), "GET, HEAD");
}

/// Each expression of the alerts and the dashboard, with its place and the labels used from its
/// result.
fn expressions() -> Vec<(String, String, Vec<String>)> {
    let alerts = "deploy/prometheus/alerts.yaml";
    let text = std::fs::read_to_string(workspace().join(alerts)).expect(alerts);
    let mut found: Vec<(String, String, Vec<String>)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(expression) = line.strip_prefix("expr: ") {
            found.push((alerts.to_owned(), expression.to_owned(), Vec::new()));
        } else if let (Some(_), Some(last)) = (line.strip_prefix("summary: "), found.last_mut()) {
            let named = line.split("$labels.").skip(1).filter_map(|rest| rest.split(' ').next());
            last.2.extend(named.map(str::to_owned));
        }
    }
    assert!(found.len() > 12, "{found:?}");
    let dashboard = "deploy/grafana/taskboard.json";
    let text = std::fs::read_to_string(workspace().join(dashboard)).expect(dashboard);
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let panels = document["panels"].as_array().expect("panels");
    let mut ids = BTreeSet::new();
    for panel in panels {
        assert!(ids.insert(panel["id"].as_u64()), "{panel}");
        for target in panel["targets"].as_array().into_iter().flatten() {
            let place = format!("{dashboard}, {}", panel["title"]);
            let expression = target["expr"].as_str().expect("an expression").to_owned();
            let legend = target["legendFormat"].as_str().expect("a legend");
            let named = legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
            found.push((place, expression, named.map(|it| it.trim().to_owned()).collect()));
        }
    }
    assert!(found.len() > 40);
    found
}

/// The names of the first cells of the page's tables.
fn explained(page: &str) -> BTreeSet<String> {
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}

#[tokio::test]
async fn metrics_that_alerts_dashboards_and_the_page_for_operators_name_are_there() {
    let world = World::start(Mode::TEAMS, &[]).await;
    use_everything(&world, &world.api()).await;
    let host = text(world.stack.functions_metrics_url()).await;
    let relay = text(world.stack.metrics_url()).await;
    let mut shown = Shown::default();
    shown.add(&host);
    shown.add(&relay);
    for (place, expression, named) in expressions() {
        let lacking = shown.lacking(&expression, &named);
        assert!(lacking.is_empty(), "{place}: {expression}: nobody shows {lacking:?}");
    }
    let page = std::fs::read_to_string(workspace().join("docs/operations.md")).expect("the page");
    let explained = explained(&page);
    let families = parse(&host);
    let undocumented: Vec<_> = families.keys().filter(|name| !explained.contains(*name)).collect();
    assert!(undocumented.is_empty(), "docs/operations.md does not explain {undocumented:?}");
    let ours = |name: &&String| name.starts_with("local_host_");
    let gone: Vec<_> =
        explained.iter().filter(ours).filter(|it| !families.contains_key(*it)).collect();
    assert!(gone.is_empty(), "docs/operations.md explains what /metrics does not show: {gone:?}");
}
