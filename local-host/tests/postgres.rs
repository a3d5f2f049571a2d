//! `spin:postgres` from a guest's side, against a real server.

#[path = "support/servers.rs"]
mod servers;
mod support;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use http::{Request, StatusCode};
use serde_json::{Value, json};
use support::{Folder, Host};

use self::servers::Server;

/// The server of all tests.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(servers::postgres)
}

/// An address whose connections have this application name, to distinguish them from other tests'.
fn address(name: &str) -> String {
    let port = server().port;
    format!("postgres://postgres@127.0.0.1:{port}/postgres?application_name={name}")
}

/// A host whose guest may connect to the server.
fn host(arguments: &[&str]) -> Host {
    folder().start(arguments)
}

/// The folder that such a host is started from.
fn folder() -> Folder {
    let manifest = format!(
        "{}allowed_outbound_hosts = [\"postgres://127.0.0.1:{}\"]\n",
        support::MANIFEST,
        server().port
    );
    Folder::new(&manifest)
}

/// The guest's answer to a script.
async fn run(host: &Host, steps: Value) -> (StatusCode, Value) {
    let answer = host.send(Request::post("/databases"), steps.to_string()).await;
    let results = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
    (answer.status, results)
}

/// The results of a script that opens `address` first, without the result of opening.
async fn results(host: &Host, address: &str, steps: &[Value]) -> Vec<Value> {
    let mut script = vec![json!({ "do": "postgres", "address": address })];
    script.extend_from_slice(steps);
    let (status, results) = run(host, Value::Array(script)).await;
    assert_eq!(status, StatusCode::OK);
    let results = results.as_array().expect("a list of results");
    assert_eq!(results[0], "done");
    results[1..].to_vec()
}

fn query(sql: &str) -> Value {
    json!({ "do": "query", "sql": sql })
}

fn execute(sql: &str) -> Value {
    json!({ "do": "execute", "sql": sql })
}

/// The only value of the only row of a result.
fn only(result: &Value) -> &str {
    let value = &result["rows"][0][0];
    value.as_str().unwrap_or_else(|| panic!("no single value: {result}"))
}

/// The only value of a query on its own connection.
async fn ask(host: &Host, address: &str, sql: &str) -> String {
    only(&results(host, address, &[query(sql)]).await[0]).to_owned()
}

/// Repeats the query until it has the expected answer.
async fn ask_until(host: &Host, address: &str, sql: &str, expected: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = ask(host, address, sql).await;
        if answer == expected {
            return;
        }
        assert!(Instant::now() < deadline, "{sql} returns {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until one of the pool's connections gives this answer. The right one may have been
/// returned a moment late, and be queued behind others used meanwhile.
async fn wait_for_connection(host: &Host, address: &str, sql: &str, expected: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let open = json!({ "do": "postgres", "address": address });
    let mut steps = vec![query(sql)];
    for _ in 0..7 {
        steps.extend([open.clone(), query(sql)]);
    }
    loop {
        let seen = results(host, address, &steps).await;
        if seen.iter().step_by(2).any(|result| only(result) == expected) {
            return;
        }
        assert!(Instant::now() < deadline, "{seen:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The server process of a new request's connection.
async fn backend(host: &Host, address: &str) -> String {
    ask(host, address, "SELECT pg_backend_pid()").await
}

#[tokio::test]
async fn every_type_goes_to_the_database_and_comes_back_and_so_does_null() {
    let host = host(&[]);
    let cases = [
        ("boolean", json!({"boolean": true}), "Boolean(true)"),
        ("int2", json!({"int16": -32768}), "Int16(-32768)"),
        ("int4", json!({"int32": i32::MIN}), "Int32(-2147483648)"),
        ("int8", json!({"int64": i64::MAX}), "Int64(9223372036854775807)"),
        ("float4", json!({"floating32": 0.5}), "Floating32(0.5)"),
        ("float8", json!({"floating64": -1e300}), "Floating64(-1e300)"),
        ("text", json!({"str": "å 🦀 \u{1}"}), "Str(\"å 🦀 \\u{1}\")"),
        ("varchar", json!({"str": ""}), "Str(\"\")"),
        ("char(3)", json!({"str": "a"}), "Str(\"a  \")"),
        ("bytea", json!({"binary": "ab"}), "Binary([97, 98])"),
        ("date", json!({"date": [2024, 2, 29]}), "Date((2024, 2, 29))"),
        ("date", json!({"date": [-4712, 1, 1]}), "Date((-4712, 1, 1))"),
        ("time", json!({"time": [23, 59, 58, 123_456_000]}), "Time((23, 59, 58, 123456000))"),
        (
            "timestamp",
            json!({"datetime": [1999, 12, 31, 23, 59, 59, 999_999_000]}),
            "Datetime((1999, 12, 31, 23, 59, 59, 999999000))",
        ),
        (
            "uuid",
            json!({"uuid": "01234567-89AB-cdef-0123-456789abcdef"}),
            "Uuid(\"01234567-89ab-cdef-0123-456789abcdef\")",
        ),
        ("jsonb", json!({"jsonb": "[12345678901234567890123]"}), "Jsonb("),
        (
            "numeric",
            json!({"decimal": "-12345678901234567890123.4500"}),
            "Decimal(\"-12345678901234567890123.4500\")",
        ),
        ("numeric", json!({"decimal": "0.000000012"}), "Decimal(\"0.000000012\")"),
        (
            "int4range",
            json!({"range_int32": ["[", 1, 5, "]"]}),
            "RangeInt32((Some((1, RangeBoundKind::Inclusive)), Some((6, RangeBoundKind::Exclusive))))",
        ),
        ("int4range", json!({"range_int32": ["[", null, null, ")"]}), "RangeInt32((None, None))"),
        (
            "int8range",
            json!({"range_int64": ["(", i64::MIN, null, ")"]}),
            "RangeInt64((Some((-9223372036854775807, RangeBoundKind::Inclusive)), None))",
        ),
        (
            "numrange",
            json!({"range_decimal": ["(", "1.50", "2", "]"]}),
            "RangeDecimal((Some((\"1.50\", RangeBoundKind::Exclusive)), Some((\"2\", RangeBoundKind::Inclusive))))",
        ),
        ("int4[]", json!({"array_int32": [1, null, 3]}), "ArrayInt32([Some(1), None, Some(3)])"),
        ("int8[]", json!({"array_int64": []}), "ArrayInt64([])"),
        (
            "numeric[]",
            json!({"array_decimal": ["1.0", null]}),
            "ArrayDecimal([Some(\"1.0\"), None])",
        ),
        ("text[]", json!({"array_str": ["a", null]}), "ArrayStr([Some(\"a\"), None])"),
        (
            "interval",
            json!({"interval": [-1, 2, -3]}),
            "Interval(Interval{micros:-1,days:2,months:-3})",
        ),
    ];
    let mut steps = Vec::new();
    for (kind, value, _) in &cases {
        let sql = format!("SELECT $1::{kind}");
        steps.push(json!({ "do": "query", "sql": sql, "parameters": [value] }));
        steps.push(json!({ "do": "query", "sql": sql, "parameters": [{ "null": null }] }));
    }
    let results = results(&host, &address("types"), &steps).await;
    for ((kind, value, expected), result) in cases.iter().zip(results.chunks(2)) {
        let squeezed = |text: &str| text.replace([' ', '\n'], "");
        let (got, expected) = (squeezed(only(&result[0])), squeezed(expected));
        assert!(got.starts_with(&expected), "{kind} {value}: {got}");
        assert_eq!(only(&result[1]), "DbNull", "{kind}");
    }
}

#[tokio::test]
async fn parameters_that_are_not_read_back_as_they_were_sent_arrive_too() {
    let host = host(&[]);
    let one = |sql: &str, value: Value| json!({ "do": "query", "sql": sql, "parameters": [value] });
    let results = results(
        &host,
        &address("parameters"),
        &[
            one("SELECT $1::timestamptz AT TIME ZONE 'UTC'", json!({ "timestamp": 1 })),
            one("SELECT ascii($1::\"char\"::text)", json!({ "int8": 65 })),
            one("SELECT $1::json ->> 'a'", json!({ "jsonb": "{\"a\":\"b\"}" })),
            one("SELECT ($1::jsonb ->> 0)::text", json!({ "jsonb": "[12345678901234567890123]" })),
            one("SELECT isempty($1::int4range)", json!({ "range_int32": ["[", 2, 1, "]"] })),
        ],
    )
    .await;
    let shown: Vec<&str> = results.iter().map(only).collect();
    assert_eq!(
        shown,
        [
            "Datetime((1970, 1, 1, 0, 0, 1, 0))",
            "Int32(65)",
            "Str(\"b\")",
            "Str(\"12345678901234567890123\")",
            "Boolean(true)"
        ]
    );
}

#[tokio::test]
async fn columns_have_names_and_types_but_an_empty_answer_has_none_as_in_spin() {
    let host = host(&[]);
    let sql = "SELECT 1 AS a, 'x'::text AS b, '{}'::json AS c, now() AT TIME ZONE 'UTC' AS d";
    let empty = format!("{sql} WHERE false");
    let results = results(&host, &address("columns"), &[query(sql), query(&empty)]).await;
    assert_eq!(
        results[0]["columns"],
        json!(["a: Int32", "b: Str", "c: Other(\"json\")", "d: Datetime"])
    );
    assert_eq!(results[0]["rows"][0][2], "Unsupported([123, 125])");
    assert_eq!(results[1], json!({ "columns": [], "rows": [] }));
}

#[tokio::test]
async fn what_spin_cannot_read_is_an_error_here_too_and_nothing_panics() {
    let host = host(&[]);
    let results = results(
        &host,
        &address("unreadable"),
        &[
            query("SELECT now()"),
            query("SELECT NULL::timestamptz"),
            query("SELECT 'infinity'::timestamp"),
            query("SELECT 'NaN'::numeric"),
            query("SELECT 1, 2 FROM generate_series(1, 100) n WHERE 1 / (n - 50) IS NOT NULL"),
            query("SELECT 1"),
        ],
    )
    .await;
    for (result, reason) in results.iter().zip([
        "error deserializing column 0",
        "timestamptz",
        "too large",
        "NaN",
        "division by zero",
    ]) {
        let error = result["error"].as_str().unwrap_or_default();
        assert!(error.contains("QueryFailed") && error.contains(reason), "{result}");
    }
    assert_eq!(only(&results[5]), "Int32(1)");
}

#[tokio::test]
async fn errors_of_the_database_are_structured() {
    let host = host(&[]);
    let results = results(
        &host,
        &address("errors"),
        &[
            execute("CREATE TABLE errors (id int PRIMARY KEY, name text NOT NULL)"),
            execute("INSERT INTO errors VALUES (1, 'a')"),
            execute("INSERT INTO errors VALUES (1, 'a')"),
            execute("INSERT INTO errors VALUES (2, NULL)"),
            query("SELEC 1"),
            query("SELECT 1 / 0"),
            query("DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = 'TB001', DETAIL = 'd', HINT = 'h'; END $$"),
        ],
    )
    .await;
    assert_eq!((&results[0], &results[1]), (&json!(0), &json!(1)));
    for (result, parts) in results[2..].iter().zip([
        &[
            "code: \"23505\"",
            "severity: \"ERROR\"",
            "(\"constraint\", \"errors_pkey\")",
            "detail: Some(\"Key",
        ][..],
        &["code: \"23502\"", "(\"column\", \"name\")", "(\"table\", \"errors\")"],
        &["code: \"42601\"", "syntax error"],
        &["code: \"22012\"", "message: \"division by zero\""],
        &[
            "code: \"TB001\"",
            "message: \"mine\"",
            "detail: Some(\"d\")",
            "(\"hint\", \"h\")",
            "where_",
        ],
    ]) {
        let squeezed = |text: &str| text.replace(['\n', ' '], "");
        let error = squeezed(result["error"].as_str().unwrap_or_default());
        for part in parts {
            assert!(error.contains(&squeezed(part)), "{part} is not in {error}");
        }
    }
}

#[tokio::test]
async fn parameters_that_do_not_fit_are_errors_of_the_guest() {
    let host = host(&[]);
    let with = |action: &str, sql: &str, value: Value| json!({ "do": action, "sql": sql, "parameters": [value] });
    let results = results(
        &host,
        &address("misfits"),
        &[
            with("query", "SELECT $1::int8", json!({ "int32": 1 })),
            with("query", "SELECT 1", json!({ "int32": 1 })),
            with("query", "SELECT $1::date", json!({ "date": [2026, 2, 30] })),
            with("execute", "SELECT $1::date", json!({ "date": [2026, 2, 30] })),
        ],
    )
    .await;
    for (result, reason) in results.iter().zip([
        "error serializing parameter 0",
        "error serializing parameter 0",
        "BadParameter",
        "ValueConversionFailed",
    ]) {
        let error = result["error"].as_str().unwrap_or_default();
        assert!(error.contains(reason), "{result}");
    }
}

#[tokio::test]
async fn ten_thousand_rows_stream_in_order() {
    let host = host(&[]);
    let sql = "SELECT n FROM generate_series(1, 10000) n";
    let results = results(&host, &address("stream"), &[query(sql)]).await;
    let rows = results[0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 10_000);
    assert!(rows.iter().zip(1..).all(|(row, n)| row[0] == format!("Int32({n})")));
}

#[tokio::test]
async fn the_functions_that_block_do_the_same() {
    let host = host(&[]);
    let (_, results) = run(
        &host,
        json!([
            { "do": "postgres-blocking", "address": address("blocking") },
            { "do": "query-blocking", "sql": "SELECT $1::int4 AS a", "parameters": [{ "int32": 5 }] },
            { "do": "execute-blocking", "sql": "CREATE TABLE blocking AS SELECT 1" },
            { "do": "query-blocking", "sql": "SELECT 1 / 0" },
            { "do": "postgres-built", "address": address("blocking") },
            { "do": "query", "sql": "SELECT 7" },
        ]),
    )
    .await;
    assert_eq!(results[1], json!({ "columns": ["a: Int32"], "rows": [["Int32(5)"]] }));
    assert_eq!(results[2], 1);
    assert!(results[3]["error"].as_str().unwrap().contains("22012"), "{}", results[3]);
    assert_eq!(only(&results[5]), "Int32(7)");
}

#[tokio::test]
async fn a_host_that_is_not_allowed_is_refused_as_spin_refuses_it() {
    let host = Folder::new(support::MANIFEST).start(&[]);
    let port = server().port;
    for action in ["postgres", "postgres-blocking", "postgres-built"] {
        let (_, results) =
            run(&host, json!([{ "do": action, "address": address("refused") }])).await;
        let expected = format!("address postgres://127.0.0.1:{port} is not permitted");
        let error = results[0]["error"].as_str().unwrap();
        assert!(error.contains("ConnectionFailed") && error.contains(&expected), "{error}");
    }
    host.wait_for_log("refused a PostgreSQL connection");
}

#[tokio::test]
async fn connections_that_cannot_be_had_are_errors() {
    let closed = servers::free_port();
    let manifest = format!("{}allowed_outbound_hosts = [\"postgres://*:*\"]\n", support::MANIFEST);
    let host = Folder::new(&manifest).start(&[]);
    let nobody = address("unreachable").replace("/postgres?", "/nothing?");
    let (_, results) = run(
        &host,
        json!([
            { "do": "postgres", "address": format!("postgres://me@127.0.0.1:{closed}/a") },
            { "do": "postgres", "address": nobody },
            { "do": "postgres", "address": "not an address" },
            { "do": "postgres", "address": format!("{}&sslmode=require", address("tls")) },
            { "do": "postgres-with-root", "root": "any", "address": address("tls") },
        ]),
    )
    .await;
    for (result, reason) in results.as_array().unwrap().iter().zip([
        "refused",
        "does not exist",
        "invalid connection string",
        "TLS",
        "invalid root certificate",
    ]) {
        let error = result["error"].as_str().unwrap();
        assert!(error.contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_transaction_that_a_trapped_guest_left_open_is_rolled_back_before_anyone_else_comes() {
    let (host, address) = (host(&[]), address("trapped"));
    ask(&host, &address, "SELECT 1").await;
    results(&host, &address, &[execute("CREATE TABLE trapped (id int PRIMARY KEY)")]).await;
    for _ in 0..10 {
        let (status, _) = run(
            &host,
            json!([
                { "do": "postgres", "address": address },
                execute("BEGIN"),
                execute("INSERT INTO trapped VALUES (1)"),
                { "do": "trap" },
            ]),
        )
        .await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        // If the transaction had been left open, the row would be visible in it, and elsewhere
        // the next insert would wait for it.
        let seen = results(
            &host,
            &address,
            &[
                query("SELECT count(*) FROM trapped"),
                execute("SET lock_timeout = '10s'"),
                query("WITH added AS (INSERT INTO trapped VALUES (1) RETURNING id) SELECT id FROM added"),
                execute("DELETE FROM trapped"),
            ],
        )
        .await;
        assert_eq!(only(&seen[0]), "Int64(0)");
        assert_eq!(only(&seen[2]), "Int32(1)");
        assert_eq!(seen[3], 1);
    }
}

#[tokio::test]
async fn a_connection_left_in_a_transaction_is_used_again_but_as_new() {
    let (host, address) = (host(&["--max-instance-concurrency", "1"]), address("left"));
    let first = backend(&host, &address).await;
    let left = [
        execute("SET work_mem = '123kB'"),
        execute("CREATE TEMP TABLE left_behind (id int)"),
        query("SELECT pg_advisory_lock(4242)"),
        execute("LISTEN somebody"),
        execute("BEGIN"),
        query("SELECT 1 / 0"),
    ];
    let seen = results(&host, &address, &left).await;
    assert!(seen[5]["error"].is_string());
    let state = "SELECT concat_ws(' ', pg_backend_pid(), current_setting('work_mem'), \
                 to_regclass('left_behind')::text, (SELECT count(*) FROM pg_locks WHERE \
                 locktype = 'advisory' AND pid = pg_backend_pid()), \
                 (SELECT count(*) FROM pg_listening_channels()))";
    let pid = first.trim_start_matches("Int32(").trim_end_matches(')');
    let expected = format!("Str(\"{pid} 4MB 0 0\")");
    wait_for_connection(&host, &address, state, &expected).await;
}

#[tokio::test]
async fn names_of_prepared_statements_end_with_their_connection() {
    let (host, address) = (host(&[]), address("names"));
    let first = backend(&host, &address).await;
    results(&host, &address, &[execute("PREPARE mine AS SELECT 1")]).await;
    assert_ne!(backend(&host, &address).await, first);
}

#[tokio::test]
async fn plain_statements_leave_their_connection_ready_for_the_next_request() {
    let (host, address) = (host(&[]), address("plain"));
    let first = backend(&host, &address).await;
    results(
        &host,
        &address,
        &[
            query("-- says who calls it\nSELECT 1"),
            json!({ "do": "first", "sql": "SELECT n FROM generate_series(1, 1000) n" }),
            query("SELECT 1 / 0"),
            query("nonsense"),
        ],
    )
    .await;
    wait_for_connection(&host, &address, "SELECT pg_backend_pid()", &first).await;
}

#[tokio::test]
async fn a_statement_of_a_guest_that_was_given_up_is_cancelled() {
    let (host, address) = (
        host(&["--request-timeout-ms", "1000", "--post-return-timeout-ms", "500"]),
        address("given-up"),
    );
    let sleep = "SELECT pg_sleep(600)";
    let (status, _) =
        run(&host, json!([{ "do": "postgres", "address": address }, query(sleep)])).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    let running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'given-up' \
                   AND query = 'SELECT pg_sleep(600)' AND state = 'active'";
    ask_until(&host, &address, running, "Int64(0)").await;
    // The same while rows are being sent.
    let rows = "SELECT n, pg_sleep(0.1) FROM generate_series(1, 6000) n";
    let (status, _) =
        run(&host, json!([{ "do": "postgres", "address": address }, query(rows)])).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    let running = running.replace(sleep, rows);
    ask_until(&host, &address, &running, "Int64(0)").await;
}

#[tokio::test]
async fn a_full_pool_is_waited_for_and_then_an_error() {
    let (host, address) = (host(&[]), address("full"));
    let open = json!({ "do": "postgres", "address": address });
    let mut hold = vec![open.clone(); 64];
    hold.push(json!({ "do": "sleep", "milliseconds": 2000 }));
    let waiting = async {
        let taken = "SELECT count(*) = 64 FROM pg_stat_activity WHERE application_name = 'full'";
        ask_until(&host, &self::address("watcher"), taken, "Boolean(true)").await;
        let started = Instant::now();
        assert_eq!(ask(&host, &address, "SELECT 1").await, "Int32(1)");
        assert!(started.elapsed() > Duration::from_millis(500), "nothing was waited for");
    };
    tokio::join!(run(&host, Value::Array(hold)), waiting);
    let (_, results) = run(&host, Value::Array(vec![open; 65])).await;
    let error = results[64]["error"].as_str().unwrap();
    assert!(error.contains("ConnectionFailed") && error.contains("too many"), "{error}");
    assert_eq!(ask(&host, &address, "SELECT 1").await, "Int32(1)");
}

#[tokio::test]
async fn spin_the_runtime_configuration_bounds_the_connections_to_all_addresses_together() {
    let folder = folder();
    folder.write("runtime.toml", "[outbound_pg]\nmax_connections = 2\n");
    let host =
        folder.start(&["--runtime-config-file", "runtime.toml", "--request-timeout-ms", "1000"]);
    let open = |name| json!({ "do": "postgres", "address": address(name) });
    let (status, _) = run(&host, json!([open("bound-1"), open("bound-2")])).await;
    assert_eq!(status, StatusCode::OK);
    // The third waits for one of the two, which the same guest holds.
    let (status, _) = run(&host, json!([open("bound-1"), open("bound-2"), open("bound-1")])).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    // The guest's connections are free once it has ended.
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while run(&host, json!([open("bound-1")])).await.0 != StatusCode::OK {
        assert!(std::time::Instant::now() < deadline, "the connections are never released");
    }
}

/// The host's sessions.
const OWN: [&str; 2] = ["--postgres-sessions", "own"];

#[tokio::test]
async fn shared_sessions_keep_no_statement_and_values_are_of_the_types_that_the_database_infers() {
    let (host, address) = (host(&[]), address("whole"));
    let table = "CREATE TABLE whole (a bigint, b varchar(5), c jsonb)";
    results(&host, &address, &[execute(table)]).await;
    let insert = "INSERT INTO whole VALUES ($1, $2, $3)";
    let values = json!([{ "int64": 1 }, { "str": "one" }, { "jsonb": "{}" }]);
    let few = json!([{ "int64": 1 }]);
    let wrong = json!([{ "int32": 1 }, { "str": "one" }, { "null": null }]);
    let with = |values: &Value| json!({ "do": "execute", "sql": insert, "parameters": values });
    let left = query("SELECT count(*) FROM pg_prepared_statements");
    let steps = [
        with(&values),
        with(&values),
        query("SELECT count(*) FROM whole WHERE b = 'one'"),
        with(&few),
        with(&wrong),
        left.clone(),
        execute("BEGIN"),
        query("SELECT a FROM whole LIMIT 1"),
        execute("ROLLBACK"),
        left,
    ];
    let seen = results(&host, &address, &steps).await;
    assert_eq!(only(&seen[2]), "Int64(2)");
    for refused in [&seen[3], &seen[4]] {
        assert!(refused["error"].is_string(), "{refused}");
    }
    assert_eq!((only(&seen[5]), only(&seen[9])), ("Int64(0)", "Int64(0)"));

    let change = "ALTER TABLE whole ALTER a TYPE text";
    results(&host, &self::address("whole-changed"), &[execute(change)]).await;
    let values = json!([{ "str": "1" }, { "str": "two" }, { "null": null }]);
    let seen = results(&host, &address, &[with(&values), with(&values)]).await;
    assert!(seen[1]["error"].is_null(), "{seen:?}");
}

#[tokio::test]
async fn statements_that_end_in_a_comment_are_of_one_request_and_drive_out_no_others() {
    let (host, address) = (host(&OWN), address("commented"));
    let plain = "SELECT 1 AS plain";
    let commented = |number: u32| query(&format!("{plain} /*traceparent='{number}'*/"));
    let kept = "SELECT (SELECT string_agg(statement, '; ') FROM pg_prepared_statements \
                WHERE statement LIKE 'SELECT 1 AS%')";
    let steps = [query(plain), commented(1), commented(2), query(kept)];
    let seen = results(&host, &address, &steps).await;
    assert_eq!(only(&seen[1]), "Int32(1)");
    assert_eq!(only(&seen[3]), format!("Str(\"{plain}\")"));
}

#[tokio::test]
async fn statements_are_prepared_once_and_anew_when_tables_change() {
    let (host, address) = (host(&OWN), address("prepared"));
    results(
        &host,
        &address,
        &[execute("CREATE TABLE prepared (a int)"), execute("INSERT INTO prepared VALUES (1)")],
    )
    .await;
    let sql = "SELECT * FROM prepared";
    let prepared =
        format!("SELECT (SELECT count(*) FROM pg_prepared_statements WHERE statement = '{sql}')");
    for _ in 0..3 {
        ask(&host, &address, sql).await;
    }
    let seen = results(&host, &address, &[query(sql), query(sql), query(&prepared)]).await;
    assert_eq!(only(&seen[2]), "Int64(1)");
    let change = "ALTER TABLE prepared ADD COLUMN b text DEFAULT 'new'";
    let seen = results(&host, &address, &[query(sql)]).await;
    assert_eq!(seen[0]["columns"], json!(["a: Int32"]));
    results(&host, &self::address("migration"), &[execute(change)]).await;
    let seen = results(&host, &address, &[query(sql), query(sql)]).await;
    assert_eq!(seen[0]["columns"], json!(["a: Int32", "b: Str"]));
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn connections_that_the_server_closed_are_replaced() {
    let (host, address) = (host(&[]), address("closed"));
    let first = backend(&host, &address).await;
    let close = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity \
                 WHERE application_name = 'closed'";
    assert_eq!(ask(&host, &self::address("closer"), close).await, "Int64(1)");
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        // The host may notice it a moment after the server reports it.
        let seen = results(&host, &address, &[query("SELECT pg_backend_pid()")]).await;
        if seen[0]["error"].is_null() {
            assert_ne!(only(&seen[0]), first);
            return;
        }
        assert!(Instant::now() < deadline, "{}", seen[0]);
    }
}

#[tokio::test]
async fn a_connection_kept_in_a_static_serves_the_next_request_of_its_instance() {
    let (host, address) = (host(&[]), address("kept"));
    results(&host, &address, &[json!({ "do": "keep" })]).await;
    let (_, seen) =
        run(&host, json!([{ "do": "kept" }, query("SELECT 5"), { "do": "keep" }])).await;
    assert_eq!(only(&seen[1]), "Int32(5)");
    // When the idle instance ends, its connection is free again.
    let idle = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'kept'";
    assert_eq!(ask(&host, &self::address("watcher"), idle).await, "Int64(1)");
}
