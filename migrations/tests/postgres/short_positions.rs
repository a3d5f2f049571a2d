//! Positions stay short whatever is moved where, and every replica follows.

use serde_json::{Value, json};

use crate::support::{ADA, Database, Replica, Writes, assert_history_is_sound, canonical};

/// The longest position, in bytes.
const LONGEST: usize = 64;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("small") % limit
    }
}

/// The request that moves a task so that `index` tasks of the column come before it.
fn at(column: &[i64], index: usize) -> Value {
    match (index.checked_sub(1).map(|before| column[before]), column.get(index)) {
        (_, Some(next)) => json!({"title": "x", "before": next}),
        (Some(last), None) => json!({"title": "x", "after": last}),
        (None, None) => json!({"title": "x"}),
    }
}

/// Checks that the board has the expected column and short positions, and follows from its events
/// alone.
async fn check(database: &Database, board: i64, column: &[i64], what: &str) {
    let client = &database.client;
    let document = client.read_board(ADA, board).await;
    assert_eq!(client.column(board, "todo").await, column, "{what}: in order");
    let tasks = document["tasks"].as_array().expect("tasks");
    let longest = tasks.iter().filter_map(|task| task["position"].as_str()).map(str::len).max();
    assert!(longest <= Some(LONGEST), "{what}: {longest:?} bytes");
    let mut replica = Replica::new(client.read_board_at(ADA, board, 0).await);
    for event in client.log(board).await {
        replica.apply(&event).expect("the next event");
    }
    assert_eq!(replica.canonical(), canonical(&document), "RT5, {what}");
}

/// Adds this many tasks at the places that `choose` selects from their number and the column's
/// length; returns how many other events there were.
async fn fill(
    database: &Database,
    count: usize,
    mut choose: impl FnMut(usize, usize) -> usize,
) -> (i64, Vec<i64>, usize) {
    let client = &database.client;
    let board = client.create_board(ADA, json!({"name": "Gap"})).await;
    let mut column = vec![client.task(board, "low").await, client.task(board, "high").await];
    for number in 0..count {
        let index = choose(number, column.len());
        let added = client.add_task(ADA, board, at(&column, index), None).await.expect("added");
        column.insert(index, added.entity["id"].as_i64().expect("an id"));
    }
    let events = client.log(board).await.len();
    let extra = events - column.len();
    (board, column, extra)
}

/// Its name, how many tasks are added, how many others may make room for them, and the next one's
/// place, by its number and the column's length.
type Pattern<'a> = (&'a str, usize, usize, &'a mut dyn FnMut(usize, usize) -> usize);

#[tokio::test]
async fn api_move_positions_stay_within_64_bytes_wherever_2000_tasks_are_put() {
    let database = Database::new().await;
    let (mut dice, mut middle, mut gap) = (Dice(7), 1, 1);
    let patterns: [Pattern<'_>; 8] = [
        ("after the first", 2_000, 20, &mut |_, _| 1),
        ("before the last", 600, 10, &mut |_, length| length - 1),
        ("between the newest two", 1_000, 1_500, &mut |number, _| {
            middle += number % 2;
            middle
        }),
        ("on either side, seven times each", 600, 900, &mut |number, _| {
            gap += usize::from(number % 14 >= 7);
            gap
        }),
        ("in the middle", 600, 900, &mut |_, length| length / 2),
        ("at the front", 200, 0, &mut |_, _| 0),
        ("at the end", 200, 0, &mut |_, length| length),
        ("anywhere", 400, 0, &mut |_, length| dice.below(length + 1)),
    ];
    for (what, count, most, choose) in patterns {
        let (board, column, extra) = fill(&database, count, choose).await;
        check(&database, board, &column, what).await;
        assert!(extra <= most, "{what}: {extra} tasks made room for {count}");
    }
}

/// A board whose six tasks are so close that nothing fits between them.
pub(crate) async fn crowded(database: &Database) -> (i64, Vec<i64>) {
    let client = &database.client;
    let board = client.create_board(ADA, json!({"name": "Crowded"})).await;
    let mut column = Vec::new();
    for number in 1..=6 {
        column.push(client.task(board, &number.to_string()).await);
    }
    // As if hundreds of moves had brought them there, also in the log.
    for (statement, column) in [("tasks", "position"), ("events", "event")] {
        let place = "'a0' || repeat('0', 61) || id";
        let value = match statement {
            "tasks" => place.to_owned(),
            _ => format!(
                "jsonb_set(event, '{{task,position}}', to_jsonb({}))",
                place.replace("id", "task_id")
            ),
        };
        let update = format!("UPDATE {statement} SET {column} = {value} WHERE board_id = {board}");
        client.batch_execute(&update).await.expect("crowded");
    }
    (board, column)
}

#[tokio::test]
async fn api_move_in_a_crowd_keeps_the_order_of_all_others_after_every_single_event() {
    let database = Database::new().await;
    let client = &database.client;
    for seed in 0..30 {
        let mut dice = Dice(seed);
        let (board, mut column) = crowded(&database).await;
        for _ in 0..6 {
            let task = column.remove(dice.below(column.len()));
            let (index, before) = (dice.below(column.len() + 1), column.clone());
            let mut patch = at(&column, index);
            patch.as_object_mut().expect("an object").remove("title");
            let head = client.log(board).await.len();
            client.patch_task(ADA, board, task, patch, None).await.expect("moved");
            column.insert(index, task);
            for seq in head..=client.log(board).await.len() {
                let document =
                    client.read_board_at(ADA, board, i64::try_from(seq).expect("few")).await;
                let tasks = document["tasks"].as_array().expect("tasks");
                let places: Vec<&str> =
                    tasks.iter().filter_map(|task| task["position"].as_str()).collect();
                assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "seed {seed}: {places:?}");
                let others: Vec<i64> =
                    tasks.iter().filter_map(|task| task["id"].as_i64()).collect();
                let others: Vec<i64> = others.into_iter().filter(|id| *id != task).collect();
                assert_eq!(others, before, "seed {seed}, event {seq}");
            }
        }
        assert_history_is_sound(client, board).await;
        check(&database, board, &column, &format!("seed {seed}")).await;
    }
}

#[tokio::test]
async fn api_undo_of_a_deletion_in_a_crowd_brings_the_task_back_to_its_place() {
    let database = Database::new().await;
    let client = &database.client;
    let (board, column) = crowded(&database).await;
    let gone = client.delete_task(ADA, board, column[2], None).await.expect("deleted");
    // Another task takes its exact place, so that it has to return next to it.
    let taken = client.add_task(ADA, board, at(&[column[1], column[3]], 1), None).await;
    let taken = taken.expect("added").entity["id"].as_i64().expect("an id");
    let undone = gone.event["seq"].as_i64().expect("a seq");
    client.undo(ADA, board, undone, None).await.expect("undone");
    let order = client.column(board, "todo").await;
    assert_eq!(order.len(), 7);
    let place = |id: i64| order.iter().position(|other| *other == id).expect("there");
    assert!(
        place(column[1]) < place(column[2]) && place(column[2]) < place(column[3]),
        "{order:?}"
    );
    assert!(place(column[1]) < place(taken) && place(taken) < place(column[3]), "{order:?}");
    check(&database, board, &order, "after the undo").await;
}

#[tokio::test]
async fn api_move_positions_that_were_long_before_are_made_short_by_events_when_it_is_migrated() {
    let mut database = Database::empty().await;
    migrations::migrate(&mut database.client, Some(12)).await.expect("migrated");
    crate::support::add_people(&database.client).await;
    let (board, column, extra) = fill(&database, 700, |number, _| 1 + number / 2).await;
    assert_eq!(extra, 0);
    let long = "SELECT max(octet_length(position)) FROM tasks WHERE board_id = $1";
    let row = database.client.query_one(long, &[&board]).await.expect("a row");
    assert!(row.get::<_, i32>(0) > 100);
    let gone = database.client.delete_task(ADA, board, column[300], None).await.expect("deleted");
    migrations::migrate(&mut database.client, None).await.expect("migrated");
    let mut left = column.clone();
    left.remove(300);
    check(&database, board, &left, "migrated").await;
    assert_history_is_sound(&database.client, board).await;
    let undone = gone.event["seq"].as_i64().expect("a seq");
    database.client.undo(ADA, board, undone, None).await.expect("undone");
    let order = database.client.column(board, "todo").await;
    check(&database, board, &order, "brought back").await;
    // A position from that time, in an empty column.
    let client = &database.client;
    let moved = json!({"status": "finished"});
    let far = client.patch_task(ADA, board, column[0], moved, None).await.expect("moved");
    let log = format!(
        "UPDATE events SET event = jsonb_set(event, '{{changes}}', '{{\"status\": [\"in_progress\", \
         \"finished\"], \"position\": [\"a0{}1\", \"a0\"]}}') WHERE board_id = {board} AND seq = {}",
        "0".repeat(100),
        far.event["seq"]
    );
    client.batch_execute(&log).await.expect("an old event");
    client.undo(ADA, board, far.event["seq"].as_i64().expect("a seq"), None).await.expect("undone");
    let document = client.read_board(ADA, board).await;
    let back = document["tasks"].as_array().expect("tasks").iter();
    let back: Vec<&Value> = back.filter(|task| task["status"] == "in_progress").collect();
    assert_eq!(back.len(), 1);
    assert!(back[0]["position"].as_str().is_some_and(|place| place.len() <= LONGEST), "{back:?}");
}
