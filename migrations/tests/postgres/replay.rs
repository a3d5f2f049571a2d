//! RT5: a snapshot at S plus the events after S is the server's snapshot at the last event.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::flow::assert_flow_is_sound;
use crate::short_positions::crowded;
use crate::support::{
    ADA, BOB, Database, MIA, Replica, Writes, assert_history_is_sound, canonical,
};

/// A random client's command; the numbers choose among the existing items.
type Command = (u8, u8, u8, u8);

/// Runs it, allowed or not; a refused command must change nothing.
async fn act(client: &Client, board: i64, (kind, user, a, b): Command) -> bool {
    let user = [ADA, ADA, BOB, MIA][usize::from(user % 4)];
    let task = i64::from(a % 6) + 1;
    let other = i64::from(b % 6) + 1;
    let status = ["todo", "in_progress", "finished"][usize::from(b % 3)];
    let role = ["owner", "editor", "viewer"][usize::from(b % 3)];
    let answer = match kind % 16 {
        0..=2 => {
            client
                .add_task(user, board, json!({"title": format!("t{a}"), "status": status}), None)
                .await
        }
        3 => client.patch_task(user, board, task, json!({"title": format!("t{b}")}), None).await,
        4 => client.patch_task(user, board, task, json!({"status": status}), None).await,
        5 => client.patch_task(user, board, task, json!({"before": other}), None).await,
        6 => {
            client
                .patch_task(user, board, task, json!({"status": status, "after": other}), None)
                .await
        }
        7 => {
            client
                .patch_task(
                    user,
                    board,
                    task,
                    json!({"fields": {format!("f{}", b % 3): b}, "labels": [role]}),
                    None,
                )
                .await
        }
        8 => client.delete_task(user, board, task, None).await,
        9 => client.add_comment(user, board, task, "words", None).await,
        10 => client.patch_comment(user, board, task, other, &format!("c{b}"), None).await,
        11 => client.delete_comment(user, board, task, other, None).await,
        12 => {
            client
                .patch_board(
                    user,
                    board,
                    json!({"name": format!("b{a}"), "archived": b % 2 == 0}),
                    None,
                )
                .await
        }
        13 if b % 4 == 0 => {
            client.delete_member(user, board, ["bob", "mia", "eve"][usize::from(a % 3)]).await
        }
        13 => client.put_member(user, board, ["bob", "mia", "eve"][usize::from(a % 3)], role).await,
        14 if b % 8 == 0 => match client.delete_board(user, board, None).await {
            Ok(_) => client.restore_board(ADA, board, None).await,
            refused => refused,
        },
        _ => client.undo(user, board, i64::from(a % 40) + 1, None).await,
    };
    match answer {
        Ok(outcome) => !outcome.event.is_null(),
        Err(refusal) => {
            assert!(refusal.code.starts_with("TB"), "{refusal:?}");
            false
        }
    }
}

async fn check(database: &Database, commands: Vec<Command>, crowd: bool) {
    let client = &database.client;
    let board = match crowd {
        true => crowded(database).await.0,
        false => client.create_board(ADA, json!({"name": "Alpha"})).await,
    };
    for name in ["bob", "mia"] {
        client.put_member(ADA, board, name, "editor").await.expect("a member");
    }
    let mut snapshots: Vec<Value> = vec![client.read_board(ADA, board).await];
    for command in commands {
        if act(client, board, command).await {
            snapshots.push(client.read_board(ADA, board).await);
        }
    }
    assert_history_is_sound(client, board).await;
    assert_flow_is_sound(client, board).await;
    let log = client.log(board).await;
    let last = canonical(snapshots.last().expect("one"));
    for snapshot in &snapshots {
        let seq = snapshot["seq"].as_i64().expect("a seq");
        let reported = client.read_board_at(ADA, board, seq).await;
        assert_eq!(canonical(&reported), canonical(snapshot), "?at={seq}");
        let mut replica = Replica::new(snapshot.clone());
        let applied = usize::try_from(seq).expect("a seq");
        for event in &log[applied..] {
            replica.apply(event).expect("the next event");
        }
        assert_eq!(replica.canonical(), last, "RT5 from {seq} on");
    }
    let mut replica = Replica::new(client.read_board_at(ADA, board, 0).await);
    for event in &log {
        replica.apply(event).expect("the next event");
    }
    assert_eq!(replica.canonical(), last, "RT5 from the beginning");
}

#[test]
fn rt5_any_snapshot_and_the_events_after_it_give_the_board_whatever_was_done() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(Database::new());
    let mut runner = TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    // Positions without gaps, so that most moves need other tasks to make room.
    let commands = (prop::collection::vec(any::<Command>(), 1..60), any::<bool>());
    let outcome = runner.run(&commands, |(commands, crowd)| {
        runtime.block_on(check(&database, commands, crowd));
        Ok(())
    });
    runtime.block_on(async { drop(database) });
    outcome.expect("convergence");
}
