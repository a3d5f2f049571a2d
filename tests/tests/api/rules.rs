//! docs/contract/api.md on every endpoint, driven by the routes of `spin.toml`.

use bytes::Bytes;
use contract_tests::api::{Mode, USERNAME, id};
use contract_tests::{Api, Client, routes};
use serde_json::{Value, json};
use shared::http::request_id::{self, MAX_LENGTH};

/// What these tests know about a route.
struct Resource {
    route: &'static str,
    methods: &'static [&'static str],
    /// The methods that take a JSON body, each with the smallest body that it accepts.
    bodies: &'static [(&'static str, &'static str)],
}

const RESOURCES: &[Resource] = &[
    Resource { route: "/...", methods: &["GET"], bodies: &[] },
    Resource { route: "/healthz", methods: &["GET"], bodies: &[] },
    Resource { route: "/readyz", methods: &["GET"], bodies: &[] },
    Resource { route: "/docs/...", methods: &["GET"], bodies: &[] },
    Resource { route: "/api/openapi.json", methods: &["GET"], bodies: &[] },
    Resource { route: "/api/quick-win/heads", methods: &["GET"], bodies: &[] },
    Resource {
        route: "/api/quick-win/boards",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"name":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/quick-win/boards/:board_id",
        methods: &["DELETE", "GET", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource {
        route: "/api/quick-win/boards/:board_id/tasks",
        methods: &["POST"],
        bodies: &[("POST", r#"{"title":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/quick-win/boards/:board_id/tasks/:task_id",
        methods: &["DELETE", "GET", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource { route: "/api/quick-win/boards/:board_id/events", methods: &["GET"], bodies: &[] },
    Resource {
        route: "/api/boards",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"name":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id",
        methods: &["DELETE", "GET", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource {
        route: "/api/boards/:board_id/tasks",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"title":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id",
        methods: &["DELETE", "GET", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource {
        route: IMPORT,
        methods: &["POST"],
        bodies: &[("POST", r#"{"name":"Made by a rule"}"#)],
    },
    Resource { route: "/api/boards/:board_id/analytics", methods: &["GET"], bodies: &[] },
    Resource { route: "/api/boards/:board_id/export", methods: &["GET"], bodies: &[] },
    Resource { route: "/api/boards/:board_id/restore", methods: &["POST"], bodies: &[] },
    Resource {
        route: "/api/boards/:board_id/invitations",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"role":"viewer"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/invitations/:invitation_id",
        methods: &["DELETE"],
        bodies: &[],
    },
    Resource {
        route: "/api/boards/:board_id/tokens",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"name":"A rule","scope":"read"}"#)],
    },
    Resource { route: "/api/boards/:board_id/tokens/:token_id", methods: &["DELETE"], bodies: &[] },
    Resource { route: "/api/boards/:board_id/members", methods: &["GET"], bodies: &[] },
    Resource {
        route: "/api/boards/:board_id/members/:username",
        methods: &["DELETE", "PUT"],
        bodies: &[("PUT", r#"{"role":"owner"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/comments",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"body":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/comments/:comment_id",
        methods: &["DELETE", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/checklists",
        methods: &["GET", "POST"],
        bodies: &[("POST", r#"{"title":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/checklists/:checklist_id",
        methods: &["DELETE", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/checklists/:checklist_id/items",
        methods: &["POST"],
        bodies: &[("POST", r#"{"text":"Made by a rule"}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/items/:item_id",
        methods: &["DELETE", "PATCH"],
        bodies: &[("PATCH", "{}")],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/items/:item_id/convert",
        methods: &["POST"],
        bodies: &[],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/tick",
        methods: &["POST"],
        bodies: &[("POST", r#"{"line":"- [ ] A rule","done":true}"#)],
    },
    Resource {
        route: "/api/boards/:board_id/tasks/:task_id/events",
        methods: &["GET"],
        bodies: &[],
    },
    Resource { route: "/api/boards/:board_id/events", methods: &["GET"], bodies: &[] },
    Resource { route: "/api/boards/:board_id/events/:seq/undo", methods: &["POST"], bodies: &[] },
];

/// Routes with their own suite.
const ELSEWHERE: &[&str] = &["/api/admin/", "/api/auth/", "/api/invitations/"];

/// The fallback for paths of the API that no other function answers.
const FALLBACK: &str = "/api/...";

const EVERY_METHOD: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"];

/// Values that cannot be an id.
const NO_IDS: &[&str] = &[
    "0",
    "007",
    "-1",
    "+1",
    "1.0",
    "1e0",
    "x",
    "one",
    "9007199254740992",
    "99999999999999999999",
    "1%20",
    "%2e%2e",
    "%00",
    "%C3%A4",
    "%F0%9F%8D%B0",
    "%FF",
];

/// The largest body, in bytes.
const MOST: usize = 256 * 1024;

/// The routes that accept larger bodies.
const IMPORT: &str = "/api/boards/import";

/// The largest body of those routes.
const MOST_IMPORTED: usize = 8 * 1024 * 1024;

/// The names that stand for ids in routes.
const IDS: &[&str] = &[
    ":board_id",
    ":task_id",
    ":comment_id",
    ":checklist_id",
    ":item_id",
    ":invitation_id",
    ":token_id",
    ":seq",
];

/// The servers with all their routes, and a user who may use every one.
async fn everything() -> Api<'static> {
    Api::teams().await
}

/// The path of this route on an existing board with an existing task.
async fn path(api: &Api<'static>, route: &str) -> String {
    let quick_win = route.starts_with(Mode::QUICK_WIN.boards);
    let api = api.in_mode(if quick_win { Mode::QUICK_WIN } else { Mode::TEAMS });
    let board = api.board("Rules").await;
    let task = api.task(board, "A rule").await;
    let mut path = route.replace("/...", "/").replace(":username", USERNAME).replace(":seq", "1");
    if route.ends_with("/heads") {
        path += "?boards=1";
    }
    if path.contains(":comment_id") {
        let comments = format!("{}/comments", api.task_path(board, task));
        let comment = api.post(&comments, &json!({"body": "A rule"})).send().await.expect(201);
        path = path.replace(":comment_id", &id(&comment.json()).to_string());
    }
    if path.contains(":checklist_id") || path.contains(":item_id") {
        let lists = format!("{}/checklists", api.task_path(board, task));
        let list = api.post(&lists, &json!({"title": "A rule"})).send().await.expect(201);
        let list = id(&list.json()).to_string();
        let items = format!("{lists}/{list}/items");
        let item = api.post(&items, &json!({"text": "A rule"})).send().await.expect(201);
        path = path.replace(":checklist_id", &list);
        path = path.replace(":item_id", &id(&item.json()).to_string());
    }
    if path.ends_with("/tick") {
        let described = json!({"description": "- [ ] A rule"});
        let _ = api.patch(&api.task_path(board, task), &described).send().await.expect(200);
    }
    if path.contains(":invitation_id") {
        let invitations = format!("{}/invitations", api.board_path(board));
        let invitation =
            api.post(&invitations, &json!({"role": "viewer"})).send().await.expect(201);
        path = path.replace(":invitation_id", &id(&invitation.json()).to_string());
    }
    if path.contains(":token_id") {
        let tokens = format!("{}/tokens", api.board_path(board));
        let token = json!({"name": "A rule", "scope": "read"});
        let token = api.post(&tokens, &token).send().await.expect(201);
        path = path.replace(":token_id", &id(&token.json()).to_string());
    }
    path.replace(":board_id", &board.to_string()).replace(":task_id", &task.to_string())
}

/// Every path and method that takes a body, with the smallest body that it accepts.
async fn takers_of_bodies(api: &Api<'static>) -> Vec<(String, &'static str, &'static str)> {
    let mut takers = Vec::new();
    for resource in RESOURCES {
        for (method, least) in resource.bodies {
            takers.push((path(api, resource.route).await, *method, *least));
        }
    }
    takers
}

#[test]
fn every_route_of_the_manifest_is_known_to_these_tests() {
    let mut known: Vec<&str> = RESOURCES.iter().map(|resource| resource.route).collect();
    known.push(FALLBACK);
    known.sort_unstable();
    let mut routes = routes::of_the_manifest();
    routes.retain(|route| !ELSEWHERE.iter().any(|prefix| route.starts_with(prefix)));
    routes.sort_unstable();
    assert_eq!(routes, known);
}

#[tokio::test]
async fn api_405_names_in_allow_what_a_path_takes() {
    let api = everything().await;
    for resource in RESOURCES {
        let path = path(&api, resource.route).await;
        let mut allowed = resource.methods.to_vec();
        allowed.push("OPTIONS");
        if allowed.contains(&"GET") {
            allowed.push("HEAD");
        }
        allowed.sort_unstable();
        for method in EVERY_METHOD.iter().filter(|method| !allowed.contains(method)) {
            let reply = api.request(method, &path).send().await;
            assert_eq!(reply.list("allow"), allowed, "{reply}");
            let _ = reply.problem(405, "method-not-allowed");
        }
        let reply = api.request("OPTIONS", &path).send().await.expect(204);
        assert_eq!(reply.list("allow"), allowed, "{reply}");
        assert!(reply.body.is_empty());
        if !resource.methods.contains(&"GET") {
            let reply = api.request("HEAD", &path).send().await.expect(405);
            assert_eq!(reply.list("allow"), allowed, "{reply}");
        }
    }
}

#[tokio::test]
async fn api_format_head_is_get_without_the_body() {
    let api = everything().await;
    for resource in RESOURCES.iter().filter(|resource| resource.methods.contains(&"GET")) {
        // Other tests change the lists of boards all the time.
        if resource.route.ends_with("/boards") {
            continue;
        }
        let path = path(&api, resource.route).await;
        // The first read fills the cache for both: a cache may write the board with different white
        // space.
        let _ = api.get(&path).send().await.expect(200);
        let get = api.get(&path).send().await.expect(200);
        let head = api.request("HEAD", &path).send().await.expect(200);
        assert!(head.body.is_empty() && !get.body.is_empty());
        for name in ["content-type", "content-length", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {head}");
        }
        assert_eq!(get.expect_header("content-length"), get.body.len().to_string());
        let head = api.request("HEAD", "/api/quick-win/boards/0").send().await.expect(404);
        assert!(head.body.is_empty());
    }
}

#[tokio::test]
async fn api_404_for_every_path_that_is_none() {
    let api = everything().await;
    let board = api.in_mode(Mode::QUICK_WIN).board("Here").await;
    let strange = [
        "/api".to_owned(),
        "/api/".to_owned(),
        "/api/quick-win".to_owned(),
        "/api/quick-win/board".to_owned(),
        format!("/api/quick-win/boards/{board}/task"),
        format!("/api/quick-win/boards/{board}/tasks/1/more"),
        format!("/api/quick-win/boards/{board}/events/1"),
        "/nothing-of-this-name.html".to_owned(),
        "/model/".to_owned(),
    ];
    for path in strange {
        let _ = api.get(&path).send().await.problem(404, "not-found");
    }
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let _ = api.request(method, "/api/none").send().await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn api_404_for_an_unknown_board_or_task_and_for_what_is_no_id() {
    let api = everything().await;
    let mut asked = 0;
    for resource in RESOURCES.iter().filter(|resource| resource.route.contains(":board_id")) {
        for parameter in IDS.iter().filter(|parameter| resource.route.contains(*parameter)) {
            // The other ids exist.
            let kept = resource.route.replace(parameter, "WRONG");
            let kept = path(&api, &kept).await;
            for wrong in NO_IDS.iter().chain(&["9007199254740991"]) {
                for method in resource.methods {
                    let mut call = api.request(method, &kept.replace("WRONG", wrong));
                    if let Some((_, least)) =
                        resource.bodies.iter().find(|(taker, _)| taker == method)
                    {
                        call = call.header("content-type", "application/json").body(*least);
                    }
                    let _ = call.send().await.problem(404, "not-found");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[tokio::test]
async fn api_422_for_a_query_parameter_that_does_not_exist() {
    let api = everything().await;
    for resource in RESOURCES.iter().filter(|resource| resource.route.starts_with("/api/")) {
        let path = path(&api, resource.route).await;
        let separator = if path.contains('?') { '&' } else { '?' };
        for method in resource.methods {
            let asked = format!("{path}{separator}limits=1");
            let reply = api.request(method, &asked).send().await;
            assert_eq!(reply.pointers(), ["?limits"], "{method} {asked}");
        }
    }
    // Of a different method of this path.
    let board = api.board("Rules").await;
    let tasks = format!("{}?limit=1", api.tasks_path(board));
    let reply = api.post(&tasks, &json!({"title": "Nobody's"})).send().await;
    assert_eq!(reply.pointers(), ["?limit"]);
}

#[tokio::test]
async fn api_415_for_a_body_that_is_not_sent_as_json() {
    let api = everything().await;
    for (path, method, least) in takers_of_bodies(&api).await {
        let send = async |media_type: Option<&str>| {
            let call = api.request(method, &path).body(least);
            match media_type {
                Some(media_type) => call.header("content-type", media_type).send().await,
                None => call.send().await,
            }
        };
        for wrong in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", ""]
        {
            let _ = send(Some(wrong)).await.problem(415, "unsupported-media-type");
        }
        let _ = send(None).await.problem(415, "unsupported-media-type");
        for right in ["application/json", "Application/JSON; charset=utf-8"] {
            let reply = send(Some(right)).await;
            assert!(reply.status < 300, "{reply}");
        }
        let merge_patch = send(Some("application/merge-patch+json")).await;
        let expected = if method == "PATCH" { 200 } else { 415 };
        let _ = merge_patch.expect(expected);
    }
}

#[tokio::test]
async fn api_400_for_malformed_json() {
    let api = everything().await;
    let deep_arrays = "[".repeat(10_000);
    let deep_and_closed = format!("{{\"title\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_objects = "{\"a\":".repeat(10_000);
    let malformed: &[&[u8]] = &[
        b"",
        b"   ",
        b"{",
        b"{\"name\":}",
        b"{\"name\":\"a\"} more",
        b"{\"name\":\"a\",}",
        b"{'name':'a'}",
        b"{\"name\":\"\xff\"}",
        b"{\"name\":\"\\ud800\"}",
        b"{\"name\":\"a\tb\nc\"}",
        b"{\"name\":NaN}",
        b"{\"name\":01}",
        deep_arrays.as_bytes(),
        deep_and_closed.as_bytes(),
        deep_objects.as_bytes(),
    ];
    for (path, method, _) in takers_of_bodies(&api).await {
        for body in malformed {
            let call = api.request(method, &path).header("content-type", "application/json");
            let _ =
                call.body(Bytes::copy_from_slice(body)).send().await.problem(400, "malformed-json");
        }
    }
}

#[tokio::test]
async fn api_422_for_json_that_is_no_object() {
    let api = everything().await;
    for (path, method, _) in takers_of_bodies(&api).await {
        for body in [json!([]), json!("name"), json!(7), json!(null), json!(true), json!([{}])] {
            let call = api.request(method, &path).json(&body);
            assert_eq!(call.send().await.pointers(), [""], "{method} {path} {body}");
        }
    }
}

#[tokio::test]
async fn api_422_for_an_unknown_field_with_its_pointer() {
    let api = everything().await;
    for (path, method, least) in takers_of_bodies(&api).await {
        let mut body: Value = serde_json::from_str(least).expect("JSON");
        for name in ["titel", "id", "version", "", "a/b~c", "ä"] {
            body[name] = json!(1);
        }
        let pointers = api.request(method, &path).json(&body).send().await.pointers();
        let mut expected = vec!["/", "/a~1b~0c", "/id", "/titel", "/version", "/ä"];
        if path == IMPORT {
            // A document has both, from the board that it was exported from.
            expected.retain(|pointer| !matches!(*pointer, "/id" | "/version"));
        }
        assert_eq!(pointers, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn api_413_for_a_body_over_256_kib_and_not_for_one_of_256_kib() {
    let api = everything().await;
    for (path, method, least) in takers_of_bodies(&api).await {
        let padded =
            |length: usize| Bytes::from(format!("{least}{}", " ".repeat(length - least.len())));
        let request = || api.request(method, &path).header("content-type", "application/json");
        let most = if path == IMPORT { MOST_IMPORTED } else { MOST };
        let reply = request().body(padded(most)).send().await;
        assert!(reply.status < 300, "{reply}");
        let _ = request().body(padded(most + 1)).send().await.problem(413, "payload-too-large");
        let chunks = |length: usize| {
            let whole = padded(length);
            (0..length).step_by(10_000).map(|at| whole.slice(at..length.min(at + 10_000))).collect()
        };
        let reply = request().chunked(chunks(most)).send().await;
        assert!(reply.status < 300, "{reply}");
        let _ = request().chunked(chunks(most + 1)).send().await.problem(413, "payload-too-large");
        let far_over = request().chunked(chunks(most + 2 * MOST)).send().await;
        let _ = far_over.problem(413, "payload-too-large");
    }
}

#[tokio::test]
async fn api_request_id_is_in_every_response_the_callers_if_it_is_sane() {
    let api = everything().await;
    let paths =
        ["/", "/healthz", "/api/none", "/api/quick-win/boards?limit=1", "/api/quick-win/boards/0"];
    for path in paths {
        let with = async |id: &str| {
            let reply = api.get(path).header("x-request-id", id).send().await;
            reply.expect_header("x-request-id").to_owned()
        };
        assert_eq!(with("abc-1.2_3").await, "abc-1.2_3");
        for insane in ["a b", "a\"b", "<script>", "", &"a".repeat(200)] {
            assert_ne!(with(insane).await, insane);
        }
        let first = api.get(path).send().await.expect_header("x-request-id").to_owned();
        let second = api.get(path).send().await.expect_header("x-request-id").to_owned();
        assert_ne!(first, second);
    }
}

#[tokio::test]
async fn api_request_id_is_taken_or_replaced_alike_by_host_functions_and_relay() {
    let api = everything().await;
    let relay = Client::new(api.stack.relay_url());
    // A process number and a request number: what the host generates instead of an invalid id.
    let of_host = |id: &str| id.split_once('-').is_some_and(|(process, _)| process.len() == 16);
    let (longest, too_long) = ("a".repeat(MAX_LENGTH), "a".repeat(MAX_LENGTH + 1));
    for id in
        ["abc-1.2_3", "5f1C", &longest, "a/b", "a+b=", "a:b", "<b>", "a\"b", "a b", "", &too_long]
    {
        let sane = request_id::sane(std::iter::once(id.as_bytes())).is_some();
        let reported = api.get("/api/none").header("x-request-id", id).send().await;
        let reported = reported.expect_header("x-request-id").to_owned();
        // If only the host accepted an id, just one of the two logs would contain it.
        assert!(if sane { reported == id } else { of_host(&reported) }, "{id:?}: {reported}");
        let reported = relay.get("/none").header("x-request-id", id).send().await;
        assert_eq!(reported.expect_header("x-request-id") == id, sane, "{id:?}");
    }
}

#[tokio::test]
async fn api_timing_names_what_the_request_spent_where() {
    let api = everything().await;
    let board = api.board("Timed").await;
    let names = |timing: &str| -> Vec<String> {
        let entry = |entry: &str| {
            let (name, duration) = entry.trim().split_once(";dur=").expect("name;dur=…");
            assert!(duration.parse::<f64>().is_ok_and(|duration| duration >= 0.0), "{timing}");
            name.to_owned()
        };
        timing.split(',').map(entry).collect()
    };
    let spent = |reply: contract_tests::Reply| names(reply.expect_header("server-timing"));
    // One round trip to PostgreSQL and one to Redis for a write.
    assert_eq!(spent(api.add(board, &json!({"title": "Timed"})).await), ["pg", "redis"]);
    let _ = api.get(&api.board_path(board)).send().await.expect(200);
    let read = api.get(&api.board_path(board)).send().await;
    assert_eq!(read.expect_header("x-cache"), "hit");
    // The same for a read: PostgreSQL checks access and the current version, and Redis supplies the
    // document. From time to time it also gets the read counts.
    let mut spent_on_read = spent(read);
    spent_on_read.truncate(2);
    assert_eq!(spent_on_read, ["pg", "redis"]);
    assert_eq!(spent(api.get(&api.tasks_path(board)).send().await), ["pg"]);

    let api = api.in_mode(Mode::QUICK_WIN);
    let board = api.board("Timed").await;
    assert_eq!(spent(api.get(&api.board_path(board)).send().await), ["kv"]);
    assert_eq!(spent(api.add(board, &json!({"title": "Timed"})).await), ["kv", "relay"]);
}

#[tokio::test]
async fn api_422_for_a_query_parameter_out_of_range() {
    let api = everything().await.in_mode(Mode::QUICK_WIN);
    let board = api.board("Asked").await;
    let (list, document, events) = (
        api.mode.boards.to_owned(),
        api.board_path(board),
        format!("{}/events", api.board_path(board)),
    );
    for (path, name, wrong) in [
        (&list, "limit", &["0", "201", "-1", "x", "", "1.5"][..]),
        (&list, "events", &["1001", "-1", "x"]),
        (&list, "cursor", &["no-cursor", "%00", "-1"]),
        (&document, "events", &["1001", "-1", "x", ""]),
        (&events, "limit", &["0", "1001", "x"]),
        (&events, "after", &["-1", "x", "9007199254740992"]),
    ] {
        for value in wrong {
            let asked = api.get(&format!("{path}?{name}={value}")).send().await;
            assert_eq!(asked.pointers(), [format!("?{name}")], "{path} {value}");
        }
    }
}
