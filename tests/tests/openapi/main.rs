//! The API's own description (docs/contract/api.md, API-OPENAPI): complete, correct, and as served.
//!
//! Every test's requests also check that the answers match it (`contract_tests::http`).

mod description;
mod page;
mod routes;

use contract_tests::openapi::{self, Document};
use contract_tests::{Client, Stack};
use std::sync::Arc;

/// A client of the servers that these tests share, and the description that they serve.
async fn served() -> (Client, Arc<Document>) {
    let client = Client::new(Stack::shared().await.functions_url());
    let document = openapi::of(&client).await.expect("a description");
    (client, document)
}
