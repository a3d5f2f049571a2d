//! docs/contract/api.md, API-EVENT: a board's history, complete and without gaps.

use contract_tests::Api;
use contract_tests::api::{assert_dense, keys, seq};
use serde_json::json;

contract_tests::in_both_modes! {
async fn api_event_pages_are_oldest_first_and_without_holes(api: Api<'static>) {
    let board = api.board("History").await;
    api.add_many(board, 25).await;
    let page = async |query: &str| {
        api.get(&format!("{}/events{query}", api.board_path(board))).send().await.expect(200).json()
    };
    let first = page("?after=0&limit=10").await;
    assert_eq!(keys(&first), ["epoch", "items", "next_after", "seq"]);
    assert_dense(first["items"].as_array().expect("items"), 1);
    assert_eq!(
        (first["items"].as_array().map(Vec::len), &first["next_after"], seq(&first)),
        (Some(10), &json!(10), 25)
    );
    let last = page("?after=20&limit=10").await;
    assert_dense(last["items"].as_array().expect("items"), 21);
    assert_eq!(
        (last["items"].as_array().map(Vec::len), &last["next_after"]),
        (Some(5), &json!(null))
    );
    let exact = page("?after=15&limit=10").await;
    assert_eq!(
        (exact["items"].as_array().map(Vec::len), &exact["next_after"]),
        (Some(10), &json!(null))
    );
    for at_or_above_head in ["?after=25", "?after=26", "?after=9007199254740991"] {
        let none = page(at_or_above_head).await;
        assert_eq!(
            (&none["items"], &none["next_after"], seq(&none)),
            (&json!([]), &json!(null), 25)
        );
    }
    let document = api.document(board).await;
    assert_eq!(page("").await["items"], json!(api.events(board, 0).await));
    assert_eq!(first["epoch"], document["epoch"]);
}

async fn api_event_pages_of_a_new_board_are_empty(api: Api<'static>) {
    let board = api.board("New").await;
    let page = api.get(&api.events_path(board, 0)).send().await.expect(200).json();
    assert_eq!((&page["items"], &page["next_after"], seq(&page)), (&json!([]), &json!(null), 0));
}
}

#[tokio::test]
async fn api_410_for_events_that_are_no_longer_kept() {
    let api = Api::shared().await;
    let board = api.board("Long history").await;
    api.add_many(board, 2).await;
    for number in 0..1_003 {
        let title = json!({"title": format!("turn {number}")});
        let _ = api.patch(&api.task_path(board, 1 + number % 2), &title).send().await.expect(200);
    }
    let document = api.document(board).await;
    let events = document["events"].as_array().expect("events");
    assert_eq!((events.len(), seq(&document)), (1_000, 1_005));
    assert_dense(events, 6);
    for gone in [0, 4] {
        let problem =
            api.get(&api.events_path(board, gone)).send().await.problem(410, "events-gone");
        assert_eq!((seq(&problem), &problem["epoch"]), (1_005, &document["epoch"]));
    }
    assert_eq!(json!(api.events(board, 5).await), document["events"]);
}
