//! The rules of members, one by one.

use crate::support::{ADA, BOB, Database, EVE, MIA, Writes, code};
use serde_json::{Value, json};

#[tokio::test]
async fn api_member_put_adds_a_member_by_name_without_regard_to_case_or_changes_the_role() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    let added = client.put_member(ADA, board, "EVE", "viewer").await.expect("added");
    assert_eq!((&added.event["action"], &added.event["member"]), (&json!("Add"), &added.entity));
    assert_eq!(
        (&added.entity["id"], &added.entity["username"], &added.entity["role"]),
        (&json!(EVE), &json!("eve"), &json!("viewer"))
    );
    let same = client.put_member(ADA, board, "eve", "viewer").await.expect("nothing");
    assert_eq!((same.event, same.entity), (Value::Null, added.entity));
    let changed = client.put_member(ADA, board, "eve", "editor").await.expect("changed");
    assert_eq!(
        (&changed.event["action"], &changed.event["changes"]),
        (&json!("Update"), &json!({"role": ["viewer", "editor"]}))
    );
    assert_eq!(code(client.put_member(ADA, board, "nobody", "editor").await), "TB404");
    assert_eq!(code(client.put_member(ADA, board, "eve", "king").await), "23514");
    assert_eq!(code(client.put_member(BOB, board, "eve", "owner").await), "TB403");
}

#[tokio::test]
async fn api_member_owners_take_members_off_and_anyone_may_leave() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    assert_eq!(code(client.delete_member(BOB, board, "mia").await), "TB403");
    assert_eq!(
        code(client.delete_member(BOB, board, "eve").await),
        "TB403",
        "nor learn who is a member"
    );
    assert_eq!(code(client.delete_member(ADA, board, "eve").await), "TB404");
    let left = client.delete_member(MIA, board, "Mia").await.expect("a viewer leaves").event;
    assert_eq!((&left["action"], &left["member"]["role"]), (&json!("Delete"), &json!("viewer")));
    assert_eq!(client.read_board(MIA, board).await, Value::Null);
    client.delete_member(ADA, board, "bob").await.expect("removed");
    assert_eq!(code(client.add_task(BOB, board, json!({"title": "x"}), None).await), "TB404");
}

#[tokio::test]
async fn api_409_the_last_owner_cannot_leave_nor_become_something_else() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    assert_eq!(code(client.delete_member(ADA, board, "ada").await), "TBOWN");
    assert_eq!(code(client.put_member(ADA, board, "ada", "editor").await), "TBOWN");
    client.put_member(ADA, board, "bob", "owner").await.expect("a second owner");
    client.delete_member(ADA, board, "ada").await.expect("left");
    assert_eq!(code(client.delete_member(BOB, board, "bob").await), "TBOWN");
}
