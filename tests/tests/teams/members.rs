//! Members (docs/contract/api.md, API-MEMBER): listed, added and removed.

use contract_tests::api::{World, assert_dense, keys, seq};
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

fn path(api: &Api<'_>, board: u64) -> String {
    format!("{}/members", api.board_path(board))
}

fn of(api: &Api<'_>, board: u64, name: &str) -> String {
    format!("{}/{name}", path(api, board))
}

async fn put(api: &Api<'_>, board: u64, name: &str, role: &str) -> Reply {
    api.request("PUT", &of(api, board, name)).json(&json!({"role": role})).send().await
}

async fn leave(api: &Api<'_>, board: u64, name: &str) -> Reply {
    api.delete(&of(api, board, name)).send().await
}

async fn roles(api: &Api<'_>, board: u64) -> Vec<(String, String)> {
    let page = api.get(&path(api, board)).send().await.expect(200).json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let members = page["items"].as_array().expect("items").iter();
    members.map(|member| (text(&member["username"]), text(&member["role"]))).collect()
}

#[tokio::test]
async fn api_member_put_gives_a_role_201_for_a_new_member_200_for_another_role_or_the_same() {
    let world = World::shared().await;
    let (ada, ben) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Crew").await;
    let _ = ben.get(&ben.board_path(board)).send().await.problem(404, "not-found");
    let added = put(&ada, board, &ben.username().to_uppercase(), "viewer").await.expect(201);
    let member = added.json();
    assert_eq!(keys(&member), ["created_at", "id", "role", "updated_at", "username"]);
    assert_eq!((&member["id"], &member["username"]), (&ben.actor["id"], &ben.actor["username"]));
    assert_eq!((&member["role"], added.expect_header("event-seq")), (&json!("viewer"), "1"));
    let changed = put(&ada, board, ben.username(), "owner").await.expect(200);
    assert_eq!(
        (&changed.json()["role"], changed.expect_header("event-seq")),
        (&json!("owner"), "2")
    );
    let same = put(&ada, board, ben.username(), "owner").await.expect(200);
    assert_eq!((same.header("event-seq"), &same.json()["role"]), (None, &json!("owner")));
    // The new owner has all rights.
    let _ = put(&ben, board, ada.username(), "viewer").await.expect(200);
    assert_eq!(ben.document(board).await["role"], "owner");
    assert_eq!(ada.document(board).await["role"], "viewer");

    let events = ben.events(board, 0).await;
    assert_dense(&events, 1);
    assert_eq!(world.databases().streamed(board), events);
    let reported: Vec<_> = events
        .iter()
        .map(|event| (&event["action"], &event["member"]["username"], &event["changes"]["role"]))
        .collect();
    let (add, update, null) = (json!("Add"), json!("Update"), Value::Null);
    let (raised, lowered) = (json!(["viewer", "owner"]), json!(["owner", "viewer"]));
    let (ben_name, ada_name) = (&ben.actor["username"], &ada.actor["username"]);
    assert_eq!(
        reported,
        [(&add, ben_name, &null), (&update, ben_name, &raised), (&update, ada_name, &lowered)]
    );
}

#[tokio::test]
async fn api_member_only_owners_manage_them_and_anyone_may_leave() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Rights").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let editor = world.member(&ada, board, "editor").await;
    let (stranger, other) = (world.somebody().await, world.somebody().await);
    for (person, role) in [(&viewer, "viewer"), (&editor, "editor")] {
        // Not even themselves, nor an unknown user.
        for name in [other.username(), person.username(), ada.username(), "nobody-of-this-name"] {
            let problem = put(person, board, name, "owner").await.problem(403, "forbidden");
            assert_eq!((&problem["role"], &problem["needed"]), (&json!(role), &json!("owner")));
        }
        for name in [ada.username(), other.username(), "nobody-of-this-name"] {
            let _ = leave(person, board, name).await.problem(403, "forbidden");
        }
    }
    let _ = put(&stranger, board, stranger.username(), "viewer").await.problem(404, "not-found");
    let _ = leave(&stranger, board, stranger.username()).await.problem(404, "not-found");
    let _ = stranger.get(&path(&stranger, board)).send().await.problem(404, "not-found");
    assert_eq!(roles(&viewer, board).await.len(), 3);

    let left = leave(&viewer, board, viewer.username()).await.expect(204);
    assert_eq!(left.expect_header("event-seq"), "3");
    let _ = viewer.get(&viewer.board_path(board)).send().await.problem(404, "not-found");
    let _ = leave(&ada, board, editor.username()).await.expect(204);
    let _ = leave(&ada, board, editor.username()).await.problem(404, "not-found");
    let _ = editor.get(&editor.board_path(board)).send().await.problem(404, "not-found");
    let last = ada.events(board, 3).await.pop().expect("an event");
    assert_eq!(last["action"], "Delete");
    assert_eq!(last["member"]["role"], "editor", "the entity as it was before");
    assert_eq!(roles(&ada, board).await, [(ada.username().to_owned(), "owner".to_owned())]);
}

#[tokio::test]
async fn api_409_the_last_owner_can_neither_leave_nor_become_something_else() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Alone").await;
    let editor = world.member(&ada, board, "editor").await;
    let _ = leave(&ada, board, ada.username()).await.problem(409, "last-owner");
    for role in ["editor", "viewer"] {
        let _ = put(&ada, board, ada.username(), role).await.problem(409, "last-owner");
    }
    let _ = put(&ada, board, ada.username(), "owner").await.expect(200);
    let _ = put(&ada, board, editor.username(), "owner").await.expect(200);
    let _ = leave(&ada, board, ada.username()).await.expect(204);
    let _ = leave(&editor, board, editor.username()).await.problem(409, "last-owner");
    assert_eq!(roles(&editor, board).await, [(editor.username().to_owned(), "owner".to_owned())]);
}

#[tokio::test]
async fn api_404_tells_that_nobody_has_this_name_and_422_what_is_wrong_with_the_role() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Names").await;
    let problem = put(&ada, board, "nobody-of-this-name", "viewer").await.problem(404, "not-found");
    assert_eq!(problem["detail"], "There is no user with this name.");
    let _ = put(&ada, board, "no", "viewer").await.problem(404, "not-found");
    let faulty = [
        (json!({}), vec!["/role"]),
        (json!({"role": "admin"}), vec!["/role"]),
        (json!({"role": 1, "rolle": "viewer"}), vec!["/role", "/rolle"]),
        (json!({"role": null}), vec!["/role"]),
    ];
    for (body, pointers) in faulty {
        let reply = ada.request("PUT", &of(&ada, board, ada.username())).json(&body).send().await;
        assert_eq!(reply.pointers(), pointers, "{body}");
    }
    assert_eq!(seq(&ada.document(board).await), 0);
}

#[tokio::test]
async fn api_member_display_names_are_seen_by_members_as_they_are_now_and_by_nobody_else() {
    let world = World::shared().await;
    let (ada, ben) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Names").await;
    let _ = put(&ada, board, ben.username(), "viewer").await.expect(201);
    let called = async |name: &str| {
        let patch = json!({"display_name": name});
        let _ = ben.request("PATCH", "/api/auth/me").json(&patch).send().await.expect(200);
        let page = ada.get(&path(&ada, board)).send().await.expect(200).json();
        assert_eq!(
            keys(&page["items"][1]),
            ["created_at", "display_name", "id", "role", "updated_at", "username"]
        );
        page["items"][1]["display_name"].clone()
    };
    for name in ["Ben Bitdiddle", "Ben B."] {
        assert_eq!(called(name).await, name);
    }
    // Stored events, which are replayed to later clients, have only the user name.
    let kept = [ada.document(board).await["members"].clone(), json!(ada.events(board, 0).await)];
    assert!(!json!(kept).to_string().contains("Ben B"), "{kept:?}");
    let stranger = world.somebody().await;
    let _ = stranger.get(&path(&stranger, board)).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn api_list_members_without_doubles_while_others_come() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Crowd").await;
    let mut expected = vec![ada.username().to_owned()];
    for _ in 0..4 {
        expected.push(world.member(&ada, board, "viewer").await.username().to_owned());
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ada.get(&format!("{}?limit=2{cursor}", path(&ada, board))).send().await;
        let page = page.expect(200).json();
        let items = page["items"].as_array().expect("items").iter();
        names.extend(items.filter_map(|member| member["username"].as_str().map(str::to_owned)));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        if expected.len() < 7 {
            expected.push(world.member(&ada, board, "editor").await.username().to_owned());
        }
    }
    assert_eq!(names, expected);
}
