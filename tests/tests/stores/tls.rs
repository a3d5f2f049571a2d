//! TLS to both stores: the server's identity is verified, or there is no connection and the log
//! says why.

use super::{World, said};
use contract_tests::api::seq;
use contract_tests::certificates::{Authority, Identity};
use contract_tests::secured::PASSWORD;
use contract_tests::stack::program;
use contract_tests::{Client, Socket, Stack};
use serde_json::json;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// How long it may take until a change is noticed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a command may take to fail.
const COMMAND_LIMIT: Duration = Duration::from_secs(15);

/// One of the commands on the database, with the stores' settings.
fn run(world: &World, name: &str, arguments: &[&str]) -> Output {
    let began = Instant::now();
    let output = Command::new(program(name))
        .args(arguments)
        .env("DATABASE_URL", &world.secured.database_url)
        .env("REDIS_URL", &world.secured.redis_url)
        .env("REDIS_CA_FILE", &world.secured.authority)
        .output()
        .expect("a program");
    assert!(began.elapsed() < COMMAND_LIMIT, "{name} took {:?}", began.elapsed());
    output
}

/// Waits until both servers are ready, or both not.
async fn until_ready(world: &World, ready: bool) {
    let deadline = Instant::now() + PATIENCE;
    for url in [world.stack.functions_url(), world.stack.relay_url()] {
        let client = Client::new(url);
        loop {
            let reply = client.get("/readyz").try_send().await.expect("an answer");
            let stores = reply.json()["stores"].clone();
            let answers = ["postgresql", "redis"].map(|name| {
                let state = &stores[name];
                *state == "ok" || state["status"] == "ok"
            });
            if answers == [ready; 2] {
                assert_eq!(reply.status == 200, ready, "{reply}");
                break;
            }
            assert!(Instant::now() < deadline, "not as it should be ({ready}): {reply}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Waits until both logs contain this reason for each store, after these offsets.
async fn until_logged(world: &World, [functions, relay]: [usize; 2], reason: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        for url in [world.stack.functions_url(), world.stack.relay_url()] {
            let _ = Client::new(url).get("/readyz").try_send().await.expect("an answer");
        }
        let (of_functions, of_relay) = (world.stack.functions_log(), world.stack.relay_log());
        let logs = [&of_functions[functions..], &of_relay[relay..]];
        let is_logged = |log: &str, store: &str| {
            log.lines().any(|line| line.contains(store) && line.contains(reason))
        };
        let stores = ["postgresql", "redis"];
        if stores.iter().all(|store| logs.iter().all(|log| is_logged(log, store))) {
            return;
        }
        assert!(Instant::now() < deadline, "not all logs contain {reason}:\n{}", logs.concat());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What `/readyz` of both says of each store that is unavailable.
async fn details(world: &World) -> Vec<String> {
    let mut details = Vec::new();
    for url in [world.stack.functions_url(), world.stack.relay_url()] {
        let reply = Client::new(url).get("/readyz").try_send().await.expect("an answer");
        let document = reply.json();
        for name in ["postgresql", "redis"] {
            let detail = [&document["details"][name], &document["stores"][name]["detail"]];
            details.extend(detail.into_iter().filter_map(|it| it.as_str().map(str::to_owned)));
        }
    }
    details
}

/// Waits until `/readyz` of both says this of each store.
async fn until_told(world: &World, reason: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let details = details(world).await;
        if details.len() == 4 && details.iter().all(|detail| detail.contains(reason)) {
            let told = details.concat();
            for secret in ["localhost", "provided", PASSWORD] {
                assert!(!told.contains(secret), "{told}");
            }
            return;
        }
        assert!(Instant::now() < deadline, "not {reason}: {details:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn api_probe_readyz_says_why_a_store_is_unavailable_and_neither_name_nor_address() {
    let (world, _turn) = World::take().await;
    let identity = world.authority.identity("localhost", 2100);
    let log_in = |password: &str| {
        let statement = format!("ALTER ROLE provided PASSWORD '{password}'");
        let _ = world.databases.psql(&statement).expect("changed");
        let rule = ["ACL", "SETUSER", "provided", "resetpass", &format!(">{password}")];
        assert_eq!(world.databases.redis(&rule).expect("an answer"), "+OK\r\n");
        // Ends the connections.
        world.databases.show(&identity);
    };
    log_in("another one");
    until_told(world, "it does not accept the user or the password").await;
    log_in(PASSWORD);
    until_ready(world, true).await;
    world.databases.show(&world.authority.identity("elsewhere.example", 2100));
    until_told(world, "its certificate is not accepted").await;
    world.databases.show(&identity);
    until_ready(world, true).await;
    let url = world.secured.database_url.replace("verify-full", "verify-ca");
    let stack = Stack::start_unready(&[("SPIN_VARIABLE_DATABASE_URL", &url)]).await;
    let reply = Client::new(stack.functions_url()).get("/readyz").try_send().await;
    let told = reply.expect("an answer").json()["details"]["postgresql"].clone();
    assert!(told.as_str().is_some_and(|told| told.contains("sslmode")), "{told}");
}

#[tokio::test]
async fn a_write_goes_from_the_request_to_the_socket_with_both_stores_behind_tls() {
    let (world, _turn) = World::take().await;
    let ada = world.somebody().await;
    let board = ada.board("Secured").await;
    let mut socket = Socket::open(&ada).await;
    let seen = seq(&socket.subscribe(board, None).await);
    let reply = ada.add(board, &json!({"title": "over TLS"})).await.expect(201);
    assert_eq!(reply.header("event-delivery"), None, "{reply}");
    let _ = socket.event(seen + 1).await;

    let used = "SELECT count(*) > 1 AND bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity \
                USING (pid) WHERE usename = 'provided'";
    assert_eq!(world.databases.psql(used).as_deref(), Ok("t\n"));
    let clients = world.databases.redis(&["CLIENT", "LIST"]).expect("a list");
    assert!(clients.matches("user=provided").count() > 1, "{clients}");

    let migrated = run(world, "migrate", &[]);
    assert!(said(&migrated).contains("up to date"), "{}", said(&migrated));
    let name = ada.username();
    let made = run(world, "make-admin", &[name]);
    assert!(made.status.success(), "{}", said(&made));
    let ended = run(world, "make-admin", &[name, "--revoke"]);
    // Published to Redis, so there is no hint about ten seconds.
    assert!(said(&ended).trim_end().ends_with("logged out everywhere"), "{}", said(&ended));
}

#[tokio::test]
async fn a_server_that_does_not_prove_who_it_is_is_not_spoken_to_and_the_log_names_the_reason() {
    let (world, _turn) = World::take().await;
    let stranger = Authority::new("a stranger's");
    let faults: [(Identity, &str); 3] = [
        (world.authority.identity("elsewhere.example", 2100), "certificate not valid for name"),
        (world.authority.identity("localhost", 2020), "certificate expired"),
        (stranger.identity("localhost", 2100), "UnknownIssuer"),
    ];
    for (identity, reason) in &faults {
        let logs = [world.stack.functions_log().len(), world.stack.relay_log().len()];
        world.databases.show(identity);
        until_logged(world, logs, reason).await;
        until_ready(world, false).await;
        let refused = run(world, "migrate", &[]);
        assert!(!refused.status.success() && said(&refused).contains(reason), "{}", said(&refused));
    }
    world.databases.show(&world.authority.identity("localhost", 2100));
    until_ready(world, true).await;
    for log in [world.stack.functions_log(), world.stack.relay_log()] {
        for password in [PASSWORD, "s3cr3t"] {
            assert!(!log.contains(password), "a password appears in a log");
        }
    }
}
