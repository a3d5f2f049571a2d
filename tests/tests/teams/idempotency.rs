//! Idempotency keys (api.md, "Idempotency"): a retry can never create twice.

use contract_tests::api::{World, seq};
use contract_tests::{Api, Reply};
use serde_json::{Value, json};

async fn post(api: &Api<'_>, path: &str, body: &Value, key: &str) -> Reply {
    api.post(path, body).header("idempotency-key", key).send().await
}

#[tokio::test]
async fn api_the_same_key_and_body_replay_the_first_answer_and_change_nothing() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Keys").await;
    for (path, body) in [
        (ada.tasks_path(board), json!({"title": "Once"})),
        ("/api/boards".to_owned(), json!({"name": "Once"})),
    ] {
        let first = post(&ada, &path, &body, "a-key").await.expect(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        // What happened since does not show in the remembered answer.
        ada.task(board, "Another").await;
        let head = seq(&ada.document(board).await);
        let again = post(&ada, &path, &body, "a-key").await.expect(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.body, first.body);
        for header in ["location", "etag", "event-seq", "content-type"] {
            assert_eq!(again.header(header), first.header(header), "{header}");
        }
        assert_eq!(seq(&ada.document(board).await), head);
    }
    let boards = ada.get("/api/boards").send().await.expect(200).json();
    assert_eq!(boards["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn api_422_for_a_key_that_was_used_for_another_body() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Reused").await;
    let path = ada.tasks_path(board);
    let _ = post(&ada, &path, &json!({"title": "One"}), "k").await.expect(201);
    let other = post(&ada, &path, &json!({"title": "Two"}), "k").await;
    let _ = other.problem(422, "idempotency-key-reused");
    let _ = post(&ada, "/api/boards", &json!({"name": "One"}), "k").await.expect(201);
    let other = post(&ada, "/api/boards", &json!({"name": "Two"}), "k").await;
    let _ = other.problem(422, "idempotency-key-reused");
    assert_eq!(seq(&ada.document(board).await), 1);
}

#[tokio::test]
async fn api_a_key_counts_for_its_user_and_its_board_and_not_after_a_refusal() {
    let world = World::shared().await;
    let ada = world.somebody().await;
    let (one, other) = (ada.board("One").await, ada.board("Other").await);
    let editor = world.member(&ada, one, "editor").await;
    let body = json!({"title": "x"});
    for (person, board) in [(&ada, one), (&editor, one), (&ada, other)] {
        let reply = post(person, &person.tasks_path(board), &body, "same").await.expect(201);
        assert_eq!(reply.header("idempotency-replayed"), None, "{reply}");
    }
    let wrong = json!({"title": "x", "status": "no-such-column"});
    let path = ada.tasks_path(one);
    assert_eq!(post(&ada, &path, &wrong, "refused").await.pointers(), ["/status"]);
    let _ = post(&ada, &path, &body, "refused").await.expect(201);
    // Whoever is off the board learns nothing by a key either.
    ada.remove(one, &editor).await;
    let _ = post(&editor, &path, &body, "same").await.problem(404, "not-found");
}

#[tokio::test]
async fn api_a_key_counts_for_24_hours() {
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

#[tokio::test]
async fn api_400_for_a_key_that_is_not_1_to_255_visible_characters_once() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Malformed").await;
    let path = ada.tasks_path(board);
    let body = json!({"title": "x"});
    for wrong in ["", "a b", "\u{e9}", &"k".repeat(256)] {
        let _ = post(&ada, &path, &body, wrong).await.problem(400, "malformed-header");
    }
    let twice =
        ada.post(&path, &body).header("idempotency-key", "a").header("idempotency-key", "b");
    let _ = twice.send().await.problem(400, "malformed-header");
    let _ = post(&ada, &path, &body, &"k".repeat(255)).await.expect(201);
    assert_eq!(seq(&ada.document(board).await), 1);
}
