//! The admin role, granted and revoked by an operator.

use crate::support::{ADA, Database};
use migrations::roles::{self, GRANT, Outcome, REVOKE};

async fn state(database: &Database) -> (String, i64) {
    let statement = "SELECT role, token_generation FROM users WHERE id = $1";
    let row = database.client.query_one(statement, &[&ADA]).await.expect("a user");
    (row.get(0), row.get(1))
}

async fn set(database: &Database, statement: &str, name: &str) -> Option<Outcome> {
    roles::set(&database.client, statement, name).await.expect("an answer")
}

fn outcome(changed: bool) -> Option<Outcome> {
    Some(Outcome { username: "ada".to_owned(), changed, user: 1 })
}

#[tokio::test]
async fn an_admin_is_made_by_name_without_regard_to_case_and_keeps_all_logins() {
    let database = Database::new().await;
    assert_eq!(set(&database, GRANT, "ADA").await, outcome(true));
    assert_eq!(state(&database).await, ("admin".to_owned(), 0));
    assert_eq!(set(&database, GRANT, "ada").await, outcome(false));
}

#[tokio::test]
async fn who_is_no_admin_any_longer_has_no_token_left_that_says_so() {
    let database = Database::new().await;
    assert_eq!(set(&database, REVOKE, "ada").await, outcome(false));
    assert_eq!(state(&database).await, ("user".to_owned(), 0));
    set(&database, GRANT, "ada").await;
    assert_eq!(set(&database, REVOKE, "Ada").await, outcome(true));
    assert_eq!(state(&database).await, ("user".to_owned(), 1));
}

#[tokio::test]
async fn an_unknown_name_changes_nobody_and_an_empty_database_says_what_to_do() {
    let database = Database::new().await;
    assert_eq!(set(&database, GRANT, "nobody").await, None);
    assert_eq!(set(&database, REVOKE, "ada' OR true --").await, None);
    let empty = Database::empty().await;
    let error = roles::set(&empty.client, GRANT, "ada").await.expect_err("no tables");
    assert!(error.to_string().contains("cargo xtask migrate"), "{error}");
}
