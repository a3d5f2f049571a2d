//! RT6: members who are removed, come back, or get another role, over two relays under steady
//! writes: the board ends for them with the reason, after all earlier events, and other boards
//! continue.

use crate::field::{BUSY, PROMISED};
use crate::reader::Pace;
use crate::stage::{Ended, Stage};
use crate::support::{Person, World};
use crate::writer::{head, number};
use std::time::{Duration, Instant};

/// Removes a user from a board; returns the event's number, and when it was committed.
async fn remove(world: &World, owner: &Person, board: u64, who: &Person) -> (u64, Instant) {
    let event = world.remove_member(owner, board, who).await;
    let lost = Instant::now();
    let seq = number(&event);
    let _ = world.try_publish(&[event]);
    (seq, lost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_a_removed_member_gets_what_happened_before_and_nothing_after_also_when_behind() {
    let stage = Stage::set(&[], |bob| bob.claims(0)).await;
    let (by, lost) = remove(&stage.field.world, &stage.ada, stage.board, &stage.bob).await;
    stage.subscriptions_end("removed", lost, (by, true), PROMISED + BUSY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_where_redis_is_unavailable_a_removed_member_is_removed_all_the_same() {
    let stage = Stage::set_in(World::own().await, &[], |bob| bob.claims(0)).await;
    stage.field.world.databases.kill_redis();
    stage.go_on(Duration::from_millis(500)).await;
    let (by, lost) = remove(&stage.field.world, &stage.ada, stage.board, &stage.bob).await;
    // The board is compared with PostgreSQL once a second.
    stage.subscriptions_end("removed", lost, (by, true), 2 * PROMISED + BUSY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_who_is_behind_is_removed_where_thousands_came_and_went_since() {
    let stage = Stage::set(&[], |bob| bob.claims(0)).await;
    let dave = stage.field.world.person().await;
    let (by, lost) = remove(&stage.field.world, &stage.ada, stage.board, &stage.bob).await;
    // More membership changes than a relay remembers.
    let crowd = "SELECT count(CASE WHEN n % 2 = 0 \
                 THEN (member_put($1::text::jsonb, $2, $3, 'viewer')).event \
                 ELSE (member_delete($1::text::jsonb, $2, $3)).event END) \
                 FROM generate_series($4::int, $5::int) AS n";
    let (who, id) = (stage.ada.who(), i64::try_from(stage.board).expect("an id"));
    for turn in 0..5_i32 {
        let (from, to) = (turn * 500, turn * 500 + 499);
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&who, &id, &dave.name, &from, &to];
        stage.field.world.sql.query_one(crowd, &parameters).await.expect("come and gone");
        stage.go_on(Duration::from_millis(200)).await;
    }
    stage.subscriptions_end("removed", lost, (by, false), PROMISED + BUSY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_who_is_removed_and_comes_back_gets_everything_from_their_cursor_on() {
    let stage = Stage::set(&[], |bob| bob.claims(0)).await;
    let board = stage.board;
    let (by, _) = remove(&stage.field.world, &stage.ada, board, &stage.bob).await;
    stage.go_on(Duration::from_millis(300)).await;
    let back = stage.field.world.put_member(&stage.ada, board, &stage.bob).await;
    stage.field.world.publish(&[back]);
    stage.behind.iter().for_each(|reader| reader.set_pace(Pace::Full));
    let readers = stage.losers.iter().chain(&stage.behind);
    for reader in readers {
        let (_, ended) = reader.message_of("unsubscribed").await;
        assert_eq!(ended["reason"], "removed", "{ended}");
        assert_eq!(reader.last(board), by);
        reader.subscribe(board, by);
    }
    stage.go_on(Duration::from_secs(1)).await;
    let Ended { field, losers, behind, written } = stage.end().await;
    let last = head(&written, board);
    for reader in losers.into_iter().chain(behind) {
        reader.has(board, last).await;
        reader.leave().await.assert_all(board, 3, last);
    }
    field.is_left_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stress: takes seconds"]
async fn rt6_who_becomes_a_viewer_goes_on_reading() {
    let stage = Stage::set(&[], |bob| bob.claims(0)).await;
    let board = stage.board;
    for role in ["editor", "viewer"] {
        let id = i64::try_from(board).expect("an id");
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&stage.ada.who(), &id, &stage.bob.name, &role];
        let put = shared::data::sql::MEMBER_PUT;
        let row = stage.field.world.sql.query_one(put, &parameters).await.expect("a member");
        stage.field.world.publish(&[row.get(0)]);
        stage.go_on(Duration::from_millis(500)).await;
    }
    stage.behind.iter().for_each(|reader| reader.set_pace(Pace::Full));
    let Ended { field, losers, behind, written } = stage.end().await;
    let last = head(&written, board);
    for reader in losers.into_iter().chain(behind) {
        reader.has(board, last).await;
        let seen = reader.leave().await;
        seen.assert_all(board, 3, last);
        assert!(seen.others.is_empty() && seen.end.is_none(), "{:?}", seen.others);
    }
    field.is_left_clean().await;
}
