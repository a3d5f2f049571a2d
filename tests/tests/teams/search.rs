//! What `?q=` finds (docs/contract/api.md, API-SEARCH), by the contract's examples, in a database that was
//! made with `--locale=C`.

use std::fmt::Write as _;

use contract_tests::Api;
use contract_tests::api::{World, id};
use serde_json::{Value, json};

use super::lists::filtered;

/// The contract's examples.
fn table() -> Value {
    serde_json::from_str(include_str!("../../../docs/contract/search.json")).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// The filter, with every byte escaped.
fn q(query: &Value) -> String {
    let mut filter = "q=".to_owned();
    for byte in query.as_str().expect("a text").bytes() {
        write!(filter, "%{byte:02X}").expect("writing to a string");
    }
    filter
}

/// The ids of the tasks that a query finds.
async fn found(api: &Api<'_>, board: u64, query: &Value) -> Vec<u64> {
    let path = format!("{}?limit=200&{}", api.tasks_path(board), q(query));
    let page = api.get(&path).send().await.expect(200).json();
    list(&page["items"]).iter().map(id).collect()
}

#[tokio::test]
async fn api_search_finds_the_tasks_of_the_contracts_examples_and_no_other() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Examples").await;
    let (table, mut wrong) = (table(), Vec::new());
    for example in list(&table["examples"]) {
        let added = id(&ada.add(board, &example["task"]).await.json());
        for (queries, expected) in [("found_by", true), ("not_found_by", false)] {
            for query in list(&example[queries]) {
                if found(&ada, board, query).await.contains(&added) != expected {
                    wrong.push(format!("{}: {query} {queries}", example["task"]["title"]));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn api_search_gives_the_best_first_page_by_page() {
    let ada = World::shared().await.somebody().await;
    for order in list(&table()["order"]) {
        let board = ada.board("Order").await;
        // The best match last, so that the order cannot come from the ids.
        let mut expected = Vec::new();
        for task in list(&order["tasks"]).iter().rev() {
            expected.insert(0, id(&ada.add(board, task).await.json()));
        }
        let _ = ada.add(board, &json!({"title": "Something else"})).await;
        assert_eq!(
            filtered(&ada, board, &q(&order["query"])).await,
            expected,
            "{}",
            order["query"]
        );
    }
}

#[tokio::test]
async fn api_search_follows_changes_and_deletions_and_takes_other_filters() {
    let ada = World::shared().await.somebody().await;
    let board = ada.board("Words").await;
    for body in [
        json!({"title": "fence", "description": "paint it", "labels": ["garden"]}),
        json!({"title": "Fence", "status": "finished"}),
    ] {
        let _ = ada.add(board, &body).await;
    }
    let by_id = ada.get(&format!("{}?q=fence&cursor=MQ", ada.tasks_path(board))).send().await;
    assert_eq!(by_id.pointers(), ["?cursor"], "which is of a list without q");
    let fence = json!("FENCE");
    assert_eq!(found(&ada, board, &fence).await, [1, 2]);
    assert_eq!(filtered(&ada, board, "q=fence&status=finished").await, [2]);
    assert_eq!(filtered(&ada, board, "q=fence&label=garden").await, [1]);
    let _ = ada.patch(&ada.task_path(board, 1), &json!({"description": null})).send().await;
    assert_eq!(found(&ada, board, &json!("paint")).await, [0; 0]);
    let _ = ada.delete(&ada.task_path(board, 1)).send().await.expect(204);
    assert_eq!(found(&ada, board, &fence).await, [2]);
}
