//! Bodies crafted to take more memory than their size suggests (docs/contract/api.md, API-IMPORT).

use contract_tests::api::World;
use serde_json::json;

const IMPORT: &str = "/api/boards/import";

fn many(value: &str, count: usize) -> String {
    vec![value; count].join(",")
}

#[tokio::test]
async fn api_413_for_an_import_of_countless_tiny_values_and_never_a_fault_of_ours() {
    let ada = World::shared().await.somebody().await;
    let post = async |text: String| ada.post(IMPORT, &json!({})).body(text).send().await;
    for text in [many("{}", 1_000_000), many("7", 4_000_000)] {
        let reply = post(format!(r#"{{"name":"x","tasks":[{text}]}}"#)).await;
        let _ = reply.problem(413, "payload-too-large");
    }
    let fields: Vec<String> = (100_000..800_000).map(|n| format!("\"{n}\":1")).collect();
    let cards = r#""lists":[{"id":"a","name":"A"}],"cards""#;
    let read = [
        format!(r#"{{"name":"x","tasks":[{}]}}"#, many("{}", 105_000)),
        format!(r#"{{"name":"x","tasks":[{}]}}"#, many("7", 800_000)),
        format!(r#"{{"name":"x",{}}}"#, fields.join(",")),
        format!(r#"{{"name":"x",{cards}:[{}]}}"#, many("{}", 105_000)),
        format!(r#"{{"name":"x",{cards}:[],"actions":[{}]}}"#, many("\"\"", 800_000)),
        format!(r#"{{"name":"x","tasks":{}1{}}}"#, "[".repeat(100), "]".repeat(100)),
    ];
    for text in read {
        let pointers = post(text).await.pointers();
        assert!((1..=1_001).contains(&pointers.len()), "{}", pointers.len());
    }
    let deep = format!(r#"{{"name":"x","tasks":{}"#, "[".repeat(500_000));
    let _ = post(deep).await.problem(400, "malformed-json");
}
