//! RT6: a deleted board ends for everybody after its last event, and continues once it is
//! restored.

use crate::field::{BUSY, Field, PROMISED, since};
use crate::reader::Pace;
use crate::support::{Person, World, until};
use crate::writer::{Writer, head, number, write_many};
use contract_tests::chance::dice;
use shared::data::sql;
use std::time::{Duration, Instant};

/// Moves a board to the trash; returns its last event.
async fn delete(world: &World, owner: &Person, board: u64) -> String {
    let id = i64::try_from(board).expect("an id");
    let none = None::<Vec<i64>>;
    let row = world.sql.query_one(sql::BOARD_DELETE, &[&owner.who(), &id, &none]).await;
    row.expect("deleted").get(0)
}

/// Restores it; returns the event.
async fn restore(world: &World, owner: &Person, board: u64) -> String {
    let (id, none) = (i64::try_from(board).expect("an id"), None::<&str>);
    let row = world.sql.query_one(sql::BOARD_RESTORE, &[&owner.who(), &id, &none, &none]).await;
    row.expect("restored").get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_a_deleted_board_ends_within_a_second_after_its_last_event_and_goes_on_when_restored() {
    let mut dice = dice();
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let (board, other) = (world.board(&ada, &[&bob]).await, world.board(&ada, &[&bob]).await);
    let field = Field::start(world, 2, &[]).await;
    let (mut awake, mut asleep) = (Vec::new(), Vec::new());
    for (relay, who) in [(0, &ada), (0, &bob), (1, &ada), (1, &bob)] {
        let token = field.world.token(who);
        awake.push(field.follow_with(relay, &token, &[board, other]).await);
        asleep.push(field.follow_asleep(relay, &token, board).await);
    }
    let elsewhere =
        Writer::start(&field.world, &ada, &[other], Duration::from_millis(10), 500).await;
    write_many(&field.world, &ada, board, dice.u64(250..400), 3_000).await;
    let event = delete(&field.world, &ada, board).await;
    let lost = Instant::now();
    let last = number(&event);
    field.world.publish(&[event]);
    let mut took = Vec::new();
    for reader in &awake {
        let (at, message) = reader.message_of("unsubscribed").await;
        assert_eq!((&message["board"], &message["reason"]), (&board.into(), &"deleted".into()));
        took.push(since(lost, at));
    }
    eprintln!("RT6: deleted: informed after {took:?}");
    assert!(took.iter().all(|took| *took < PROMISED + BUSY), "{took:?}");
    awake.iter().for_each(|reader| reader.seen().assert_all(board, 2, last));
    // Half of the stopped readers learn of it late, the others once the board is restored.
    let (early, late) = asleep.split_at(2);
    for reader in early {
        reader.set_pace(Pace::Full);
        let (_, message) = reader.message_of("unsubscribed").await;
        assert_eq!(message["reason"], "deleted", "{message}");
        reader.seen().assert_all(board, 2, last);
    }
    let event = restore(&field.world, &ada, board).await;
    field.world.publish(&[event]);
    let head_now = write_many(&field.world, &ada, board, 20, 100).await;
    assert_eq!(head_now, last + 21);
    late.iter().for_each(|reader| reader.set_pace(Pace::Full));
    for reader in late {
        let (_, message) = reader.message_of("unsubscribed").await;
        assert_eq!(message["reason"], "deleted", "{message}");
        reader.seen().assert_all(board, 2, last);
    }
    for reader in awake.iter().chain(&asleep) {
        until("the board is back", async || {
            reader.subscribe(board, last);
            // Within the clients' rate limit.
            tokio::time::sleep(Duration::from_millis(150)).await;
            (reader.last(board) == head_now).then_some(())
        })
        .await;
    }
    let written = elsewhere.stop().await;
    for reader in awake {
        reader.has(other, head(&written, other)).await;
        reader.leave().await.assert_all(other, 2, head(&written, other));
    }
    for reader in asleep {
        reader.leave().await;
    }
    field.is_left_clean().await;
}
