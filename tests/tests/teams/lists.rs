//! Lists (docs/contract/api.md, API-LIST): filters, and cursors that stay valid while others write.

use contract_tests::Api;
use contract_tests::api::{World, id};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The page at this path, and the next one's cursor.
async fn page(api: &Api<'_>, path: &str) -> (Vec<Value>, Option<String>) {
    let page = api.get(path).send().await.expect(200).json();
    let items = page["items"].as_array().expect("`items`").clone();
    assert!(page["next_cursor"].is_null() || page["next_cursor"].is_string(), "{page}");
    (items, page["next_cursor"].as_str().map(str::to_owned))
}

/// The ids of all tasks that match a filter, page by page.
pub(crate) async fn filtered(api: &Api<'_>, board: u64, query: &str) -> Vec<u64> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}?limit=2&{query}{cursor}", api.tasks_path(board));
        let (items, next) = page(api, &path).await;
        assert!(items.len() <= 2, "{path}");
        ids.extend(items.iter().map(id));
        let Some(next) = next else { return ids };
        assert_eq!(items.len(), 2, "a page before the last is full: {path}");
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn api_filter_tasks_by_status_assignee_label_due_date_and_change() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Filters").await;
    let grace = world.member(&ada, board, "viewer").await;
    let name = grace.username();
    for body in [
        json!({"title": "1", "labels": ["red", "big"], "due_at": "2030-01-01T00:00:00Z"}),
        json!({"title": "2", "status": "finished", "assigned_to": name, "labels": ["red"]}),
        json!({"title": "3", "assigned_to": name, "due_at": "2031-01-01T00:00:00Z"}),
        json!({"title": "4", "status": "finished", "labels": ["Red"]}),
        json!({"title": "5", "labels": ["100%", "a&b=c"], "due_at": "2030-01-01T01:00:00+01:00"}),
    ] {
        let _ = ada.add(board, &body).await;
    }
    let upper = format!("assigned_to={}", name.to_uppercase());
    let assigned = format!("assigned_to={name}");
    let both = format!("assigned_to={name}&status=todo");
    for (query, expected) in [
        ("", &[1, 2, 3, 4, 5][..]),
        ("status=finished", &[2, 4]),
        ("status=in_progress", &[]),
        ("status=no-such", &[]),
        (&assigned, &[2, 3]),
        (&upper, &[2, 3]),
        ("assigned_to=nobody-here", &[]),
        (&both, &[3]),
        ("label=red", &[1, 2]),
        ("label=big", &[1]),
        ("label=100%25", &[5]),
        ("label=a%26b%3Dc", &[5]),
        ("label=red&status=todo", &[1]),
        ("due_before=2030-01-01T00:00:00Z", &[]),
        ("due_before=2030-01-01T00:00:00.001Z", &[1, 5]),
        ("due_before=2030-06-01T02:00:00%2B02:00", &[1, 5]),
        ("due_before=2999-01-01T00:00:00Z", &[1, 3, 5]),
    ] {
        assert_eq!(filtered(&ada, board, query).await, expected, "{query}");
    }
    let read = ada.get(&ada.task_path(board, 5)).send().await.expect(200).json();
    let since = format!("updated_after={}", read["updated_at"].as_str().expect("a time"));
    assert_eq!(filtered(&ada, board, &since).await, [] as [u64; 0]);
    // The clock has milliseconds: the change must not happen in the same one.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let mut nth = 0;
    while filtered(&ada, board, &since).await.is_empty() {
        assert!(std::time::Instant::now() < deadline, "a change is never found by its time");
        nth += 1;
        let change = json!({"title": format!("changed {nth}")});
        let _ = ada.patch(&ada.task_path(board, 2), &change).send().await.expect(200);
    }
    assert_eq!(filtered(&ada, board, &since).await, [2]);
}

#[tokio::test]
async fn api_422_for_a_filter_a_limit_or_a_cursor_that_is_none() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Faulty").await;
    ada.task(board, "One").await;
    let long = format!("?q={}", "x".repeat(1001));
    for wrong in [
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?limit=",
        "?limit=-1",
        "?limit=1&limit=1",
        "?cursor=x",
        "?cursor=",
        "?cursor=AAAA",
        "?cursor=MS4y",
        "?status=To+do",
        "?due_before=soon",
        "?due_before=2026-01-01",
        "?updated_after=1",
        long.as_str(),
    ] {
        let name = wrong.split('=').next().expect("a name");
        let reply = ada.get(&format!("{}{wrong}", ada.tasks_path(board))).send().await;
        assert_eq!(reply.pointers(), [name], "{wrong}");
    }
    for wrong in [
        "?limit=0",
        "?limit=201",
        "?cursor=x",
        "?cursor=MQ",
        "?archived=yes",
        "?deleted=1",
        "?summary=",
    ] {
        let name = wrong.split('=').next().expect("a name");
        assert_eq!(
            ada.get(&format!("/api/boards{wrong}")).send().await.pointers(),
            [name],
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn api_list_of_tasks_is_complete_and_without_doubles_while_others_add_and_delete() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Moving").await;
    ada.add_many(board, 60).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    let mut round = 0;
    loop {
        let path = format!("{}?limit=7{cursor}", ada.tasks_path(board));
        let (items, next) = page(&ada, &path).await;
        seen.extend(items.iter().map(id));
        let Some(next) = next else { break };
        cursor = format!("&cursor={next}");
        // One that was shown, the one at the cursor, and one that was not shown yet.
        for gone in [items[0]["id"].clone(), items[6]["id"].clone(), json!(60 - round)] {
            let gone = gone.as_u64().expect("an id");
            let reply = ada.delete(&ada.task_path(board, gone)).send().await;
            assert!([204, 404].contains(&reply.status), "{reply}");
        }
        let _ = ada.add(board, &json!({"title": "new", "before": null})).await;
        let moved = json!({"before": items[4]["id"]});
        let _ = ada.patch(&ada.task_path(board, 59 - round), &moved).send().await;
        round += 1;
        assert!(round < 40, "the list does not end");
    }
    let distinct: BTreeSet<u64> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len(), "none twice: {seen:?}");
    let document = ada.document(board).await;
    let left = document["tasks"].as_array().expect("tasks").iter().map(id);
    let missing: Vec<u64> = left.filter(|task| !distinct.contains(task)).collect();
    assert_eq!(missing, [] as [u64; 0], "none left out");
}

#[tokio::test]
async fn api_list_boards_newest_activity_first_and_none_twice_while_others_come() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let mut boards = Vec::new();
    for nth in 0..12 {
        boards.push(ada.board(&format!("Board {nth}")).await);
    }
    ada.task(boards[3], "activity").await;
    let first = boards.remove(3);
    boards.push(first);
    let newest_first: Vec<u64> = boards.iter().rev().copied().collect();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (items, next) = page(&ada, &format!("/api/boards?limit=5{cursor}")).await;
        assert!(items.iter().all(|board| board["role"] == "owner"));
        seen.extend(items.iter().map(id));
        let Some(next) = next else { break };
        cursor = format!("&cursor={next}");
        // A new board is before the cursor; one that was shown may be deleted.
        let _ = ada.board("New").await;
        let _ = ada.delete(&ada.board_path(id(&items[1]))).send().await.expect(204);
    }
    assert_eq!(seen, newest_first);
    let (items, _) = page(&world.somebody().await, "/api/boards").await;
    assert_eq!(items, [] as [Value; 0], "and only the user's own");
}

#[tokio::test]
async fn api_list_boards_tell_what_they_hold_and_who_is_there_where_they_are_asked_to() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Told").await;
    for (title, status) in [("1", "todo"), ("2", "todo"), ("3", "finished"), ("4", "finished")] {
        let _ = ada.add(board, &json!({"title": title, "status": status})).await;
    }
    let _ = ada.delete(&ada.task_path(board, 4)).send().await.expect(204);
    let mut names = vec![ada.username().to_owned()];
    for _ in 0..6 {
        names.push(world.member(&ada, board, "viewer").await.username().to_owned());
    }
    let named = json!({"display_name": "Ada of Told"});
    let _ = ada.patch("/api/auth/me", &named).send().await.expect(200);
    let listed = async |query| page(&ada, &format!("/api/boards{query}")).await.0.remove(0);
    let reported = listed("?summary=true").await;
    assert_eq!(reported["task_counts"], json!({"todo": 2, "finished": 1}));
    assert_eq!(reported["member_count"], 7);
    let members = reported["members"].as_array().expect("members");
    let shown: Vec<_> = members.iter().filter_map(|member| member["username"].as_str()).collect();
    assert_eq!(shown, names[..5], "the first five, by when they joined");
    assert_eq!(members[0]["display_name"], "Ada of Told");
    for query in ["", "?summary=false"] {
        let plain = listed(query).await;
        let more = ["task_counts", "member_count", "members"].map(|name| plain.get(name).is_some());
        assert_eq!(more, [false; 3], "{plain}");
    }
}

#[tokio::test]
async fn api_list_a_board_is_listed_among_those_in_use_the_archived_or_the_trash() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Wandering").await;
    let editor = world.member(&ada, board, "editor").await;
    let listed = async |api: &Api<'_>| {
        let mut counts = [0; 3];
        for (nth, query) in ["", "?archived=true", "?deleted=true"].iter().enumerate() {
            counts[nth] = page(api, &format!("/api/boards{query}")).await.0.len();
        }
        counts
    };
    assert_eq!((listed(&ada).await, listed(&editor).await), ([1, 0, 0], [1, 0, 0]));
    let path = ada.board_path(board);
    let _ = editor.patch(&path, &json!({"archived": true})).send().await.expect(200);
    assert_eq!((listed(&ada).await, listed(&editor).await), ([0, 1, 0], [0, 1, 0]));
    let _ = ada.delete(&path).send().await.expect(204);
    assert_eq!(listed(&ada).await, [0, 0, 1]);
    assert_eq!(listed(&editor).await, [0, 0, 0], "the trash is the owners'");
    let restore = format!("{path}/restore");
    let _ = editor.request("POST", &restore).send().await.problem(403, "forbidden");
    let _ = ada.request("POST", &restore).send().await.expect(200);
    assert_eq!((listed(&ada).await, listed(&editor).await), ([0, 1, 0], [0, 1, 0]));
}
