//! Imported files: an export is restored unchanged, and the error for any other file names its
//! kind.

use crate::documents::{IMPORT, export, import, pointers, said};
use contract_tests::Api;
use contract_tests::api::{World, id};
use contract_tests::chance::dice;
use serde_json::{Value, json};

/// Texts that are easily corrupted in transit.
const ODD: [&str; 9] = [
    "20 % off_everything\\ 'quoted' \"double\" ; -- DROP",
    "C++ & C# + r&d",
    "\u{627}\u{644}\u{645}\u{647}\u{645}\u{629}: v2.0!",
    "e\u{301} versus \u{e9}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "<img src=x onerror=alert(1)>",
    "{{7*7}} ${7*7}",
    "null",
    "--",
];

/// More of them, for fields that may contain invisible characters.
const UNSEEN: [&str; 3] = ["\u{202e}evil\u{202c} bidi", "\u{feff}mark first", "zero\u{200b}width"];

#[tokio::test]
async fn api_import_of_what_was_exported_exports_the_same_again_whatever_it_is() {
    let ada = World::shared().await.somebody().await;
    let mut dice = dice();
    for _ in 0..5 {
        let mut any = |most: usize| {
            let nth = dice.usize(..most);
            ODD.get(nth).unwrap_or_else(|| &UNSEEN[nth - ODD.len()])
        };
        let mut tasks: Vec<Value> = Vec::new();
        for nth in 0..20 {
            let comment = json!({
                "body": any(12), "author": any(9), "created_at": "2023-01-01T10:00:00.000Z",
                "updated_at": "2023-01-02T10:00:00.000Z",
            });
            let comments = [json!([]), json!([comment]), json!([comment, any(12)])];
            let item =
                json!({"text": any(9), "done": nth % 3 == 0, "assigned_to": null, "due_at": null});
            let list = json!({"title": any(9), "items": vec![item; nth % 4]});
            tasks.push(json!({
                "title": any(9), "description": any(12), "status": (["a", "b"][nth % 2]),
                "assigned_to": ([json!(ada.username()), Value::Null][nth % 2]),
                "labels": [any(9)], "start_at": "9999-12-31T23:59:59.999Z",
                "due_at": "9999-12-31T23:59:59.999Z",
                "fields": {*any(12): any(12), "n": [1.5, null, {"deep": true}]},
                "created_at": "2022-01-01T10:00:00.000Z", "comments": comments[nth % 3],
                "checklists": vec![list; nth % 3],
            }));
        }
        let columns =
            json!([{"key": "a", "name": any(9)}, {"key": "b", "name": any(9), "wip_limit": 3}]);
        let document = json!({
            "name": any(9), "description": any(12), "columns": columns, "archived": tasks.len().is_multiple_of(2),
            "tasks": tasks,
        });
        let first = import(&ada, &document).await.expect(201).json();
        assert_eq!(pointers(&first), Vec::<&str>::new());
        let exported = export(&ada, id(&first)).await.expect(200).json();
        assert_eq!(exported["archived"], document["archived"]);
        let second = import(&ada, &exported).await.expect(201).json();
        assert_eq!(pointers(&second), Vec::<&str>::new());
        assert_eq!(said(&export(&ada, id(&second)).await.expect(200).json()), said(&exported));
    }
}

#[tokio::test]
async fn api_import_removes_what_is_invisible_from_one_line_and_says_where() {
    let ada = World::shared().await.somebody().await;
    let document = json!({
        "name": "Zero\u{200b}width", "columns": [{"key": "a", "name": "\u{202e}Left\u{202c}"}],
        "tasks": [{"title": "One\u{2028}line\u{feff}", "status": "a", "labels": ["a", "a\u{ad}"],
            "description": "zero\u{200b}width"}],
    });
    let made = import(&ada, &document).await.expect(201).json();
    assert_eq!(
        pointers(&made),
        ["/name", "/columns/0/name", "/tasks/0/title", "/tasks/0/labels/1"]
    );
    let board = ada.get(&ada.board_path(id(&made))).send().await.expect(200).json();
    assert_eq!(
        (&board["name"], &board["columns"][0]["name"]),
        (&json!("Zerowidth"), &json!("Left"))
    );
    let task = &board["tasks"][0];
    let reported = ["title", "labels", "description"].map(|field| task[field].clone());
    assert_eq!(reported, [json!("One line"), json!(["a"]), json!("zero\u{200b}width")]);
    // Names written by earlier versions, which PostgreSQL still has, are exported and imported as
    // well.
    let _ = World::shared()
        .await
        .databases()
        .psql(&format!("UPDATE boards SET name = U&'Old\\200Bname' WHERE id = {}", id(&made)))
        .expect("an old name");
    let exported = export(&ada, id(&made)).await.expect(200).json();
    assert_eq!(exported["name"], "Old\u{200b}name");
    let again = import(&ada, &exported).await.expect(201).json();
    assert_eq!(pointers(&again), ["/name"]);
}

#[tokio::test]
async fn api_400_and_api_422_name_what_a_file_is_that_is_no_export_in_both_modes() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let guest = Api::new(&world.stack);
    let wide: Vec<u8> = "{\"name\": \"A\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let malformed: [(&[u8], &str); 6] = [
        (b"", "empty"),
        (&wide, "UTF-16"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<!doctype html><title>Log in</title>", "HTML"),
        (b"Name,List\nA,B\n", "CSV"),
        (b"{\"name\": \"A\", \"tasks\": [", "ends early"),
    ];
    for (body, kind) in malformed {
        for (api, path) in [(&ada, IMPORT), (&guest, "/api/quick-win/boards")] {
            let call = api.post(path, &json!({})).body(body.to_vec());
            let detail = call.send().await.problem(400, "malformed-json")["detail"].to_string();
            assert!(detail.contains(kind), "{detail} does not name {kind}");
        }
    }
    let card = json!({"id": "a", "name": "Card", "idList": "l", "desc": "", "badges": {}});
    for (body, kind) in [(card, "single card"), (json!([{"name": "A"}]), "list")] {
        let refused = import(&ada, &body).await.problem(422, "validation");
        let errors = refused["errors"].as_array().expect("errors");
        assert_eq!((errors.len(), &errors[0]["pointer"]), (1, &json!("")));
        assert!(errors[0]["detail"].as_str().is_some_and(|text| text.contains(kind)), "{refused}");
    }
    let mark = |body: Value| [b"\xef\xbb\xbf".as_slice(), body.to_string().as_bytes()].concat();
    let marked = mark(json!({"name": "A", "tasks": [{"title": "b"}]}));
    let _ = ada.post(IMPORT, &json!({})).body(marked).send().await.expect(201);
    let marked = mark(json!({"name": "A"}));
    let _ = guest.post("/api/quick-win/boards", &json!({})).body(marked).send().await.expect(201);
}
