//! Injected faults: guests that die right before or right after a Redis command.

#[path = "support/servers.rs"]
mod servers;
mod support;

use http::{Request, StatusCode};
use redis::Commands as _;
use serde_json::{Value, json};
use support::{Folder, Host};

use self::servers::Server;

fn address(server: &Server) -> String {
    format!("redis://127.0.0.1:{}", server.port)
}

fn connection(server: &Server) -> redis::Connection {
    redis::Client::open(address(server)).expect("an address").get_connection().expect("a server")
}

/// A host that injects this fault into its guests.
fn host(fault: &str, seed: &str) -> Host {
    let manifest =
        format!("{}allowed_outbound_hosts = [\"redis://127.0.0.1:*\"]\n", support::MANIFEST);
    Folder::new(&manifest).start(&["--inject-fault", fault, "--inject-fault-seed", seed])
}

/// The status of a request whose guest runs these commands in sequence.
async fn run(host: &Host, server: &Server, commands: &[&str]) -> StatusCode {
    let mut steps = vec![json!({"do": "redis", "address": address(server)})];
    let words =
        |command: &&str| json!({"do": "command", "words": command.split(' ').collect::<Vec<_>>()});
    steps.extend(commands.iter().map(words));
    host.send(Request::post("/databases"), Value::Array(steps).to_string()).await.status
}

#[tokio::test]
async fn a_guest_that_dies_before_its_command_never_sends_it_and_its_client_gets_500() {
    let server = servers::redis();
    let host = host("before:1:SET mark", "0");
    let status = run(&host, &server, &["INCR runs", "SET other 1", "SET mark 1", "INCR after"]);
    assert_eq!(status.await, StatusCode::INTERNAL_SERVER_ERROR);
    let mut redis = connection(&server);
    let seen: Vec<Option<u64>> = redis.mget(&["runs", "other", "mark", "after"]).expect("values");
    assert_eq!(seen, [Some(1), Some(1), None, None]);
    host.wait_for_log("killed on purpose");
    // The next instance works.
    assert_eq!(run(&host, &server, &["INCR runs"]).await, StatusCode::OK);
}

#[tokio::test]
async fn a_guest_that_dies_after_its_command_has_it_carried_out_and_hears_nothing() {
    let server = servers::redis();
    let host = host("after:1:INCR", "0");
    let status = run(&host, &server, &["SET before 1", "INCR mark", "SET after 1"]).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let seen: Vec<Option<u64>> =
        connection(&server).mget(&["before", "mark", "after"]).expect("values");
    assert_eq!(seen, [Some(1), Some(1), None]);
}

#[tokio::test]
async fn a_seed_kills_the_same_guests_again_as_often_as_its_chance_says() {
    let server = servers::redis();
    let mut runs = Vec::new();
    for seed in ["1", "1", "2"] {
        let host = host("before:0.5:INCR", seed);
        let mut died = Vec::new();
        for _ in 0..40 {
            died.push(run(&host, &server, &["INCR n"]).await != StatusCode::OK);
        }
        runs.push(died);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let deaths = runs[0].iter().filter(|died| **died).count();
    assert!((5..35).contains(&deaths), "{deaths} of 40");
}

#[test]
fn faults_are_off_unless_given_warned_of_where_they_are_and_refused_where_they_are_none() {
    let folder = Folder::new(support::MANIFEST);
    assert!(!folder.start(&[]).log().contains("on purpose"));
    let environment = [("LOCAL_HOST_INJECT_FAULT", "before:0.5:GET,after:0.5:SET")];
    let line = folder.start_with(&[], &environment).wait_for_log("for tests only");
    assert!(line.contains("WARN") && line.contains("GET") && line.contains("SET"), "{line}");
    let (status, said) = folder.fail(&["--inject-fault", "before:7:GET"]);
    assert!(!status.success() && said.contains("a chance from 0 to 1"), "{said}");
}
