//! Boards: made, listed, changed, put into the trash.

use contract_tests::api::{World, is_timestamp, keys};
use serde_json::json;

const BOARDS: &str = "/api/boards";

#[tokio::test]
async fn api_201_for_a_new_board_with_location_its_shape_and_its_maker_as_owner() {
    let ada = World::shared().await.somebody().await;
    let reply = ada.post(BOARDS, &json!({"name": " Plan "})).send().await.expect(201);
    let board = reply.json();
    let location = format!("{BOARDS}/{}", board["id"]);
    assert_eq!(reply.expect_header("location"), location);
    let members = [
        "archived",
        "columns",
        "created_at",
        "description",
        "epoch",
        "id",
        "name",
        "role",
        "seq",
        "updated_at",
        "version",
    ];
    assert_eq!(keys(&board), members);
    let column = |key: &str, name: &str| json!({"key": key, "name": name, "wip_limit": null});
    let columns = [
        column("todo", "To do"),
        column("in_progress", "In progress"),
        column("finished", "Finished"),
    ];
    assert_eq!(board["columns"], json!(columns));
    assert_eq!(board["name"], "Plan");
    assert_eq!(board["description"], "");
    assert_eq!(board["role"], "owner");
    assert_eq!((board["seq"].as_u64(), board["version"].as_u64()), (Some(0), Some(1)));
    assert!(is_timestamp(&board["created_at"]) && board["updated_at"] == board["created_at"]);

    let whole = ada.get(&location).send().await.expect(200).json();
    assert_eq!(whole["tasks"], json!([]));
    let me = &whole["members"][0];
    assert_eq!((&me["id"], &me["username"]), (&ada.actor["id"], &ada.actor["username"]));
    assert_eq!(me["role"], "owner");
    for (name, value) in board.as_object().expect("an object") {
        assert_eq!(&whole[name], value, "{name}");
    }
}
