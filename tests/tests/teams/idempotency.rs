//! Idempotency keys of users (docs/contract/api.md, API-IDEMPOTENCY); tests for both modes are
//! in `tests/api`.

use contract_tests::api::World;
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

async fn post(api: &Api<'_>, path: &str, body: &Value, key: &str) -> Reply {
    api.post(path, body).header("idempotency-key", key).send().await
}

#[tokio::test]
async fn api_idempotency_a_key_counts_for_its_user_and_its_board() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let (one, other) = (ada.board("One").await, ada.board("Other").await);
    let editor = world.member(&ada, one, "editor").await;
    let body = json!({"title": "x"});
    for (person, board) in [(&ada, one), (&editor, one), (&ada, other)] {
        let reply = post(person, &person.tasks_path(board), &body, "same").await.expect(201);
        assert_eq!(reply.header("idempotency-replayed"), None, "{reply}");
    }
    // A removed member learns nothing with a key either.
    ada.remove(one, &editor).await;
    let _ = post(&editor, &editor.tasks_path(one), &body, "same").await.problem(404, "not-found");
}

#[tokio::test]
async fn api_idempotency_a_key_counts_for_24_hours() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let board = ada.board("Old").await;
    let path = ada.tasks_path(board);
    let first = post(&ada, &path, &json!({"title": "One"}), "old").await.expect(201).json();
    let age = |hours: &str| {
        let statement = format!(
            "UPDATE idempotency_keys SET created_at = clock_timestamp() - interval '{hours}' \
             WHERE board_id = {board}"
        );
        let _ = world.databases().psql(&statement).expect("older");
    };
    age("23 hours 59 minutes");
    assert_eq!(post(&ada, &path, &json!({"title": "One"}), "old").await.expect(201).json(), first);
    age("24 hours 1 second");
    let fresh = post(&ada, &path, &json!({"title": "Two"}), "old").await.expect(201);
    assert_eq!(
        (fresh.header("idempotency-replayed"), fresh.json()["id"].as_u64()),
        (None, Some(2))
    );
    let again = post(&ada, &path, &json!({"title": "Two"}), "old").await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}
