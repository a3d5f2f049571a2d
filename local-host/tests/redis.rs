//! `spin:redis` from a guest's side, against a real server.

#[path = "support/servers.rs"]
mod servers;
mod support;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use http::{Request, StatusCode};
use redis::Commands as _;
use serde_json::{Value, json};
use support::{Folder, Host};

use self::servers::Server;

/// The server of all tests, each of which uses its own keys.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(servers::redis)
}

/// A host whose guest may connect to any Redis on this machine.
fn host(arguments: &[&str]) -> Host {
    let manifest =
        format!("{}allowed_outbound_hosts = [\"redis://127.0.0.1:*\"]\n", support::MANIFEST);
    Folder::new(&manifest).start(arguments)
}

fn address(server: &Server) -> String {
    format!("redis://127.0.0.1:{}", server.port)
}

/// The test's own connection.
fn own_connection(server: &Server) -> redis::Connection {
    let client = redis::Client::open(address(server)).expect("an address");
    client.get_connection().expect("a server")
}

async fn run(host: &Host, steps: &[Value]) -> (StatusCode, Vec<Value>) {
    let script = Value::from(steps).to_string();
    let answer = host.send(Request::post("/databases"), script).await;
    let results: Value = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
    (answer.status, results.as_array().cloned().unwrap_or_default())
}

/// The results of a script on its own connection, without the result of opening it.
async fn results(host: &Host, server: &Server, steps: &[Value]) -> Vec<Value> {
    let mut script = vec![json!({ "do": "redis", "address": address(server) })];
    script.extend_from_slice(steps);
    let (status, results) = run(host, &script).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(results[0], "done");
    results[1..].to_vec()
}

fn command(words: &str) -> Value {
    json!({ "do": "command", "words": words.split(' ').collect::<Vec<_>>() })
}

fn call(words: &[&str]) -> Value {
    json!({ "do": "redis-call", "words": words })
}

/// Waits without blocking the test's other futures.
async fn wait_until(what: &str, mut ready: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !ready() {
        assert!(Instant::now() < deadline, "{what} takes too long");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn clients(server: &Server) -> Vec<String> {
    let list: String =
        redis::cmd("CLIENT").arg("LIST").query(&mut own_connection(server)).expect("a list");
    list.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_function_of_the_interface_works() {
    let host = host(&[]);
    let seen = results(
        &host,
        server(),
        &[
            call(&["set", "each:a", "1"]),
            call(&["get", "each:a"]),
            call(&["get", "each:none"]),
            call(&["incr", "each:a"]),
            call(&["sadd", "each:s", "x", "y", "x"]),
            call(&["srem", "each:s", "x", "z"]),
            call(&["smembers", "each:s"]),
            call(&["del", "each:a", "each:s", "each:none"]),
            call(&["publish", "each:channel", "message"]),
        ],
    )
    .await;
    let expected = json!(["done", "1", null, 2, 2, 1, ["y"], 2, "done"]);
    assert_eq!(Value::Array(seen), expected);
}

#[tokio::test]
async fn execute_keeps_kinds_of_values_and_flattens_arrays_as_spin_does() {
    let host = host(&[]);
    let seen = results(
        &host,
        server(),
        &[
            command("PING"),
            json!({ "do": "command", "words": ["SET", "kinds:n", 41] }),
            command("INCR kinds:n"),
            command("GET kinds:none"),
            command("XADD kinds:stream 1-1 a b c d"),
            command("XADD kinds:stream 2-1 e f"),
            command("XRANGE kinds:stream - +"),
            command("MGET kinds:n kinds:none"),
            json!({ "do": "command", "words": ["EVAL", "return {1, {KEYS[1], ARGV[1]}, {}}", 1, "k", "v"] }),
        ],
    )
    .await;
    let expected = json!([
        ["+PONG"],
        ["+OK"],
        [42],
        [null],
        ["1-1"],
        ["2-1"],
        ["1-1", "a", "b", "c", "d", "2-1", "e", "f"],
        ["42", null],
        [1, "k", "v"]
    ]);
    assert_eq!(Value::Array(seen), expected);
}

#[tokio::test]
async fn errors_say_what_redis_said() {
    let host = host(&[]);
    let seen = results(
        &host,
        server(),
        &[
            call(&["set", "wrong:a", "text"]),
            call(&["incr", "wrong:a"]),
            call(&["sadd", "wrong:a", "x"]),
            command("NONSENSE 1"),
            command("EVALSHA ffffffffffffffffffffffffffffffffffffffff 0"),
            command("GET wrong:a"),
        ],
    )
    .await;
    for (result, reason) in seen[1..].iter().zip([
        "- ResponseError: value is not an integer",
        "(\"WRONGTYPE: Operation against",
        "An error was signalled by the server - ResponseError: unknown command",
        "NoScriptError: No matching script",
    ]) {
        let error = result["error"].as_str().unwrap_or_default();
        assert!(error.contains("Other") && error.contains(reason), "{result}");
    }
    assert_eq!(seen[5], json!(["text"]));
}

#[tokio::test]
async fn a_server_that_is_not_allowed_is_an_invalid_address_as_in_spin() {
    let host = Folder::new(support::MANIFEST).start(&[]);
    for address in [address(server()), "nonsense".to_owned(), "rediss://127.0.0.1".to_owned()] {
        let (_, seen) = run(&host, &[json!({ "do": "redis", "address": address })]).await;
        assert_eq!(seen[0]["error"], "Error::InvalidAddress", "{address}");
    }
    host.wait_for_log("refused a connection to redis://127.0.0.1");
    host.wait_for_log("refused a connection to rediss://127.0.0.1");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_an_error_of_open_and_comes_back() {
    let host = host(&[]);
    let port = servers::free_port();
    let open = json!({ "do": "redis", "address": format!("redis://127.0.0.1:{port}") });
    let (_, seen) = run(&host, std::slice::from_ref(&open)).await;
    assert!(seen[0]["error"].as_str().unwrap().contains("refused"), "{}", seen[0]);
    let server = servers::redis_on(port);
    let script = [open.clone(), command("SET back 1"), json!({ "do": "keep" })];
    let (_, seen) = run(&host, &script).await;
    assert_eq!(seen[1], json!(["+OK"]));
    drop(server);
    let _server = servers::redis_on(port);
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let (_, seen) = run(&host, &[open.clone(), command("GET back")]).await;
        if seen[1] == json!([null]) {
            return;
        }
        assert!(Instant::now() < deadline, "{seen:?}");
    }
}

#[tokio::test]
async fn a_transaction_works_and_never_reaches_another_request() {
    let host = host(&[]);
    let script = ["MULTI", "SET multi:a 1", "INCR multi:a", "EXEC", "GET multi:a"];
    let seen = results(&host, server(), &script.map(command)).await;
    assert_eq!(seen[1], json!(["+QUEUED"]));
    assert_eq!(seen[3], json!(["+OK", 2]));
    assert_eq!(seen[4], json!(["2"]));
    // Left open by a guest, and by a trap.
    for end in [json!({ "do": "close" }), json!({ "do": "trap" })] {
        let open = json!({ "do": "redis", "address": address(server()) });
        run(&host, &[open, command("MULTI"), command("SET multi:left 1"), end]).await;
        let seen = results(&host, server(), &[command("GET multi:left")]).await;
        assert_eq!(seen[0], json!([null]));
    }
}

#[tokio::test]
async fn a_database_chosen_by_one_request_is_not_that_of_the_next() {
    let host = host(&[]);
    let seen =
        results(&host, server(), &["SELECT 3", "SET chosen 1", "GET chosen"].map(command)).await;
    assert_eq!(seen[2], json!(["1"]));
    assert_eq!(results(&host, server(), &[command("GET chosen")]).await[0], json!([null]));
}

#[tokio::test]
async fn a_watched_key_that_changes_ends_the_transaction_of_its_guest_only() {
    let host = host(&[]);
    let open = json!({ "do": "redis", "address": address(server()) });
    let wait = json!({ "do": "sleep", "milliseconds": 1000 });
    let script = [
        open,
        command("WATCH watched"),
        wait,
        command("MULTI"),
        command("SET watched mine"),
        command("EXEC"),
    ];
    let others = async {
        wait_until("the watch", || {
            clients(server()).iter().any(|client| client.contains("cmd=watch"))
        })
        .await;
        results(&host, server(), &[command("SET watched theirs")]).await
    };
    let ((_, seen), _) = tokio::join!(run(&host, &script), others);
    assert_eq!(seen[5], json!([null]));
    assert_eq!(results(&host, server(), &[command("GET watched")]).await[0], json!(["theirs"]));
}

#[tokio::test]
async fn a_read_that_waits_delays_nobody_and_is_woken() {
    let host = host(&[]);
    let read = [command("BLPOP wait:list 20")];
    let waiting = results(&host, server(), &read);
    let others = async {
        wait_until("the read", || {
            clients(server()).iter().any(|client| client.contains("cmd=blpop"))
        })
        .await;
        for _ in 0..20 {
            results(&host, server(), &[command("PING")]).await;
        }
        results(&host, server(), &[command("RPUSH wait:list x")]).await
    };
    let started = Instant::now();
    let (seen, _) = tokio::join!(waiting, others);
    assert_eq!(seen[0], json!(["wait:list", "x"]));
    assert!(started.elapsed() < Duration::from_secs(15), "the others waited too");
}

#[tokio::test]
async fn a_read_of_a_guest_that_was_given_up_ends() {
    let server = servers::redis();
    let host = host(&["--request-timeout-ms", "1000", "--post-return-timeout-ms", "500"]);
    let open = json!({ "do": "redis", "address": address(&server) });
    let (status, _) = run(&host, &[open, command("XREAD BLOCK 0 STREAMS given-up $")]).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    wait_until("the end of the read", || {
        !clients(&server).iter().any(|client| client.contains("cmd=xread"))
    })
    .await;
}

#[tokio::test]
async fn two_hundred_requests_at_once_share_one_connection_and_mix_nothing_up() {
    let server = servers::redis();
    let host = host(&[]);
    let requests = (0..200).map(|number| {
        let (host, server) = (&host, &server);
        async move {
            let set = command(&format!("SET shared:{number} {number}"));
            let get = command(&format!("GET shared:{number}"));
            let seen = results(host, server, &[set, get]).await;
            assert_eq!(seen[1], json!([number.to_string()]));
        }
    });
    futures::future::join_all(requests).await;
    let keys: usize = own_connection(&server).keys::<_, Vec<String>>("shared:*").unwrap().len();
    assert_eq!(keys, 200);
    // The second is the querying connection itself.
    assert_eq!(clients(&server).len(), 2);
}

#[tokio::test]
async fn own_connections_are_limited_waited_for_and_then_an_error() {
    let server = servers::redis();
    let host = host(&[]);
    let open = json!({ "do": "redis", "address": address(&server) });
    let script: Vec<Value> = (0..65).flat_map(|_| [open.clone(), command("SELECT 1")]).collect();
    let (_, seen) = run(&host, &script).await;
    assert_eq!(seen[127], json!(["+OK"]));
    assert!(seen[129]["error"].as_str().unwrap().contains("too many connections"), "{}", seen[129]);
    // They are all closed with the request.
    assert_eq!(results(&host, &server, &[command("SELECT 1")]).await[0], json!(["+OK"]));
}
