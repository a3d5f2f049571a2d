//! What holds of every import, whatever the body.

use super::{Import, read};
use crate::validation::{Fields, Invalid};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const NAMES: [&str; 34] = [
    "actions",
    "assigned_to",
    "attachments",
    "body",
    "cards",
    "checkItems",
    "checklists",
    "closed",
    "columns",
    "comments",
    "created_by",
    "data",
    "date",
    "desc",
    "due",
    "due_at",
    "fields",
    "id",
    "idCard",
    "idList",
    "idMembers",
    "key",
    "labels",
    "lists",
    "memberCreator",
    "members",
    "name",
    "pos",
    "state",
    "status",
    "tasks",
    "text",
    "title",
    "type",
];

/// JSON whose objects mostly have the names that imports look for.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["todo", "a", "commentCard", "ada", "2026-01-02T03:04:05Z"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 96, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            objects(inner),
        ]
    })
}

fn objects(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec((prop::sample::select(NAMES.to_vec()), inner), 0..8).prop_map(|entries| {
        Value::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    })
}

/// A right document with texts of every kind.
fn document() -> impl Strategy<Value = Value> {
    let task = ("[a-zA-Z ü]{0,20}x", ".{0,40}", prop::sample::select(vec!["todo", "finished"]))
        .prop_map(|(title, comment, status)| {
            json!({"title": title, "status": status, "comments": [format!("c{}", comment.replace(char::is_control, ""))]})
        });
    prop::collection::vec(task, 0..12).prop_map(|tasks| json!({"name": "Plan", "tasks": tasks}))
}

fn import(body: &Value) -> Result<Import, Invalid> {
    read(Fields::of(body.as_object().cloned().unwrap_or_default()), "ada")
}

proptest! {
    #[test]
    fn an_import_never_panics_and_every_fault_and_warning_points_into_the_body(
        body in objects(json()),
        trello in any::<bool>(),
    ) {
        let mut body = body;
        if trello && let Value::Object(fields) = &mut body {
            fields.entry("lists").or_insert_with(|| json!([{"id": "a", "name": "A"}]));
            fields.entry("cards").or_insert(Value::from(Vec::<Value>::new()));
        }
        let places: Vec<String> = match import(&body) {
            Ok(import) => import.warnings.into_iter().map(|warning| warning.pointer).collect(),
            Err(Invalid(faults)) => {
                prop_assert!(!faults.is_empty());
                faults.into_iter().map(|fault| fault.pointer).collect()
            }
        };
        for place in places {
            let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
            let is_there = body.pointer(&place).is_some() || body.pointer(parent).is_some();
            prop_assert!(is_there, "{place} is not in {body}");
        }
    }

    #[test]
    fn what_was_imported_can_be_imported_again_and_is_the_same(document in document()) {
        let once = import(&document).expect("a board").board;
        let Value::Object(mut body) = serde_json::to_value(&once).expect("JSON") else { unreachable!() };
        body.retain(|_, value| !value.is_null());
        let again = import(&Value::Object(body)).expect("a board");
        prop_assert_eq!(again.board, once);
        prop_assert_eq!(again.warnings, Vec::new());
    }

    #[test]
    fn cards_stand_in_the_order_of_their_lists_and_places(places in prop::collection::vec((0..3_usize, 0..1000_u32), 0..20)) {
        let cards: Vec<Value> = places.iter().enumerate().map(|(nth, (list, place))| {
            json!({"id": nth.to_string(), "name": format!("{list}-{place:04}"), "idList": list.to_string(), "pos": place})
        }).collect();
        let lists: Vec<Value> = (0..3).map(|list| json!({"id": list.to_string(), "name": "L", "pos": list})).collect();
        let board = import(&json!({"name": "A", "lists": lists, "cards": cards})).expect("a board").board;
        let titles: Vec<&str> = board.tasks.iter().map(|task| task.content.title.as_str()).collect();
        prop_assert!(titles.is_sorted(), "{titles:?}");
        prop_assert_eq!(titles.len(), places.len());
    }
}

#[test]
fn an_empty_object_is_no_board() {
    let Err(Invalid(faults)) = import(&Value::Object(Map::new())) else { panic!("accepted") };
    assert_eq!(faults[0].pointer, "/name");
}
