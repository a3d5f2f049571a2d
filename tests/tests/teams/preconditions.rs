//! Entity tags of teams' boards; the tests for both modes are in the suite `api`.

use contract_tests::api::World;
use serde_json::json;

#[tokio::test]
async fn api_304_for_a_board_that_is_still_so_by_every_way_of_reading_it() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Tags").await;
    ada.task(board, "One").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let path = ada.board_path(board);
    let tag = ada.get(&path).send().await.expect(200).tag();
    for (query, cache) in [("", Some("hit")), ("?min_seq=2", Some("hit")), ("?at=2", None)] {
        let whole = format!("{path}{query}");
        let reply = viewer.get(&whole).header("if-none-match", &tag).send().await.expect(304);
        assert_eq!((reply.tag(), reply.header("x-cache")), (tag.clone(), cache), "{query}");
        assert!(reply.body.is_empty());
    }
    let _ = ada.patch(&ada.task_path(board, 1), &json!({"title": "Uno"})).send().await.expect(200);
    let changed = ada.get(&path).header("if-none-match", &tag).send().await.expect(200);
    assert_ne!(changed.tag(), tag);
    let old = ada.get(&format!("{path}?at=2")).header("if-none-match", &tag).send().await;
    assert_eq!(old.expect(304).tag(), tag, "a past board has its past tag");
}

#[tokio::test]
async fn api_version_the_tag_of_an_answer_to_a_write_is_that_of_the_next_read() {
    let ada = World::shared().await.somebody().await;
    let made = ada.post("/api/boards", &json!({"name": "One"})).send().await.expect(201);
    let path = made.expect_header("location").to_owned();
    assert_eq!(ada.get(&path).send().await.tag(), made.tag());
    let patched = ada.patch(&path, &json!({"name": "Two"})).header("if-match", &made.tag());
    let patched = patched.send().await.expect(200);
    assert_eq!(ada.get(&path).send().await.tag(), patched.tag());
    let added = ada.post(&format!("{path}/tasks"), &json!({"title": "a"})).send().await.expect(201);
    let task = added.expect_header("location").to_owned();
    assert_eq!(ada.get(&task).send().await.tag(), added.tag());
    let moved = ada.patch(&task, &json!({"status": "finished"})).header("if-match", &added.tag());
    let moved = moved.send().await.expect(200);
    assert_eq!((moved.tag(), ada.get(&task).send().await.tag()), ("\"2\"".into(), "\"2\"".into()));
}

#[tokio::test]
async fn api_412_comes_after_404_and_403_and_before_what_is_wrong_with_the_fields() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Order").await;
    ada.task(board, "One").await;
    let viewer = world.member(&ada, board, "viewer").await;
    let (path, task) = (ada.board_path(board), ada.task_path(board, 1));
    let stale = ("if-match", "\"9\"");
    let title = json!({"title": "x"});
    let forbidden = viewer.patch(&task, &title).header(stale.0, stale.1).send().await;
    let _ = forbidden.problem(403, "forbidden");
    let gone = ada.patch(&ada.task_path(board, 2), &title).header(stale.0, stale.1).send().await;
    let _ = gone.problem(404, "not-found");
    let wrong = json!({"status": "no-such-column"});
    let first = ada.patch(&task, &wrong).header(stale.0, stale.1).send().await;
    let _ = first.problem(412, "precondition-failed");
    let columns = json!({"columns": [{"key": "a", "name": "a"}]});
    let first = ada.patch(&path, &columns).header(stale.0, stale.1).send().await;
    let _ = first.problem(412, "precondition-failed");
    let delete = ada.delete(&path).header(stale.0, stale.1).send().await;
    let _ = delete.problem(412, "precondition-failed");
    assert_eq!(
        ada.patch(&task, &wrong).header("if-match", "\"1\"").send().await.pointers(),
        ["/status"]
    );
}
