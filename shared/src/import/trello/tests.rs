//! Exports of Trello, read.

use crate::import::{Import, Warning, read};
use crate::validation::{FieldError, Fields, Invalid};
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../../../examples/trello-export.json");

fn import(body: &Value) -> Result<Import, Invalid> {
    read(Fields::read(body.to_string().as_bytes()).expect("an object"), "Rosalind")
}

fn example() -> Value {
    serde_json::from_str(EXAMPLE).expect("JSON")
}

fn pointers(errors: &[FieldError]) -> Vec<&str> {
    errors.iter().map(|error| error.pointer.as_str()).collect()
}

/// Where warnings lead.
fn places(warnings: &[Warning]) -> Vec<&str> {
    warnings.iter().map(|warning| warning.pointer.as_str()).collect()
}

/// The board that an export makes, and its warnings.
fn made(body: &Value) -> (Value, Vec<Warning>) {
    let Import { board, warnings } = import(body).expect("a board");
    (serde_json::to_value(board).expect("JSON"), warnings)
}

#[test]
fn api_import_lists_become_columns_from_left_to_right_with_keys_of_their_own() {
    let (board, _) = made(&example());
    assert_eq!(board["name"], "Garden house");
    assert_eq!(board["description"], "Everything for the new **garden house**.");
    let column = |key: &str, name: &str, limit: Option<u64>| json!({"key": key, "name": name, "wip_limit": limit});
    let columns = [
        column("to_do", "To Do", None),
        column("doing", "Doing", Some(2)),
        column("done", "Done!", None),
        column("to_do_2", "To do", None),
    ];
    assert_eq!(board["columns"], json!(columns));
}

#[test]
fn api_import_cards_become_tasks_with_labels_due_dates_checklists_and_comments() {
    let (board, _) = made(&example());
    let titles: Vec<&str> = board["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .filter_map(|task| task["title"].as_str())
        .collect();
    assert_eq!(titles, ["Level the ground", "Order timber", "Draw the plan"]);
    let description = "Larch, please.\n\nAsk for a *delivery date*.\n\n### Attachments\n\n\
                       - [Price list](https://example.org/prices.pdf)";
    let item = |text: &str, done: bool| json!({"text": text, "done": done, "assigned_to": null, "due_at": null});
    assert_eq!(
        board["tasks"][1],
        json!({
            "title": "Order timber", "description": description, "status": "to_do",
            "assigned_to": "Rosalind", "labels": ["Wood", "red"], "due_at": "2026-03-14T16:30:00.000Z",
            "fields": {}, "created_at": null,
            "comments": [
                {"body": "Is larch good for this?", "author": "Emmy Example",
                 "created_at": "2026-01-10T18:00:00.000Z", "updated_at": null},
                {"body": "They deliver in **March**.", "author": null,
                 "created_at": "2026-01-12T08:15:00.000Z", "updated_at": null},
            ],
            "checklists": [
                {"title": "Timber", "items": [item("4 posts", true), item("12 boards", false)]},
                {"title": "Ask", "items": [item("About the price", false)]},
            ],
        })
    );
    assert_eq!(board["tasks"][2]["start_at"], "2026-01-20T09:00:00.000Z");
    assert_eq!(board["tasks"][2]["fields"], json!({"due_complete": true}));
    assert_eq!(board["tasks"][2]["assigned_to"], Value::Null);
}

#[test]
fn api_import_warnings_list_what_could_not_be_carried_over() {
    let (_, warnings) = made(&example());
    let expected = [
        "/members/1",
        "/actions",
        "/cards/3",
        "/cards/0/idMembers/1",
        "/cards/1/idMembers/0",
        "/lists/3",
        "/labels",
        "/prefs",
    ];
    assert_eq!(places(&warnings), expected);
    assert!(warnings[3].to_json()["detail"].as_str().is_some_and(|text| text.contains("emmy")));
    let mut more = example();
    more["customFields"] = json!([{"id": "x"}]);
    more["pluginData"] = json!([{"value": "{}"}]);
    more["actions"] = json!(vec![json!({"type": "updateCard"}); 1000]);
    let (_, warnings) = made(&more);
    for pointer in ["/customFields/0", "/pluginData", "/actions"] {
        assert!(places(&warnings).contains(&pointer), "{pointer} of {warnings:?}");
    }
}

#[test]
fn texts_that_are_too_long_for_us_are_told_and_the_whole_title_is_kept() {
    let mut export = example();
    let long = "word ".repeat(60);
    export["cards"][2]["name"] = json!(long);
    export["cards"][1]["desc"] = json!("x".repeat(12_000));
    export["desc"] = json!("z".repeat(12_000));
    export["lists"][0]["name"] = json!("l".repeat(120));
    export["actions"][0]["data"]["text"] = json!("y".repeat(16_000));
    let (board, warnings) = made(&export);
    let task = &board["tasks"][0];
    assert!(
        task["title"].as_str().is_some_and(|title| title.len() <= 200 && long.starts_with(title))
    );
    assert_eq!(task["description"], format!("{}\n\nMind the apple tree.", long.trim()));
    assert_eq!(board["tasks"][2]["description"].as_str().map(str::len), Some(10_000));
    assert_eq!(board["tasks"][1]["comments"][1]["body"].as_str().map(str::len), Some(10_000));
    assert_eq!(board["description"].as_str().map(str::len), Some(10_000));
    let told = ["/desc", "/cards/2/name", "/cards/1/desc", "/lists/0/name", "/actions/0/data/text"];
    for pointer in told {
        assert!(places(&warnings).contains(&pointer), "{pointer} of {warnings:?}");
    }
}

#[test]
fn api_validation_names_every_faulty_field_of_an_export() {
    let faulty = json!({
        "desc": 1,
        "lists": [{"id": "a", "name": "A", "pos": "top"}, {"name": "B", "closed": 1}, 3],
        "cards": [{"id": "c", "name": 7, "idList": "a"}, "card", {"id": "d", "name": "D", "idList": "a", "due": "soon", "idMembers": 1}],
        "checklists": [{"checkItems": []}, {"idCard": "d", "checkItems": [{}]}],
        "members": {}, "actions": [{"type": "commentCard", "data": {"text": "x"}}],
    });
    let Err(Invalid(faults)) = import(&faulty) else { panic!("accepted") };
    let found = pointers(&faults);
    for pointer in [
        "/name",
        "/desc",
        "/lists/0/pos",
        "/lists/1/id",
        "/lists/1/closed",
        "/lists/2",
        "/cards/0/name",
        "/cards/1",
        "/cards/2/due",
        "/cards/2/idMembers",
        "/checklists/0/idCard",
        "/checklists/1/checkItems/0/name",
        "/members",
        "/actions/0/data",
    ] {
        assert!(found.contains(&pointer), "{pointer} of {found:?}");
    }
    assert_eq!(found.len(), 14, "{found:?}");
}

#[test]
fn a_card_must_be_in_a_list_of_the_board_and_a_board_have_1_to_50_open_lists() {
    let mut lost = example();
    lost["cards"][0]["idList"] = json!("elsewhere");
    assert_eq!(pointers(&import(&lost).expect_err("faulty").0), ["/cards/0/idList"]);
    // An archived one is left out anyway, and its list may be gone from the export.
    lost["cards"][0]["closed"] = json!(true);
    assert!(places(&made(&lost).1).contains(&"/cards/0"));
    let lists = |count: usize| {
        let lists: Vec<Value> =
            (0..count).map(|n| json!({"id": n.to_string(), "name": "L"})).collect();
        import(&json!({"name": "A", "lists": lists, "cards": []}))
    };
    assert!(lists(1).is_ok() && lists(50).is_ok());
    for count in [0, 51] {
        assert_eq!(pointers(&lists(count).expect_err("faulty").0), ["/lists"], "{count}");
    }
}

#[test]
fn control_characters_are_removed_with_a_warning_wherever_they_are() {
    let mut export = example();
    for pointer in [
        "/lists/1/name",
        "/cards/2/name",
        "/cards/0/desc",
        "/checklists/0/name",
        "/checklists/0/checkItems/0/name",
        "/actions/0/data/text",
        "/cards/0/labels/0/name",
        "/cards/0/attachments/0/name",
    ] {
        let text = export.pointer_mut(pointer).expect("a text");
        *text = json!(format!("a\u{0}b{}\u{7}", text.as_str().unwrap_or_default()));
        let (board, warnings) = made(&export);
        assert!(places(&warnings).contains(&pointer), "{pointer} of {warnings:?}");
        assert!(!board.to_string().contains("\\u00"), "{board}");
    }
}

#[test]
fn api_import_removes_what_is_invisible_from_one_line_with_one_warning() {
    let mut export = example();
    for pointer in ["/name", "/lists/1/name", "/cards/2/name", "/cards/0/labels/0/name"] {
        let text = export.pointer_mut(pointer).expect("a text");
        *text = json!(format!("\u{202e}a\u{200b}\u{2028}{}", text.as_str().unwrap_or_default()));
        let (board, warnings) = made(&export);
        let here = places(&warnings).into_iter().filter(|place| *place == pointer).count();
        assert_eq!(here, 1, "{pointer} of {warnings:?}");
        let board = board.to_string();
        assert!(!board.contains(['\u{202e}', '\u{200b}', '\u{2028}']), "{board}");
    }
    // A cut through the middle of an emoji leaves no half of it that would be refused.
    let family = "\u{1f469}\u{200d}\u{1f467}";
    let (board, _) = made(&json!({
        "name": "Plan", "lists": [{"id": "l", "name": "To do"}],
        "cards": [{"id": "a", "name": format!("{}{family}", "x".repeat(198)), "idList": "l"}],
    }));
    assert_eq!(board["tasks"][0]["title"], format!("{}\u{1f469}", "x".repeat(198)));
}

#[test]
fn api_import_what_only_seems_to_have_a_name_gets_one() {
    let unseen = "\u{200b}";
    let (board, _) = made(&json!({
        "name": "Plan", "lists": [{"id": "l", "name": unseen}],
        "labels": [{"id": "r", "name": unseen, "color": "red"}],
        "cards": [{"id": "a", "name": unseen, "idList": "l", "idLabels": ["r"]}],
    }));
    assert_eq!(board["columns"][0]["name"], "List");
    assert_eq!(board["tasks"][0]["title"], "Card");
    assert_eq!(board["tasks"][0]["labels"], json!(["red"]));
    let Err(Invalid(faults)) = import(&json!({"name": unseen, "lists": [], "cards": []})) else {
        panic!("accepted")
    };
    assert!(pointers(&faults).contains(&"/name"));
}

#[test]
fn api_import_an_author_of_whom_nothing_can_be_seen_is_not_the_importer() {
    for unseen in ["\u{7}", "\u{0}\u{9f}", "\u{200b}"] {
        let comment = |creator: Value| {
            json!({"type": "commentCard", "idMemberCreator": unseen, "memberCreator": creator,
                "data": {"card": {"id": "a"}, "text": "Seen."}})
        };
        let (board, warnings) = made(&json!({
            "name": "Plan", "lists": [{"id": "l", "name": "To do"}],
            "cards": [{"id": "a", "name": "Pond", "idList": "l"}],
            "actions": [
                comment(json!({"fullName": unseen, "username": unseen})),
                comment(json!({"fullName": unseen, "username": "emmy"})),
            ],
        }));
        let comments = board["tasks"][0]["comments"].as_array().expect("comments");
        let authors: Vec<_> = comments.iter().map(|comment| &comment["author"]).collect();
        assert_eq!(authors, ["emmy", "?"], "{unseen:?}");
        assert_eq!(places(&warnings), ["/actions/0/memberCreator"]);
        let told = warnings[0].to_json();
        assert_eq!(told["code"], "not-carried");
        assert_eq!(told["arguments"], json!({"field": "memberCreator", "task": "Pond"}));
    }
}

#[test]
fn api_422_names_what_is_taken_for_an_export_of_a_board_and_is_none() {
    let told = |body: &Value| {
        let Err(Invalid(faults)) = import(body) else { panic!("accepted") };
        assert_eq!(pointers(&faults), [""]);
        faults[0].detail.clone()
    };
    let card = json!({"id": "a", "name": "Card", "idList": "l", "desc": "", "actions": []});
    assert!(told(&card).contains("single card"));
    assert!(told(&json!({"boards": []})).contains("list of boards"));
    assert!(told(&json!({"items": [], "next_cursor": null})).contains("list of boards"));
}
