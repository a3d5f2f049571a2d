//! The contract's examples of boards and tasks (docs/contract/board.json), tested against the real
//! servers. The app's tests apply them to their fake server.

use contract_tests::Api;
use contract_tests::api::World;
use serde_json::Value;

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// The answer to a step, if it is not the expected one.
async fn fault(api: &Api<'_>, board: u64, step: &Value) -> Option<String> {
    let (method, path) = ["GET", "POST", "PATCH", "DELETE"]
        .into_iter()
        .find_map(|method| Some((method, step[method].as_str()?)))
        .expect("a request");
    let mut request = api.request(method, &format!("{}{path}", api.board_path(board)));
    if let Some(version) = step["version"].as_u64() {
        request = request.header("if-match", &format!("\"{version}\""));
    }
    if let Some(key) = step["key"].as_str() {
        request = request.header("idempotency-key", key);
    }
    if let Some(body) = step.get("body") {
        request = request.json(body);
    }
    let reply = request.send().await;
    let seq = reply.header("event-seq").and_then(|seq| seq.parse::<u64>().ok());
    let is_so = step["answer"] == reply.status
        && step.get("seq").is_none_or(|expected| expected.as_u64() == seq)
        && step.get("gives").is_none_or(|expected| has(&reply.json(), expected));
    (!is_so).then(|| format!("{step}\nevent {seq:?}: {reply}"))
}

/// Whether a value matches the expected one. An object may have more members.
fn has(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(value), Value::Object(expected)) => expected
            .iter()
            .all(|(name, member)| value.get(name).is_some_and(|value| has(value, member))),
        (Value::Array(value), Value::Array(expected)) => {
            value.len() == expected.len()
                && value.iter().zip(expected).all(|(value, member)| has(value, member))
        }
        _ => value == expected,
    }
}

#[tokio::test]
async fn api_task_and_the_rules_beside_it_mean_what_the_contracts_examples_say() {
    let examples: Value =
        serde_json::from_str(include_str!("../../../docs/contract/board.json")).expect("JSON");
    let ada = World::shared().await.somebody().await;
    let mut faults = Vec::new();
    for case in list(&examples["cases"]) {
        let board = ada.board("Examples").await;
        for step in list(&case["steps"]) {
            faults.extend(fault(&ada, board, step).await);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
