//! A whole export of Trello, of which nothing is lost without a word: each value is carried over, named in
//! a warning, or known to say nothing anywhere else.

use super::fields::{
    OF_ACTION, OF_ACTION_DATA, OF_ATTACHMENT, OF_BOARD, OF_CARD, OF_CHECK_ITEM, OF_CHECKLIST,
    OF_LABEL, OF_LIST,
};
use super::object::says_something;
use crate::import::omission::Warning;
use crate::import::{Import, parse};
use serde_json::{Value, json};

const WHOLE: &str = include_str!("whole_export.json");

/// Fields that are carried over by what they do: by order, columns, states, or the ids of what is there.
const BY_MEANING: [&str; 19] = [
    "pos",
    "closed",
    "idList",
    "idCard",
    "id",
    "idCustomField",
    "idValue",
    "idModel",
    "modelType",
    "fieldGroup",
    "type",
    "cardFront",
    "state",
    "dueComplete",
    "softLimit",
    "isUpload",
    "checked",
    "number",
    "idMemberCreator",
];

/// What is left out with something that a warning names: an archived card's checklist and comment.
const OF_ARCHIVED: [&str; 3] = ["/checklists/2", "/actions/2", "/cards/2"];

fn imported(body: &Value) -> (String, Vec<Value>) {
    let Import { board, warnings } =
        parse(body.to_string().as_bytes(), "rosalind").expect("a board");
    let board = serde_json::to_string(&board).expect("JSON").replace("\\\\", "");
    (board, warnings.iter().map(Warning::to_json).collect())
}

fn leaves(place: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    let into = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(&into(name), value, found));
        }
        Value::Array(all) => {
            all.iter()
                .enumerate()
                .for_each(|(nth, value)| leaves(&into(&nth.to_string()), value, found));
        }
        leaf if says_something(leaf) => found.push((place.to_owned(), leaf.clone())),
        _ => {}
    }
}

/// The fields that say nothing, of the kind of object that is at this place, and the path within it.
fn table(steps: &[&str]) -> (&'static [&'static str], usize) {
    match steps {
        ["lists", _, ..] => (OF_LIST, 2),
        ["labels", _, ..] => (OF_LABEL, 2),
        ["cards", _, "labels", _, ..] => (OF_LABEL, 4),
        ["cards", _, "attachments", _, ..] => (OF_ATTACHMENT, 4),
        ["cards", _, ..] => (OF_CARD, 2),
        ["checklists", _, "checkItems", _, ..] => (OF_CHECK_ITEM, 4),
        ["checklists", _, ..] => (OF_CHECKLIST, 2),
        ["actions", _, "data", ..] => (OF_ACTION_DATA, 3),
        ["actions", _, ..] => (OF_ACTION, 2),
        _ => (OF_BOARD, 0),
    }
}

fn is_accounted(place: &str, leaf: &Value, body: &Value, board: &str, warnings: &[Value]) -> bool {
    let steps: Vec<&str> = place.split('/').skip(1).collect();
    let last = *steps.last().expect("a step");
    let is_comment =
        |nth: &str| body["actions"][nth.parse::<usize>().unwrap()]["type"] == "commentCard";
    let covers = |pointer: &str| match pointer {
        "/actions" => matches!(&steps[..], ["actions", nth, ..] if !is_comment(nth)),
        "/labels" => last == "color",
        _ => place == pointer || place.starts_with(&format!("{pointer}/")),
    };
    let is_warned = warnings.iter().any(|warning| covers(warning["pointer"].as_str().unwrap()));
    let (known, depth) = table(&steps);
    let is_known = steps.get(depth).is_some_and(|name| known.contains(name))
        // What an item of a board's own field looks like, and a person's picture and initials.
        || matches!(&steps[..], ["customFields", ..] if ["color", "text"].contains(&last))
        || matches!(&steps[..], ["members", "0", ..] | ["actions", _, "memberCreator" | "data", ..] if last != "text" && last != "novelty")
        || BY_MEANING.contains(&last)
        || (steps.contains(&"idMembers") || steps.contains(&"idLabels") || last == "idMember");
    let is_carried = leaf.as_str().is_some_and(|text| board.contains(text));
    let is_archived = OF_ARCHIVED.iter().any(|pointer| place.starts_with(pointer));
    is_carried || is_warned || is_known || is_archived
}

#[test]
fn api_import_each_value_of_an_export_is_carried_over_or_named_or_says_nothing() {
    let body: Value = serde_json::from_str(WHOLE).expect("JSON");
    let (board, warnings) = imported(&body);
    let mut found = Vec::new();
    leaves("", &body, &mut found);
    let lost: Vec<_> = found
        .iter()
        .filter(|(place, leaf)| !is_accounted(place, leaf, &body, &board, &warnings))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}\nare not in {board}\nnor in {warnings:#?}");
    for warning in &warnings {
        let pointer = warning["pointer"].as_str().expect("a pointer");
        assert!(body.pointer(pointer).is_some(), "{pointer} leads nowhere");
        assert!(warning["arguments"].is_object() && warning["detail"].is_string(), "{warning}");
    }
}

#[test]
fn api_import_names_whatever_field_trello_adds_wherever_it_is() {
    let body: Value = serde_json::from_str(WHOLE).expect("JSON");
    let (_, warnings) = imported(&body);
    let pointers: Vec<&str> = warnings.iter().filter_map(|told| told["pointer"].as_str()).collect();
    for place in [
        "",
        "/labels/0",
        "/lists/0",
        "/cards/0",
        "/cards/0/labels/0",
        "/cards/0/attachments/0",
        "/checklists/0",
        "/checklists/0/checkItems/0",
        "/actions/0",
        "/actions/0/data",
    ] {
        let pointer = format!("{place}/novelty");
        assert!(pointers.contains(&pointer.as_str()), "{pointer} of {pointers:#?}");
    }
}

#[test]
fn api_import_what_is_left_out_is_reported_with_a_code_and_what_a_sentence_needs() {
    let body: Value = serde_json::from_str(WHOLE).expect("JSON");
    let (_, warnings) = imported(&body);
    let told = |pointer: &str| {
        let of: Vec<Value> = warnings
            .iter()
            .filter(|warning| warning["pointer"] == pointer)
            .map(|warning| json!([warning["code"], warning["arguments"]]))
            .collect();
        assert_eq!(of.len(), 1, "{pointer} of {warnings:#?}");
        of[0].clone()
    };
    let of_card = |field: &str| json!(["not-carried", {"field": field, "task": "Card one"}]);
    for (pointer, code) in [
        ("/lists/1", json!(["archived-list", {"list": "List archived", "tasks": 1}])),
        (
            "/lists/2/softLimit",
            json!(["not-carried", {"field": "softLimit", "list": "List of odd limit"}]),
        ),
        ("/cards/1", json!(["archived-task", {"task": "Card archived", "comments": 1}])),
        ("/cards/0/isTemplate", json!(["template", {"task": "Card one"}])),
        ("/cards/0/idMembers/1", json!(["not-a-member", {"name": "emmy", "task": "Card one"}])),
        (
            "/cards/0/attachments/0",
            json!(["attached-file", {"task": "Card one", "name": "File [one]"}]),
        ),
        ("/cards/0/stickers", of_card("stickers")),
        ("/cards/0/idMembersVoted", of_card("idMembersVoted")),
        ("/cards/0/dueReminder", of_card("dueReminder")),
        ("/cards/0/cover", of_card("cover")),
        ("/cards/0/pluginData", of_card("pluginData")),
        ("/labels/2", json!(["unused-label", {"label": "Label of none"}])),
        ("/customFields/4", json!(["unused-field", {"name": "Field of none"}])),
        (
            "/checklists/0/checkItems/0/idMember",
            json!(["not-a-member", {"name": "emmy", "task": "Card one"}]),
        ),
        ("/checklists/1", json!(["checklist-without-task", {"name": "Checklist of no card"}])),
        (
            "/actions/1",
            json!(["comment-without-task", {"name": "Rosalind Example", "task": "Card gone"}]),
        ),
        ("/prefs", json!(["not-carried", {"field": "prefs"}])),
        ("/actions", json!(["history", {}])),
    ] {
        assert_eq!(told(pointer), code, "{pointer}");
    }
}

#[test]
fn api_import_carries_over_what_a_task_has_a_place_for() {
    let body: Value = serde_json::from_str(WHOLE).expect("JSON");
    let Import { board, .. } = parse(WHOLE.as_bytes(), "rosalind").expect("a board");
    let board = serde_json::to_value(board).expect("JSON");
    assert_eq!(board["archived"], true);
    let task = &board["tasks"][0];
    assert_eq!(task["labels"], json!(["Label of both", "Label by id"]));
    assert_eq!(task["start_at"], "2024-01-01T01:01:01.000Z");
    assert_eq!(
        task["fields"],
        json!({
            "due_complete": true, "date_completed": "2024-02-03T03:03:03.000Z",
            "address": "Example street 1",
            "location": "Example place", "coordinates": {"latitude": "1.5", "longitude": "2.5"},
            "Points": 5.5, "Priority": "Option used", "Reviewed": true, "Remark": "Text in a field",
        })
    );
    assert_eq!(
        task["comments"],
        json!([{
            "body": "Comment one", "author": "Emmy Example",
            "created_at": "2024-04-04T04:04:04.000Z", "updated_at": "2024-04-05T05:05:05.000Z",
        }])
    );
    assert_eq!(
        task["description"],
        "About card one\n\n### Attachments\n\n- [File \\[one\\]](https://trello.com/file-one.pdf)\n\
         - [Link two](https://example.org/link-two)"
    );
    assert_eq!(
        task["checklists"],
        json!([{"title": "Checklist *one*", "items": [{
            "text": "Item <one>", "done": true, "assigned_to": null, "due_at": "2024-03-03T03:03:03.000Z",
        }]}])
    );
    assert_eq!(body["cards"][0]["name"], task["title"]);
}
