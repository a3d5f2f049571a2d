//! Who receives what: only members, and only while they are members; admins' activity.

use crate::support::{Relay, World, ask, expect, subscribe, until};
use contract_tests::Socket;
use serde_json::json;
use shared::data::sql;
use shared::models::Role;

/// Expects `unsubscribed` of a board for this reason.
async fn expect_end(socket: &mut Socket, board: u64, reason: &str) {
    let message = socket.message_but_heartbeats().await;
    let expected = json!({"type": "unsubscribed", "board": board, "reason": reason});
    assert_eq!(message, expected);
}

/// Expects that nothing came before the answer to a ping.
async fn expect_silence(socket: &mut Socket) {
    socket.say(&json!({"type": "ping"})).await;
    let message = socket.message_but_heartbeats().await;
    assert_eq!(message["type"], "pong", "{message}");
}

#[tokio::test]
async fn rt6_a_stranger_is_told_that_there_is_no_such_board() {
    let world = World::shared().await;
    let (ada, eve) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 3).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut member, _) = relay.follow(&world, &ada, board, None).await;
    let mut stranger = relay.socket(&world, &eve).await;
    let mut answers = Vec::new();
    for (number, after) in [(board, None), (board, Some(0)), (board, Some(99)), (9_999_999, None)] {
        let mut answer = ask(&mut stranger, number, after).await;
        assert_eq!((&answer["type"], &answer["code"]), (&"error".into(), &"not-found".into()));
        assert_eq!(answer["board"].take(), number);
        answers.push(answer);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "a stranger's board looks like none: {answers:?}");
    world.add(&ada, board, 1).await;
    expect(&mut member, board, 4..=4).await;
    expect_silence(&mut stranger).await;
}

#[tokio::test]
async fn rt6_a_removed_member_gets_nothing_after_their_removal() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut owner, _) = relay.follow(&world, &ada, board, None).await;
    let (mut member, _) = relay.follow(&world, &bob, board, None).await;
    world.add(&ada, board, 2).await;
    let removal = world.remove_member(&ada, board, &bob).await;
    let after = world.commit(&ada, board, 3).await;
    // All at once, so that hidden and visible events share a write.
    world.publish(&[&[removal], &after[..]].concat());
    expect(&mut owner, board, 2..=7).await;
    expect(&mut member, board, 2..=4).await;
    expect_end(&mut member, board, "removed").await;
    world.add(&ada, board, 1).await;
    expect(&mut owner, board, 8..=8).await;
    expect_silence(&mut member).await;
    let answer = ask(&mut member, board, Some(4)).await;
    assert_eq!(answer["code"], "not-found", "{answer}");
    // A member who was added again is a member as before.
    let back = world.put_member(&ada, board, &bob).await;
    world.publish(&[back]);
    until("the member is back", async || {
        (ask(&mut member, board, Some(4)).await["type"] == "subscribed").then_some(())
    })
    .await;
    expect(&mut member, board, 5..=9).await;
}

#[tokio::test]
async fn rt6_a_member_whose_removal_was_never_published_is_removed_all_the_same() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut member, _) = relay.follow(&world, &bob, board, None).await;
    world.remove_member(&ada, board, &bob).await;
    world.commit(&ada, board, 2).await;
    expect(&mut member, board, 2..=2).await;
    expect_end(&mut member, board, "removed").await;
    expect_silence(&mut member).await;
}

#[tokio::test]
async fn rt6_members_who_come_and_go_while_they_subscribe_see_nothing_of_the_time_after() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &["--message-burst", "100"]).await;
    let (mut owner, _) = relay.follow(&world, &ada, board, None).await;
    let mut socket = relay.socket(&world, &bob).await;
    let mut seq = 1;
    for _ in 0..40 {
        socket.say(&json!({"type": "subscribe", "board": board, "after": seq})).await;
        let removal = world.remove_member(&ada, board, &bob).await;
        let secret = world.commit(&ada, board, 1).await;
        world.publish(&[&[removal], &secret[..]].concat());
        let mut last = seq;
        loop {
            let message = socket.message_but_heartbeats().await;
            match message["type"].as_str() {
                Some("event") => last = message["seq"].as_u64().expect("a number"),
                Some("subscribed") => {}
                Some("unsubscribed") => break,
                _ => {
                    assert_eq!(message["code"], "not-found", "{message}");
                    break;
                }
            }
        }
        assert!(last <= seq + 1, "event {last} came after the removal in {}", seq + 1);
        let back = world.put_member(&ada, board, &bob).await;
        world.publish(&[back]);
        expect(&mut owner, board, seq + 1..=seq + 3).await;
        seq += 3;
    }
}

#[tokio::test]
async fn rt6_a_deleted_board_ends_its_subscriptions_after_its_last_event() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 2).await;
    let relay = Relay::start(&world, &[]).await;
    let witness = world.board(&ada, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    let who = format!(r#"{{"user_id": {}}}"#, ada.id);
    let id = i64::try_from(board).expect("an id");
    let delete = "SELECT (board_delete($1::text::jsonb, $2)).event::text";
    let event: String = world.sql.query_one(delete, &[&who, &id]).await.expect("deleted").get(0);
    world.publish(&[event]);
    expect(&mut socket, board, 3..=3).await;
    expect_end(&mut socket, board, "deleted").await;
    // A disconnected client learns of it, but nothing that HTTP would refuse; a client that knows
    // it already finds nothing.
    let (mut away, _) = relay.follow(&world, &ada, witness, None).await;
    let answer = ask(&mut away, board, Some(1)).await;
    let gone = json!({"type": "unsubscribed", "board": board, "reason": "deleted"});
    assert_eq!(answer, gone);
    let answer = ask(&mut away, board, Some(3)).await;
    assert_eq!(answer["code"], "not-found", "{answer}");
    // Restored from the trash it continues.
    let none = None::<&str>;
    let row = world.sql.query_one(sql::BOARD_RESTORE, &[&who, &id, &none, &none]).await;
    world.publish(&[row.expect("restored").get(0)]);
    until("the board is back", async || {
        let answer = ask(&mut away, board, Some(2)).await;
        (answer["type"] == "subscribed").then_some(())
    })
    .await;
    expect(&mut away, board, 3..=4).await;
    world.add(&ada, board, 2).await;
    expect(&mut away, board, 5..=6).await;
}

#[tokio::test]
async fn rt_activity_an_admin_gets_every_event_of_every_board_and_nobody_else_does() {
    let world = World::own().await;
    let (ada, admin) = (world.person().await, world.person_of(Role::Admin).await);
    let relay = Relay::start(&world, &[]).await;
    let mut listener = relay.socket(&world, &admin).await;
    let listen = json!({"type": "subscribe", "feed": "activity"});
    listener.say(&listen).await;
    let answer = listener.message_but_heartbeats().await;
    assert_eq!((&answer["type"], &answer["feed"]), (&json!("subscribed"), &json!("activity")));
    assert!(answer["cursor"].is_string(), "{answer}");
    let mut user = relay.socket(&world, &ada).await;
    user.say(&listen).await;
    assert_eq!(user.message_but_heartbeats().await["code"], "not-found");
    let mut expected = Vec::new();
    for _ in 0..5 {
        let board = world.board(&ada, &[]).await;
        world.add(&ada, board, 1).await;
        // Nobody publishes the other one, but it still arrives.
        world.commit(&ada, board, 1).await;
        expected.extend([0, 1, 2].map(|seq| (Some(board), Some(seq))));
    }
    let mut seen = Vec::new();
    while seen.len() < 15 {
        let event = listener.message_but_heartbeats().await;
        assert_eq!((&event["type"], &event["feed"]), (&json!("event"), &json!("activity")));
        seen.push((event["board_id"].as_u64(), event["seq"].as_u64()));
    }
    assert_eq!(seen, expected);
    expect_silence(&mut user).await;
    listener.say(&json!({"type": "unsubscribe", "feed": "activity"})).await;
    let end = json!({"type": "unsubscribed", "feed": "activity", "reason": "requested"});
    assert_eq!(listener.message_but_heartbeats().await, end);
    world.add(&ada, expected[0].0.expect("a board"), 1).await;
    expect_silence(&mut listener).await;
    // A former admin, whatever the token claims.
    listener.say(&listen).await;
    assert_eq!(listener.message_but_heartbeats().await["type"], "subscribed");
    let demote = format!("UPDATE users SET role = 'user' WHERE id = {}", admin.id);
    world.sql.batch_execute(&demote).await.expect("demoted");
    world.tell_control(&admin);
    let end = json!({"type": "unsubscribed", "feed": "activity", "reason": "removed"});
    let mut message = listener.message_but_heartbeats().await;
    while message["type"] == "event" {
        // Committed just before, while nobody was subscribed.
        message = listener.message_but_heartbeats().await;
    }
    assert_eq!(message, end);
    listener.say(&listen).await;
    assert_eq!(listener.message_but_heartbeats().await["code"], "not-found");
}

#[tokio::test]
async fn rt7_an_admin_who_does_not_read_loses_nothing_and_holds_up_nobody() {
    let world = World::own().await;
    let admin = world.person_of(Role::Admin).await;
    let relay = Relay::start(&world, &[]).await;
    let bearer = format!("Bearer {}", world.token(&admin));
    let url = format!("{}/ws", relay.url);
    let headers = [("authorization", &*bearer)];
    let mut slow = Socket::connect_to(&url, &headers, Some(4_096)).await.expect("a socket");
    assert_eq!(slow.message().await["type"], "welcome");
    let mut quick = relay.socket(&world, &admin).await;
    for listener in [&mut slow, &mut quick] {
        listener.say(&json!({"type": "subscribe", "feed": "activity"})).await;
        assert_eq!(listener.message_but_heartbeats().await["type"], "subscribed");
    }
    let board = world.big_board(&admin, 9_000).await;
    for listener in [&mut quick, &mut slow] {
        for next in 0..=9_000 {
            let message = listener.message_but_heartbeats().await;
            assert_eq!((&message["board_id"], &message["seq"]), (&json!(board), &json!(next)));
        }
    }
}

#[tokio::test]
async fn rt_activity_goes_on_at_another_relay_while_redis_is_unavailable() {
    let world = World::own().await;
    let (ada, admin) = (world.person().await, world.person_of(Role::Admin).await);
    let board = world.board(&ada, &[]).await;
    let relays = [Relay::start(&world, &[]).await, Relay::start(&world, &[]).await];
    let mut listener = relays[0].socket(&world, &admin).await;
    listener.say(&json!({"type": "subscribe", "feed": "activity"})).await;
    assert_eq!(listener.message_but_heartbeats().await["type"], "subscribed");
    world.add(&ada, board, 3).await;
    let mut last = json!(null);
    for seq in 1..=3 {
        let event = listener.message_but_heartbeats().await;
        assert_eq!(event["seq"], seq);
        last = event["cursor"].clone();
    }
    world.databases.kill_redis();
    drop(listener);
    world.commit(&ada, board, 3).await;
    let mut listener = relays[1].socket(&world, &admin).await;
    listener.say(&json!({"type": "subscribe", "feed": "activity", "after": last})).await;
    let answer = listener.message_but_heartbeats().await;
    assert_eq!(answer, json!({"type": "subscribed", "feed": "activity", "cursor": last}));
    world.commit(&ada, board, 1).await;
    for seq in 4..=7 {
        assert_eq!(listener.message_but_heartbeats().await["seq"], seq);
    }
}

#[tokio::test]
async fn rt_cursor_subscribing_again_moves_it_and_unsubscribing_ends_the_subscription() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    world.add(&ada, board, 3).await;
    let relay = Relay::start(&world, &[]).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, Some(3)).await;
    assert_eq!(subscribe(&mut socket, board, Some(1)).await, 3);
    expect(&mut socket, board, 2..=3).await;
    socket.say(&json!({"type": "unsubscribe", "board": board})).await;
    expect_end(&mut socket, board, "requested").await;
    world.add(&ada, board, 1).await;
    expect_silence(&mut socket).await;
}
