//! The results of search in databases of several languages: docs/contract/search.json, which the
//! app's tests read as well.

use serde_json::{Value, json};
use shared::data::sql;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use crate::support::{ADA, Database, Writes, add_people};

/// The contract's examples.
fn table() -> Value {
    serde_json::from_str(include_str!("../../../docs/contract/search.json")).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Normalized texts.
async fn folded(client: &Client, texts: &[String]) -> Vec<String> {
    let fold = "SELECT search_fold(text) FROM unnest($1::text[]) WITH ORDINALITY AS each_text (text, nth) ORDER BY nth";
    let rows = client.query(fold, &[&texts]).await.expect("folded");
    rows.iter().map(|row| row.get(0)).collect()
}

/// The ids of the tasks that a query finds, best first.
async fn found(client: &Client, board: i64, query: &str) -> Vec<i64> {
    let none = None::<&str>;
    let parameters: [&(dyn ToSql + Sync); 13] = [
        &ADA, &0_i64, &"g0-1", &board, &0_i64, &200_i64, &none, &none, &none, &none, &none, &0_i64,
        &query,
    ];
    let row = client.query_one(sql::SEARCH_TASKS, &parameters).await.expect("a page");
    let items: Value = serde_json::from_str(row.get(0)).expect("JSON");
    list(&items).iter().map(|item| item["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn api_search_folds_texts_alike_in_a_database_of_any_language() {
    // From an English database made with --locale=C, and from a Turkish one.
    for database in [Database::new().await, Database::turkish().await, Database::plain().await] {
        for pair in list(&table()["folding"]) {
            let once = folded(&database.client, &[text(&pair[0]).to_owned()]).await;
            assert_eq!(once, [text(&pair[1])], "{}", pair[0]);
            assert_eq!(folded(&database.client, &once).await, once, "again");
        }
    }
}

#[tokio::test]
async fn api_search_folds_every_letter_as_the_app_does() {
    let database = Database::plain().await;
    let table = table();
    let mut digests = Vec::new();
    for range in ranges(&table) {
        let letters: Vec<String> = range.filter_map(char::from_u32).map(String::from).collect();
        digests.push(digest(&folded(&database.client, &letters).await));
    }
    assert_eq!(json!(digests), table["letters"]["digests"]);
}

#[tokio::test]
async fn api_search_finds_whatever_is_written_and_asked_for_as_the_app_does() {
    let (table, database) = (table(), Database::new().await);
    let client = &database.client;
    let ranges = ranges(&table);
    let (mut texts, mut answers) = (Vec::new(), Vec::new());
    for seed in list(&table["cases"]["seeds"]) {
        let mut dice = Dice(u32::try_from(seed.as_u64().expect("a number")).expect("small"));
        let any: Vec<String> = (0..200).map(|_| any_text(&mut dice, &ranges)).collect();
        texts.push(digest(&folded(client, &any).await));
        let board = client.create_board(ADA, json!({"name": "Alpha"})).await;
        for _ in 0..40 {
            let task = json!({"title": alike_text(&mut dice)});
            client.add_task(ADA, board, task, None).await.expect("a task");
        }
        let mut lines = Vec::new();
        for _ in 0..60 {
            let mut ids = found(client, board, &alike_text(&mut dice)).await;
            ids.sort_unstable();
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            lines.push(ids.join(","));
        }
        answers.push(digest(&lines));
    }
    assert_eq!(
        json!({"texts": texts, "found": answers}),
        json!({"texts": table["cases"]["texts"], "found": table["cases"]["found"]})
    );
}

#[tokio::test]
async fn api_search_follows_every_change_of_a_task_and_its_undo_and_import() {
    let (database, board) = Database::with_board().await;
    let client = &database.client;
    client.task(board, "Größe").await;
    assert_eq!(found(client, board, "GRÖSSE").await, [1]);
    client.patch_task(ADA, board, 1, json!({"title": "Länge"}), None).await.expect("changed");
    assert_eq!(found(client, board, "GRÖSSE").await, [0; 0]);
    assert_eq!(found(client, board, "LÄNGE").await, [1]);
    let changed = client.log(board).await.len();
    client.undo(ADA, board, i64::try_from(changed).expect("few"), None).await.expect("undone");
    assert_eq!(found(client, board, "GRÖSSE").await, [1]);
    for (patch, query) in [
        (json!({"description": "Straße"}), "STRASSE"),
        (json!({"labels": ["Übersicht"]}), "ÜBER"),
        (json!({"assigned_to": "bob"}), "BOB"),
        (json!({"status": "finished"}), "#1"),
    ] {
        client.patch_task(ADA, board, 1, patch, None).await.expect("changed");
        assert_eq!(found(client, board, query).await, [1], "{query}");
    }
    client.delete_task(ADA, board, 1, None).await.expect("deleted");
    assert_eq!(found(client, board, "größe").await, [0; 0], "deleted tasks are not found");
    let deleted = client.log(board).await.len();
    client.undo(ADA, board, i64::try_from(deleted).expect("few"), None).await.expect("undone");
    assert_eq!(found(client, board, "größe").await, [1]);
    let document = json!({"name": "Imported", "tasks": [{"title": "Überschrift"}]});
    let imported = client.import_board(ADA, document, None).await.expect("imported");
    let imported = imported.entity["id"].as_i64().expect("an id");
    assert_eq!(found(client, imported, "ÜBERSCHRIFT").await, [1]);
    client.execute("DELETE FROM boards WHERE id = $1", &[&imported]).await.expect("thrown away");
    let left = "SELECT count(*) FROM task_search WHERE board_id = $1";
    let left = client.query_one(left, &[&imported]).await.expect("a row");
    assert_eq!(left.get::<_, i64>(0), 0, "and its search entries with it");
}

#[tokio::test]
async fn api_search_finds_tasks_of_earlier_versions_before_and_after_they_are_folded() {
    let mut database = Database::empty().await;
    migrations::migrate(&mut database.client, Some(13)).await.expect("migrated");
    add_people(&database.client).await;
    let board = database.client.create_board(ADA, json!({"name": "Alpha"})).await;
    for nth in 1..=1200 {
        database.client.task(board, &format!("Größe {nth}")).await;
    }
    migrations::migrate(&mut database.client, None).await.expect("migrated");
    let client = &database.client;
    let kept = "SELECT count(*) FROM task_search";
    assert_eq!(client.query_one(kept, &[]).await.expect("a row").get::<_, i64>(0), 1200);
    assert_eq!(found(client, board, "GRÖSSE -1 -2 -3 -4 -5 -6 -8 -9 -0").await, [7, 77, 777]);
    // As if `migrate` had not reached them yet, or had been interrupted.
    client.execute("DELETE FROM task_search WHERE task_id > 7", &[]).await.expect("forgotten");
    assert_eq!(found(client, board, "GRÖSSE -1 -2 -3 -4 -5 -6 -8 -9 -0").await, [7, 77, 777]);
    client.patch_task(ADA, board, 77, json!({"title": "Länge"}), None).await.expect("changed");
    assert_eq!(migrations::migrate(&mut database.client, None).await.expect("migrated"), []);
    let client = &database.client;
    assert_eq!(client.query_one(kept, &[]).await.expect("a row").get::<_, i64>(0), 1200);
    assert_eq!(found(client, board, "länge").await, [77]);
}

/// The alphabet: code points, first and last.
fn ranges(table: &Value) -> Vec<std::ops::RangeInclusive<u32>> {
    let number = |text: &str| u32::from_str_radix(text, 16).expect("hexadecimal");
    let ends = list(&table["letters"]["ranges"])
        .iter()
        .map(|range| text(range).split_once('-').expect("two ends"));
    ends.map(|(first, last)| number(first)..=number(last)).collect()
}

/// FNV-1a of 32 bits over the texts in UTF-8, each followed by a line feed.
fn digest(texts: &[String]) -> u32 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([b'\n']));
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The app's random generator: mulberry32.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let mut t = (self.0 ^ (self.0 >> 15)).wrapping_mul(1 | self.0);
        t = t.wrapping_add((t ^ (t >> 7)).wrapping_mul(61 | t)) ^ t;
        usize::try_from(t ^ (t >> 14)).expect("32 bits") % sides
    }
}

/// A text of arbitrary letters.
fn any_text(dice: &mut Dice, ranges: &[std::ops::RangeInclusive<u32>]) -> String {
    let length = 1 + dice.roll(30);
    let one = |_| {
        if dice.roll(4) == 0 {
            return ' ';
        }
        let range = &ranges[if dice.roll(2) == 0 { 0 } else { dice.roll(ranges.len()) }];
        let size = usize::try_from(range.end() - range.start() + 1).expect("32 bits");
        char::from_u32(range.start() + u32::try_from(dice.roll(size)).expect("32 bits"))
            .expect("a letter")
    };
    (0..length).map(one).collect()
}

/// A text of few letters, so that one is often found in another.
fn alike_text(dice: &mut Dice) -> String {
    let letters: Vec<char> = "aaAäÄbßSsσΣς  --\"“”„%_\\İıＡ#12".chars().collect();
    let length = 1 + dice.roll(6);
    (0..length).map(|_| letters[dice.roll(letters.len())]).collect()
}
