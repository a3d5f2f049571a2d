//! Everything that happened, in commit order.

use super::{ACTIVITY, add_late, admin, all, all_of, connect, page, titles};
use contract_tests::api::{World, seq};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An event's board and seq.
fn place(event: &Value) -> (Option<u64>, u64) {
    (event["board_id"].as_u64(), seq(event))
}

#[tokio::test]
async fn api_activity_never_skips_an_event_that_committed_late() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let (slow, quick) = (ada.board("Slow").await, ada.board("Quick").await);
    let by_ada = format!("user={}&entity=task", ada.username());
    let (_, mut cursor) = all(&boss, &by_ada).await;
    let open = connect(world).await;
    open.batch_execute("BEGIN").await.expect("begun");
    add_late(&open, &ada, slow, "late").await;
    // Later ones are committed but held back: nothing may be inserted before what a page returned.
    for title in ["one", "two", "three"] {
        ada.task(quick, title).await;
        let (found, next) = all(&boss, &format!("{by_ada}&after={cursor}")).await;
        assert_eq!(found, [Value::Null; 0], "{title}");
        cursor = next;
    }
    let newest = page(&boss, &format!("{by_ada}&order=newest")).await;
    assert_eq!(newest["items"], json!([]));
    open.batch_execute("COMMIT").await.expect("committed");
    let (found, end) = all_of(&boss, &format!("{by_ada}&after={cursor}"), 4).await;
    assert_eq!(titles(&found), ["late", "one", "two", "three"]);
    ada.task(quick, "four").await;
    let (rest, _) = all_of(&boss, &format!("{by_ada}&after={end}"), 1).await;
    assert_eq!(titles(&rest), ["four"], "nothing twice");
}

#[tokio::test]
async fn api_activity_pages_are_the_same_in_both_orders_and_their_cursors_join() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let (one, two) = (ada.board("One").await, ada.board("Two").await);
    for number in 0..6 {
        ada.task(if number % 3 == 0 { one } else { two }, &number.to_string()).await;
    }
    let by_ada = format!("user={}", ada.username());
    let (oldest, _) = all_of(&boss, &by_ada, 8).await;
    assert_eq!(titles(&oldest), ["0", "1", "2", "3", "4", "5"]);
    for limit in [1, 2, 5, 7, 8, 9] {
        let (forth, _) = all(&boss, &format!("{by_ada}&limit={limit}")).await;
        assert_eq!(forth, oldest, "{limit}");
        let (mut back, _) = all(&boss, &format!("{by_ada}&order=newest&limit={limit}")).await;
        back.reverse();
        assert_eq!(back, oldest, "{limit}");
    }
    let logged: Vec<Value> =
        [one, two].iter().flat_map(|board| world.databases().logged(*board)).collect();
    for event in oldest.iter().filter(|event| seq(event) > 0) {
        assert!(logged.contains(event), "as it is in the log: {event}");
    }
    // A list that starts with the newest continues with later events.
    let shown = page(&boss, &format!("{by_ada}&order=newest&limit=2")).await;
    assert_eq!(titles(shown["items"].as_array().expect("items")), ["5", "4"]);
    ada.task(one, "6").await;
    let cursor = shown["cursor"].as_str().expect("a cursor");
    let (found, _) = all_of(&boss, &format!("{by_ada}&after={cursor}"), 1).await;
    assert_eq!(titles(&found), ["6"]);
}

#[tokio::test]
async fn api_activity_filters_let_through_what_all_of_them_let_through() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let (one, two) = (ada.board("One").await, ada.board("Two").await);
    let bob = world.member(&ada, one, "editor").await;
    bob.task(one, "bob's").await;
    ada.task(one, "ada's").await;
    ada.task(two, "elsewhere").await;
    let task = ada.task_path(one, 2);
    let _ = ada.patch(&task, &json!({"status": "finished"})).send().await.expect(200);
    let comments = format!("{task}/comments");
    let _ = ada.post(&comments, &json!({"body": "a word"})).send().await.expect(201);
    let _ = ada.delete(&ada.board_path(two)).send().await.expect(204);
    let name = ada.username();
    let (everything, _) = all_of(&boss, &format!("user={}", name.to_uppercase()), 8).await;
    let moment = |index: usize| everything[index]["timestamp"].as_str().expect("a moment");
    let reported = |events: &[Value]| -> Vec<String> {
        let text = |event: &Value, name: &str| event[name].as_str().expect("a text").to_owned();
        events.iter().map(|it| text(it, "action") + " " + &text(it, "entity")).collect()
    };
    let board_one = format!("board={one}");
    for (query, expected) in [
        (
            format!("{board_one}&order=oldest"),
            &["Add board", "Add member", "Add task", "Add task", "Move task", "Add comment"][..],
        ),
        (format!("{board_one}&user={}", bob.username()), &["Add task"]),
        (format!("{board_one}&action=Move"), &["Move task"]),
        (format!("user={name}&entity=comment"), &["Add comment"]),
        (format!("{board_one}&user={name}&entity=board"), &["Add board"]),
        (format!("board={two}"), &["Add board", "Add task", "Delete board"]),
        (format!("user={name}&action=Delete&entity=board"), &["Delete board"]),
        (format!("user={name}&entity=user"), &[]),
        ("user=nobody-is-called-so".to_owned(), &[]),
        ("board=9007199254740991".to_owned(), &[]),
    ] {
        let (found, _) = all(&boss, &query).await;
        assert_eq!(reported(&found), expected, "{query}");
        let (mut back, _) =
            all(&boss, &format!("{query}&limit=2").replace("order=oldest", "order=newest")).await;
        if query.contains("order=oldest") {
            back.reverse();
        }
        assert_eq!(back, found, "{query}");
    }
    // `from` is included, `to` is not.
    let (found, _) = all(&boss, &format!("user={name}&from={}", moment(2))).await;
    let expected: Vec<&Value> =
        everything.iter().filter(|it| it["timestamp"].as_str() >= Some(moment(2))).collect();
    assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    let (found, _) = all(&boss, &format!("user={name}&to={}", moment(2))).await;
    assert_eq!(found.len() + expected.len(), everything.len());
    let offset = "2020-01-01T00:00:00%2B01:00";
    let (found, _) = all(&boss, &format!("user={name}&to={offset}")).await;
    assert_eq!(found.len(), 0);
}

#[tokio::test]
async fn api_activity_422_names_the_parameter_that_is_wrong() {
    let world = World::shared().await;
    let boss = admin(world).await;
    for (query, pointer) in [
        ("after=x", "after"),
        ("after=1.2.3", "after"),
        ("after=99.1.1.1", "after"),
        ("after=1.9000000000000000000.1.1&order=newest", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("order=up", "order"),
        ("user=a", "user"),
        ("user=%C3%A4da", "user"),
        ("board=seven", "board"),
        ("board=0", "board"),
        ("action=add", "action"),
        ("entity=cat", "entity"),
        ("from=yesterday", "from"),
        ("to=2026-13-01T00:00:00Z", "to"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
        ("from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00%2B01:00", "from"),
        ("format=xml", "format"),
        ("cursor=1.2.3.4", "cursor"),
        ("who=ada", "who"),
    ] {
        let reply = boss.get(&format!("{ACTIVITY}?{query}")).send().await;
        assert_eq!(reply.pointers(), [format!("?{pointer}")], "{query}");
    }
}

#[tokio::test]
async fn api_activity_as_csv_is_a_table_without_formulas() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let board = ada.board("Table").await;
    for title in ["=1+1", "+1", "-1", "@SUM(A1)", "a \"quoted\", one", "plain"] {
        ada.task(board, title).await;
    }
    let by_ada = format!("user={}", ada.username());
    let (events, _) = all_of(&boss, &by_ada, 7).await;
    let csv = |reply: &contract_tests::http::Reply| {
        assert!(reply.expect_header("content-type").starts_with("text/csv"), "{reply}");
        assert!(reply.expect_header("content-disposition").contains("activity.csv"));
        String::from_utf8(reply.body.to_vec()).expect("UTF-8")
    };
    let by_format = boss.get(&format!("{ACTIVITY}?{by_ada}&format=csv")).send().await.expect(200);
    let by_accept = boss.get(&format!("{ACTIVITY}?{by_ada}")).header("accept", "text/csv;q=0.9");
    let by_accept = by_accept.send().await.expect(200);
    let text = csv(&by_format);
    assert_eq!(csv(&by_accept), text);
    let lines: Vec<&str> = text.split("\r\n").collect();
    let header = "timestamp,actor,action,entity,board_id,seq,task_id,title,changes,undoes";
    assert_eq!((lines[0], lines.len(), lines[8]), (header, 9, ""));
    let (name, made) = (ada.username(), events[0]["timestamp"].as_str().expect("a moment"));
    assert_eq!(lines[1], format!("{made},{name},Add,board,{board},0,,Table,,"));
    let titles = ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "\"a \"\"quoted\"\", one\"", "plain"];
    for ((line, event), title) in lines[2..].iter().zip(&events[1..]).zip(titles) {
        let (moment, number) = (event["timestamp"].as_str().expect("a moment"), seq(event));
        assert_eq!(*line, format!("{moment},{name},Add,task,{board},{number},{number},{title},,"));
    }
    // Each page has the next one's cursor.
    let path = format!("{ACTIVITY}?{by_ada}&format=csv&limit=4");
    let first = boss.get(&path).send().await.expect(200);
    let next = first.expect_header("next-after").to_owned();
    let second = boss.get(&format!("{path}&after={next}")).send().await.expect(200);
    assert!(second.header("next-after").is_none(), "{second}");
    let both = csv(&first) + csv(&second).strip_prefix(&format!("{header}\r\n")).expect("a header");
    assert_eq!(both, text);
    // JSON on request.
    let json = boss.get(&format!("{ACTIVITY}?{by_ada}&format=json")).header("accept", "text/csv");
    assert!(json.send().await.expect(200).is_json());
}

#[tokio::test]
async fn limit_activity_a_page_ends_by_bytes_and_by_what_was_looked_at() {
    let world = World::shared().await;
    let (boss, ada) = (admin(world).await, world.somebody().await);
    let board = ada.board("Large").await;
    for _ in 0..30 {
        let body = json!({"title": "Large", "fields": {"x": "y".repeat(16_000)},
            "description": "z".repeat(10_000)});
        let _ = ada.add(board, &body).await;
    }
    let one = format!("board={board}&limit=1000");
    let (events, _) = all_of(&boss, &one, 31).await;
    for event in &events[1..] {
        let moved = format!("{}/{}", ada.tasks_path(board), event["task"]["id"]);
        let _ = ada.patch(&moved, &json!({"status": "finished"})).send().await.expect(200);
    }
    let (events, _) = all_of(&boss, &one, 61).await;
    let first = boss.get(&format!("{ACTIVITY}?{one}")).send().await.expect(200);
    assert!((1 << 15..1 << 16).contains(&first.body.len()), "{}", first.body.len());
    let file = boss.get(&format!("{ACTIVITY}?{one}&format=csv")).send().await.expect(200);
    let rows = String::from_utf8_lossy(&file.body).matches("\r\n").count() - 1;
    assert!((30..61).contains(&rows) && file.header("next-after").is_some(), "{rows} rows");
    let places: BTreeSet<_> = events.iter().map(place).collect();
    assert_eq!(places.len(), 61, "each once");
    // 1,002 entries, none of which match.
    let import = json!({"name": "Many", "tasks": vec![json!({"title": "t"}); 1_000]});
    let many = ada.post("/api/boards/import", &import).send().await.expect(201).json();
    ada.task(many["id"].as_u64().expect("an id"), "one more").await;
    let _ = all_of(&boss, &format!("board={}&limit=1000", many["id"]), 1_002).await;
    let path = format!("board={}&action=Delete", many["id"]);
    let mut after = String::new();
    for nth in 0..3 {
        let looked = page(&boss, &format!("{path}{after}")).await;
        assert_eq!(looked["items"], json!([]));
        assert_eq!(looked["next_after"].is_string(), nth < 2, "500 at a time: {looked}");
        let next = looked["next_after"].as_str().unwrap_or_default();
        assert!(nth == 2 || looked["cursor"] == next, "{looked}");
        after = format!("&after={next}");
    }
    let file = boss.get(&format!("{ACTIVITY}?{path}&format=csv")).send().await.expect(200);
    assert_eq!(file.header("next-after"), None, "a file looks at more: {file}");
}
