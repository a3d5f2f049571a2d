//! Cards that say more than one text has room for.

use super::pages::{Room, Section, lay_out};
use crate::import::{MAX_BYTES, MAX_COMMENTS, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The board that an export makes, and its warnings as `[code, pointer, arguments]`.
fn imported(body: &Value) -> (Value, Vec<Value>) {
    let import = parse(body.to_string().as_bytes(), "ada").expect("a board");
    let told = import.warnings.iter().map(|warning| {
        let told = warning.to_json();
        json!([told["code"], told["pointer"], told["arguments"]])
    });
    (serde_json::to_value(&import.board).expect("JSON"), told.collect())
}

/// A board with one card, with a description, an attachment and a checklist of these items.
fn board(desc: &str, items: &[String]) -> Value {
    let items: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(nth, name)| json!({"name": name, "pos": nth, "state": "incomplete"}))
        .collect();
    json!({
        "name": "Plan", "lists": [{"id": "l", "name": "To do"}],
        "cards": [{"id": "c", "name": "Move", "idList": "l", "desc": desc,
            "attachments": [{"name": "Lease.pdf", "url": "https://example.org/lease.pdf"}]}],
        "checklists": [{"idCard": "c", "name": "Pack", "checkItems": items}],
    })
}

fn items(count: usize) -> Vec<String> {
    (0..count).map(|nth| format!("Item {nth} of a few words")).collect()
}

/// The description of the first task, and its comments.
fn texts(board: &Value) -> Vec<String> {
    let task = &board["tasks"][0];
    let comments = task["comments"].as_array().expect("comments");
    let comments = comments.iter().map(|comment| &comment["body"]);
    let texts = [&task["description"]].into_iter().chain(comments);
    texts.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// All items that arrived, in order.
fn arrived(texts: &[String]) -> Vec<String> {
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.filter_map(|line| line.strip_prefix("- [ ] ").map(str::to_owned)).collect()
}

#[test]
fn api_import_what_a_description_has_no_room_for_goes_on_in_comments() {
    let (board, told) = imported(&board(&"x".repeat(9_990), &items(201)));
    let list: Vec<String> = items(201).iter().map(|item| format!("- [ ] {item}")).collect();
    let rest = format!(
        "### Attachments\n\n- [Lease.pdf](https://example.org/lease.pdf)\n\n### Pack\n\n{}",
        list.join("\n")
    );
    assert_eq!(texts(&board), ["x".repeat(9_990), rest]);
    let comment = &board["tasks"][0]["comments"][0];
    assert_eq!((&comment["author"], &comment["created_at"]), (&Value::Null, &Value::Null));
    let arguments = json!({"task": "Move", "comments": 1});
    assert_eq!(told, [json!(["description-continued", "/cards/0/desc", arguments])]);
}

#[test]
fn api_import_a_long_checklist_is_parted_between_items_below_its_name() {
    let (board, told) = imported(&board("Boxes first.", &items(900)));
    let texts = texts(&board);
    assert_eq!(texts.len(), 3);
    assert_eq!(arrived(&texts), items(900));
    assert!(texts[0].starts_with("Boxes first.\n\n### Attachments\n\n- [Lease.pdf]"));
    for text in &texts[1..] {
        assert!(text.starts_with("### Pack\n\n- [ ] Item "), "{text}");
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0][2]["comments"], 2);
}

#[test]
fn api_import_long_descriptions_comments_and_items_go_on_between_words() {
    let long = "word ".repeat(3_000);
    let mut export = board(&long, std::slice::from_ref(&long));
    let date = "2026-01-02T03:04:05.000Z";
    export["actions"] = json!([{"type": "commentCard", "date": date,
        "memberCreator": {"fullName": "Emmy Example", "username": "emmy"},
        "data": {"card": {"id": "c"}, "text": long}}]);
    let (board, told) = imported(&export);
    let comments = board["tasks"][0]["comments"].as_array().expect("comments");
    let of_emmy: Vec<_> =
        comments.iter().take_while(|text| text["author"] != Value::Null).collect();
    assert_eq!(of_emmy.len(), 2);
    for comment in of_emmy {
        assert_eq!(comment["author"], "Emmy Example");
        assert_eq!(comment["created_at"], date);
    }
    let all = texts(&board).join(" ");
    assert_eq!(all.split_whitespace().filter(|word| *word == "word").count(), 9_000);
    let codes: Vec<&Value> = told.iter().map(|told| &told[0]).collect();
    assert_eq!(codes, ["description-continued", "comment-continued"]);
    assert_eq!(told[1][1], "/actions/0/data/text");
}

#[test]
fn api_import_what_comments_have_no_room_for_either_is_told_one_by_one() {
    let mut export = board(&"x ".repeat(8_000), &items(500));
    let comment = json!({"type": "commentCard", "data": {"card": {"id": "c"}, "text": "Yes."}});
    export["actions"] = json!(vec![comment.clone(); MAX_COMMENTS]);
    let (full, told) = imported(&export);
    assert_eq!(full["tasks"][0]["comments"].as_array().map(Vec::len), Some(MAX_COMMENTS));
    let kept = texts(&full)[0].chars().count();
    assert!((9_990..=10_000).contains(&kept), "{kept}");
    let told: Vec<_> = told.into_iter().filter(|told| told[0] != "history-cut").collect();
    let expected = [
        json!(["cut", "/cards/0/desc", {"field": "desc", "limit": told[0][2]["limit"], "task": "Move"}]),
        json!(["checklist-without-room", "/checklists/0", {"task": "Move", "name": "Pack", "count": 500}]),
        json!(["attachment-without-room", "/cards/0/attachments/0", {"task": "Move", "name": "Lease.pdf"}]),
    ];
    assert_eq!(told, expected);
    // Room for two: the rest of the description, and some of the items.
    export["actions"] = json!(vec![comment; MAX_COMMENTS - 2]);
    let (almost, told) = imported(&export);
    let count = arrived(&texts(&almost)).len();
    assert!((200..400).contains(&count), "{count}");
    let told: Vec<_> = told.into_iter().filter(|told| told[0] != "history-cut").collect();
    assert_eq!(told[0][0], "description-continued");
    assert_eq!(told[1][0], "checklist-without-room");
    assert_eq!(told[1][2]["count"], 500 - count);
    assert_eq!(told.len(), 2);
}

#[test]
fn api_import_a_link_is_never_torn_apart() {
    let mut export = board("", &[]);
    export["cards"][0]["attachments"][0]["url"] =
        json!(format!("https://example.org/{}", "a".repeat(12_000)));
    let (board, told) = imported(&export);
    assert_eq!(texts(&board), [""]);
    assert_eq!(told[0][0], "attachment-without-room");
    assert_eq!(told.len(), 1);
}

#[test]
fn api_import_room_is_for_so_many_comments_and_bytes() {
    let mut room = Room::beside(MAX_COMMENTS - 1);
    assert!(room.take("a") && !room.take("a"));
    let mut room = Room::beside(0);
    assert!(room.take(&"a".repeat(MAX_BYTES - 1)) && !room.take("aa") && room.take("a"));
    assert!(!Room::beside(MAX_COMMENTS + 1).take("a"));
}

#[test]
fn api_import_no_name_of_which_nothing_can_be_seen_is_replaced_without_a_word() {
    let (board, told) = imported(&json!({
        "name": "Plan", "lists": [{"id": "l", "name": "  "}],
        "cards": [{"id": "c", "name": "\u{200b}", "idList": "l", "stickers": [1],
            "customFieldItems": [{"idCustomField": "f", "value": {"text": "so"}}]}],
        "checklists": [{"idCard": "c", "name": "", "checkItems": [{"name": "a"}, {"name": " "}]}],
        "customFields": [{"id": "f", "name": " "}],
    }));
    assert_eq!(board["columns"][0]["name"], "List");
    let task = &board["tasks"][0];
    assert_eq!(task["title"], "Card");
    assert_eq!(task["description"], "");
    let item = json!({"text": "a", "done": false, "assigned_to": null, "due_at": null});
    let seen = json!({"text": "Item", "done": false, "assigned_to": null, "due_at": null});
    assert_eq!(task["checklists"], json!([{"title": "Checklist", "items": [item, seen]}]));
    assert_eq!(task["fields"], json!({"Field": "so"}));
    let unnamed = |pointer: &str, arguments: Value| json!(["unnamed", pointer, arguments]);
    let expected = [
        unnamed("/lists/0/name", json!({"field": "lists", "name": "List", "list": "List"})),
        unnamed("/customFields/0/name", json!({"field": "customFields", "name": "Field"})),
        unnamed("/cards/0/name", json!({"field": "cards", "name": "Card", "task": "Card"})),
        unnamed(
            "/checklists/0/name",
            json!({"field": "checklists", "name": "Checklist", "task": "Card"}),
        ),
        unnamed(
            "/checklists/0/checkItems/1/name",
            json!({"field": "checkItems", "name": "Item", "task": "Card"}),
        ),
        json!(["not-carried", "/cards/0/stickers", {"field": "stickers", "task": "Card"}]),
    ];
    assert_eq!(told, expected);
}

/// A word with what means something to Markdown in it.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zä*_ ]{0,60}",
        2 => "[a-z ]{2000,5000}",
        1 => prop::sample::select(vec!["\\*", "x", "ü "]).prop_flat_map(|sign: &str| {
            (9_000..21_000_usize).prop_map(move |count| sign.repeat(count / sign.len()))
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn api_import_whatever_is_laid_out_all_arrives_once_and_in_order_on_pages_that_fit(
        text in prop::collection::vec(line(), 0..5),
        lists in prop::collection::vec(prop::collection::vec(line(), 0..40), 0..5),
    ) {
        let mut sections = vec![Section::text(&text.join("\n"))];
        let mut written: String = text.concat();
        for (nth, items) in lists.iter().enumerate() {
            let mut section = Section::list(&format!("List{nth}"));
            for item in items {
                section.add(format!("- [ ] {item}"));
                written += "- [ ] ";
                written += item;
            }
            sections.push(section);
        }
        let pages = lay_out(&sections);
        let mut read = String::new();
        for page in &pages {
            prop_assert_eq!(page.text.chars().count(), page.characters);
            prop_assert!(page.characters <= 10_000);
            let is_escape_torn = page.text.chars().rev().take_while(|sign| *sign == '\\').count() % 2 == 1;
            prop_assert!(!is_escape_torn);
            prop_assert!(!page.text.lines().last().is_some_and(|line| line.starts_with("### ")) || page.text.ends_with("\n\n"));
            for line in page.text.lines().filter(|line| !line.starts_with("### ")) {
                read += line;
            }
        }
        let signs = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(signs(&read), signs(&written));
        let words: usize = pages.iter().map(|page| page.text.matches("### ").count()).sum();
        prop_assert!(words >= lists.len() && words <= lists.len() + pages.len());
        // Pages are parted where the next line, or the next word of a line too long for any, has no room.
        let characters: usize = pages.iter().map(|page| page.characters).sum();
        prop_assert!(pages.len() <= 3 + characters / 4_000, "{} of {characters}", pages.len());
    }
}
