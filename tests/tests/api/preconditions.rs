//! docs/contract/api.md, API-VERSION: entity tags, `If-Match` and `If-None-Match`.

use contract_tests::Api;
use serde_json::json;

contract_tests::in_both_modes! {
async fn api_412_for_if_match_of_another_version_of_a_task(api: Api<'static>) {
    let board = api.board("Versions").await;
    let task = api.task(board, "One").await;
    let path = api.task_path(board, task);
    let before = api.document(board).await;
    for stale in ["\"2\"", "\"0\"", "W/\"2\"", "\"2-gzip\"", "\"2\", \"3\"", "\"\""] {
        let patch = api.patch(&path, &json!({"title": "Two"})).header("if-match", stale);
        let problem = patch.send().await.problem(412, "precondition-failed");
        assert_eq!(problem["current_version"], 1, "{problem}");
        let delete = api.delete(&path).header("if-match", stale);
        assert_eq!(delete.send().await.problem(412, "precondition-failed")["current_version"], 1);
    }
    assert_eq!(api.document(board).await, before);
    for (title, right) in [("Two", "\"1\""), ("Three", "\"7\", \"2\""), ("Four", "*")] {
        let patch = api.patch(&path, &json!({"title": title})).header("if-match", right);
        let _ = patch.send().await.expect(200);
    }
    let _ = api.delete(&path).header("if-match", "\"4\"").send().await.expect(204);
    let gone = api.patch(&path, &json!({"title": "Five"})).header("if-match", "*");
    let _ = gone.send().await.problem(404, "not-found");
}

async fn api_version_if_match_takes_the_tag_that_a_proxy_has_marked_as_compressed(api: Api<'static>) {
    let board = api.board("Compressed").await;
    let path = api.board_path(board);
    let task = api.task_path(board, api.task(board, "Compressed").await);
    for version in 1..=4 {
        for path in [&path, &task] {
            let patch = |field: &str, tag: &str| {
                let change = json!({field: format!("No. {version}")});
                api.patch(path, &change).header("if-match", tag).send()
            };
            let field = if path == &task { "title" } else { "name" };
            let tag = api.get(path).send().await.expect(200).tag();
            let bare = tag.trim_matches('"');
            let marked =
                [format!("W/{tag}"), format!("\"{bare}-gzip\""), format!("W/\"{bare}-zstd\"")];
            let marked = &marked[version % marked.len()];
            let _ = patch(field, marked).await.expect(200);
            let stale = patch(field, marked).await.problem(412, "precondition-failed");
            assert_eq!(stale["current_version"], version + 1, "{marked}");
        }
    }
    let _ = api.delete(&task).header("if-match", "W/\"5\"").send().await.expect(204);
    let _ = api.delete(&path).header("if-match", "\"5-gzip\"").send().await.expect(204);
}

async fn api_412_for_if_match_of_another_version_of_a_board(api: Api<'static>) {
    let board = api.board("One").await;
    let path = api.board_path(board);
    let tag = api.get(&path).send().await.tag();
    api.task(board, "A task does not change the board's version").await;
    let rename =
        |name: &str, tag: &str| api.patch(&path, &json!({"name": name})).header("if-match", tag);
    let _ = rename("Two", &tag).send().await.expect(200);
    let problem = rename("Three", &tag).send().await.problem(412, "precondition-failed");
    assert_eq!(problem["current_version"], 2);
    let _ = rename("Three", "\"2\"").send().await.expect(200);
    let delete = api.delete(&path).header("if-match", "\"2.1\"").send().await;
    assert_eq!(delete.problem(412, "precondition-failed")["current_version"], 3);
    let _ = api.delete(&path).header("if-match", "*").send().await.expect(204);
}

async fn api_412_also_where_the_patch_would_change_nothing(api: Api<'static>) {
    let board = api.board("Same").await;
    let task = api.task(board, "Same").await;
    for (path, patch) in [
        (api.task_path(board, task), json!({"title": "Same"})),
        (api.task_path(board, task), json!({})),
        (api.board_path(board), json!({"name": "Same"})),
        (api.board_path(board), json!({})),
    ] {
        let stale = api.patch(&path, &patch).header("if-match", "\"9\"").send().await;
        let _ = stale.problem(412, "precondition-failed");
        let _ = api.patch(&path, &patch).header("if-match", "\"1\"").send().await.expect(200);
    }
}

async fn api_304_for_if_none_match_of_what_is_still_so(api: Api<'static>) {
    let board = api.board("Cached").await;
    let task = api.task(board, "Cached").await;
    for path in [api.board_path(board), api.task_path(board, task)] {
        let fresh = api.get(&path).send().await.expect(200);
        let tag = fresh.tag();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong tag: {tag}");
        for condition in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()]
        {
            let reply = api.get(&path).header("if-none-match", &condition).send().await.expect(304);
            assert!(reply.body.is_empty());
            assert_eq!(reply.tag(), tag);
        }
        let reply = api.get(&path).header("if-none-match", "\"x\"").send().await.expect(200);
        // The cache may serialize the same board with different white space.
        assert_eq!(reply.json(), fresh.json());
    }
    let tag = api.get(&api.board_path(board)).send().await.tag();
    let _ = api
        .patch(&api.task_path(board, task), &json!({"title": "Changed"}))
        .send()
        .await
        .expect(200);
    let noticed =
        api.get(&api.board_path(board)).header("if-none-match", &tag).send().await.expect(200);
    assert_ne!(noticed.tag(), tag, "a board's tag notices a change of its tasks");
}

async fn api_400_for_a_malformed_condition(api: Api<'static>) {
    let board = api.board("Malformed").await;
    let task = api.task(board, "Malformed").await;
    for wrong in ["1", "\"1", "\"1\" \"2\"", "\"1\",", "w/\"1\"", "*, \"1\"", ""] {
        for path in [api.board_path(board), api.task_path(board, task)] {
            for call in [
                api.patch(&path, &json!({})).header("if-match", wrong),
                api.delete(&path).header("if-match", wrong),
                api.get(&path).header("if-none-match", wrong),
            ] {
                let _ = call.send().await.problem(400, "malformed-header");
            }
        }
    }
    assert_eq!(api.document(board).await["seq"], 1);
}
}
