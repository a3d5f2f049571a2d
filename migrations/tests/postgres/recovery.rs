//! Password reset links made by an operator.

use crate::support::Database;
use migrations::recovery;
use shared::data::sql;

#[tokio::test]
async fn api_reset_an_operators_link_counts_once_for_whom_it_names() {
    let database = Database::new().await;
    assert!(recovery::make(&database.client, "nobody", false).await.expect("an answer").is_none());
    let first =
        recovery::make(&database.client, "ADA", false).await.expect("an answer").expect("a link");
    assert_eq!(first.username, "ada");
    let second =
        recovery::make(&database.client, "ada", false).await.expect("an answer").expect("a link");
    let hash = "$argon2id$another";
    let set = async |token: &shared::auth::LinkToken| -> Option<String> {
        let digest = token.digest();
        let row = database.client.query_opt(sql::RESET_PASSWORD, &[&digest, &hash]).await;
        row.expect("an answer").map(|row| row.get(1))
    };
    assert_eq!(set(&first.token).await, None, "the second has replaced it");
    assert_eq!(set(&second.token).await.as_deref(), Some("ada"));
    assert_eq!(set(&second.token).await, None);
}

#[tokio::test]
async fn an_operators_link_needs_a_database_that_is_migrated() {
    let empty = Database::empty().await;
    let error = recovery::make(&empty.client, "ada", false).await.expect_err("no tables");
    assert!(error.to_string().contains("cargo xtask migrate"), "{error}");
}
