//! Presence: who is on a board and what they do there, with one relay and with several.

use crate::support::{PATIENCE, Person, Relay, World, ask, expect, subscribe, until};
use contract_tests::Socket;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Lifts the rate limit of clients' messages.
const TALKATIVE: [&str; 4] = ["--messages-per-second", "10000", "--message-burst", "10000"];

/// Heartbeats so frequent that a dead relay is detected within two seconds, not ten.
const BRISK: [&str; 2] = ["--presence-beat-ms", "500"];

/// Rounds of presence that a stopped reader misses.
const ROUNDS: u64 = 25;

/// The next message about presence; nothing but heartbeats may come before it.
async fn presence(socket: &mut Socket, board: u64) -> Value {
    loop {
        let mut message = socket.message().await;
        if message["type"] != "heartbeat" {
            assert_eq!((&message["type"], &message["board"]), (&"presence".into(), &board.into()));
            return message["online"].take();
        }
    }
}

/// Reads until exactly these are online.
async fn until_online(socket: &mut Socket, board: u64, expected: &[(&Person, Value)]) {
    let entry = |(who, state): &(&Person, Value)| json!({"user": who.name, "state": state});
    let mut expected: Vec<_> = expected.iter().map(entry).collect();
    expected.sort_by_key(|entry| entry["user"].as_str().expect("a name").to_owned());
    let mut seen = Value::Null;
    let reading = async {
        while seen != json!(expected) {
            seen = presence(socket, board).await;
        }
    };
    if timeout(PATIENCE, reading).await.is_err() {
        panic!("expected {expected:?}, but got {seen}");
    }
}

async fn tell(socket: &mut Socket, board: u64, state: Value) {
    socket.say(&json!({"type": "presence", "board": board, "state": state})).await;
}

#[tokio::test]
async fn rt_presence_comes_after_subscribed_and_tells_who_joins_does_and_leaves() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let relay = Relay::start(&world, &[]).await;
    let mut one = relay.socket(&world, &ada).await;
    one.say(&json!({"type": "subscribe", "board": board})).await;
    assert_eq!(one.message().await["type"], "subscribed", "before any presence");
    assert_eq!(presence(&mut one, board).await, json!([{"user": ada.name, "state": {}}]));
    let (mut other, _) = relay.follow(&world, &bob, board, None).await;
    // A state sent immediately after subscribing counts as well.
    tell(&mut other, board, json!({"editing": 12})).await;
    let both = [(&ada, json!({})), (&bob, json!({"editing": 12}))];
    until_online(&mut one, board, &both).await;
    until_online(&mut other, board, &both).await;
    // A client that subscribes again gets it again, though nothing changed.
    subscribe(&mut other, board, None).await;
    until_online(&mut other, board, &both).await;
    tell(&mut other, board, json!({})).await;
    until_online(&mut one, board, &[(&ada, json!({})), (&bob, json!({}))]).await;
    other.say(&json!({"type": "unsubscribe", "board": board})).await;
    until_online(&mut one, board, &[(&ada, json!({}))]).await;
    assert_eq!(other.message_but_heartbeats().await["type"], "unsubscribed");
    tell(&mut one, board, json!({"editing": 1})).await;
    until_online(&mut one, board, &[(&ada, json!({"editing": 1}))]).await;
    other.say(&json!({"type": "ping"})).await;
    assert_eq!(other.message().await["type"], "pong", "no presence after the subscription");
    let (mut again, _) = relay.follow(&world, &bob, board, None).await;
    until_online(&mut again, board, &[(&ada, json!({"editing": 1})), (&bob, json!({}))]).await;
    until_online(&mut one, board, &[(&ada, json!({"editing": 1})), (&bob, json!({}))]).await;
    drop(again);
    until_online(&mut one, board, &[(&ada, json!({"editing": 1}))]).await;
    assert_eq!(relay.metric("realtime_relay_subscriptions").await, 1);
}

#[tokio::test]
async fn rt_presence_crosses_relays_and_goes_with_a_relay_that_is_killed() {
    let world = World::shared().await;
    let (ada, bob, eve) = (world.person().await, world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob, &eve]).await;
    let (near, far) = (Relay::start(&world, &BRISK).await, Relay::start(&world, &BRISK).await);
    let (mut bobs, _) = far.follow(&world, &bob, board, None).await;
    tell(&mut bobs, board, json!({"editing": 3})).await;
    until_online(&mut bobs, board, &[(&bob, json!({"editing": 3}))]).await;
    // A client that comes later learns of those already there.
    let (mut adas, _) = near.follow(&world, &ada, board, None).await;
    let both = [(&ada, json!({})), (&bob, json!({"editing": 3}))];
    until_online(&mut adas, board, &both).await;
    until_online(&mut bobs, board, &both).await;
    let (eves, _) = far.follow(&world, &eve, board, None).await;
    let all = [(&ada, json!({})), (&bob, json!({"editing": 3})), (&eve, json!({}))];
    until_online(&mut adas, board, &all).await;
    drop(eves);
    until_online(&mut adas, board, &both).await;
    tell(&mut adas, board, json!({"viewing": "a \"b\" {c}"})).await;
    let both = [(&ada, json!({"viewing": "a \"b\" {c}"})), (&bob, json!({"editing": 3}))];
    until_online(&mut bobs, board, &both).await;
    until_online(&mut adas, board, &both).await;
    drop(far);
    let killed = Instant::now();
    until_online(&mut adas, board, &both[..1]).await;
    let took = killed.elapsed();
    assert!(took < Duration::from_secs(5), "a dead relay's users stayed for {took:?}");
    let left = until("its keys are gone from Redis", async || {
        let pattern = format!("{{s*}}:board:{board}:presence:*");
        let keys = world.redis(&["EVAL", "return #redis.call('KEYS', ARGV[1])", "0", &pattern]);
        (keys == ":1\r\n").then_some(keys)
    });
    left.await;
}

#[tokio::test]
async fn rt_presence_several_sockets_of_a_user_are_one_entry_and_the_newest_state_wins() {
    let world = World::shared().await;
    let ada = world.person().await;
    let board = world.board(&ada, &[]).await;
    let (near, far) = (Relay::start(&world, &[]).await, Relay::start(&world, &[]).await);
    let (mut watch, _) = near.follow(&world, &ada, board, None).await;
    let (mut first, _) = near.follow(&world, &ada, board, None).await;
    let (mut second, _) = far.follow(&world, &ada, board, None).await;
    tell(&mut first, board, json!({"on": 1})).await;
    until_online(&mut watch, board, &[(&ada, json!({"on": 1}))]).await;
    tell(&mut second, board, json!({"on": 2})).await;
    until_online(&mut watch, board, &[(&ada, json!({"on": 2}))]).await;
    tell(&mut first, board, json!({"on": 3})).await;
    until_online(&mut watch, board, &[(&ada, json!({"on": 3}))]).await;
    until_online(&mut second, board, &[(&ada, json!({"on": 3}))]).await;
    drop(first);
    until_online(&mut watch, board, &[(&ada, json!({"on": 2}))]).await;
    tell(&mut second, board, json!({})).await;
    until_online(&mut watch, board, &[(&ada, json!({}))]).await;
}

#[tokio::test]
async fn rt6_a_removed_member_is_not_online_any_more_and_sees_no_more_presence() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let (near, far) = (Relay::start(&world, &[]).await, Relay::start(&world, &[]).await);
    let (mut adas, _) = near.follow(&world, &ada, board, None).await;
    let (mut bobs, _) = far.follow(&world, &bob, board, None).await;
    // And one that reads nothing, so that it does not learn of its removal yet.
    let bearer = format!("Bearer {}", world.token(&bob));
    let headers = [("authorization", &*bearer)];
    let url = format!("{}/ws", far.url);
    let mut sleeper = Socket::connect_to(&url, &headers, Some(4_096)).await.expect("a socket");
    sleeper.message().await;
    subscribe(&mut sleeper, board, Some(0)).await;
    until_online(&mut adas, board, &[(&ada, json!({})), (&bob, json!({}))]).await;
    let events = world.big_events(&ada, board, 400).await;
    let removal = world.remove_member(&ada, board, &bob).await;
    let start = Instant::now();
    world.publish(&[&events[..], &[removal]].concat());
    let reason = loop {
        let mut message = bobs.message().await;
        if message["type"] == "unsubscribed" {
            break message["reason"].take();
        }
    };
    assert_eq!(reason, "removed");
    tell(&mut adas, board, json!({"secret": 1})).await;
    let mut last = Value::Null;
    while last != json!([{"user": ada.name, "state": {"secret": 1}}]) {
        let mut message = adas.message().await;
        if message["type"] == "presence" {
            last = message["online"].take();
        }
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "a removed member was online for {took:?}");
    loop {
        let message = sleeper.message().await;
        assert!(!message.to_string().contains("secret"), "{message}");
        if message["type"] == "unsubscribed" {
            assert_eq!(message["reason"], "removed");
            break;
        }
    }
    for mut socket in [bobs, sleeper] {
        tell(&mut socket, board, json!({"i am": "here"})).await;
        let answer = socket.message().await;
        assert_eq!((&answer["code"], &answer["board"]), (&"not-found".into(), &board.into()));
    }
}

#[tokio::test]
async fn rt_presence_comes_four_times_a_second_at_most_and_the_last_state_arrives() {
    let world = World::shared().await;
    let (ada, bob) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob]).await;
    let (near, far) =
        (Relay::start(&world, &TALKATIVE).await, Relay::start(&world, &TALKATIVE).await);
    let (mut talker, _) = near.follow(&world, &bob, board, None).await;
    let (mut beside, _) = near.follow(&world, &ada, board, None).await;
    let (mut elsewhere, _) = far.follow(&world, &ada, board, None).await;
    let talking = async {
        for number in 1..=100 {
            tell(&mut talker, board, json!({"number": number})).await;
            // The pace is the subject of the test.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let last = json!({"user": bob.name, "state": {"number": 100}});
    let reading = async |socket: &mut Socket| {
        let mut times = Vec::new();
        loop {
            let online = presence(socket, board).await;
            times.push(Instant::now());
            if online.as_array().is_some_and(|online| online.contains(&last)) {
                return times;
            }
        }
    };
    let ((), beside, elsewhere) =
        tokio::join!(talking, reading(&mut beside), reading(&mut elsewhere));
    for times in [beside, elsewhere] {
        assert!(times.len() >= 4, "too few messages: {times:?}");
        for some in times.windows(5) {
            let span = some[4] - some[0];
            assert!(span > Duration::from_millis(990), "five messages in {span:?}");
        }
    }
}

#[tokio::test]
async fn rt7_presence_does_not_pile_up_for_a_reader_that_reads_nothing() {
    let world = World::shared().await;
    let ada = world.person().await;
    let people: Vec<_> = futures::future::join_all((0..25).map(|_| world.person())).await;
    let board = world.board(&ada, &people.iter().collect::<Vec<_>>()).await;
    let flags = [&TALKATIVE[..], &["--send-buffer", "4096"]].concat();
    let relay = Relay::start(&world, &flags).await;
    let bearer = format!("Bearer {}", world.token(&ada));
    let headers = [("authorization", &*bearer)];
    let url = format!("{}/ws", relay.url);
    let mut sleeper = Socket::connect_to(&url, &headers, Some(4_096)).await.expect("a socket");
    assert_eq!(sleeper.message().await["type"], "welcome");
    let head = subscribe(&mut sleeper, board, None).await;
    let (mut awake, _) = relay.follow(&world, &ada, board, None).await;
    let mut talkers = Vec::new();
    for person in &people {
        let mut talker = relay.follow(&world, person, board, None).await.0;
        tell(&mut talker, board, json!({"text": "x".repeat(1_000)})).await;
        talkers.push(talker);
    }
    // Each message about that many takes at least 25 KiB.
    let tells = |online: &Value, round: u64| {
        let entry = json!({"user": people[0].name, "state": {"round": round}});
        online.as_array().is_some_and(|online| online.contains(&entry))
    };
    for round in 1..=ROUNDS {
        tell(&mut talkers[0], board, json!({"round": round})).await;
        while !tells(&presence(&mut awake, board).await, round) {}
    }
    // Events overtake presence, which does not block them.
    world.add(&ada, board, 1).await;
    expect(&mut awake, board, head + 1..=head + 1).await;
    let mut read = 0;
    loop {
        let mut message = sleeper.message().await;
        if message["type"] == "presence" {
            read += 1;
            if tells(&message["online"].take(), ROUNDS) {
                break;
            }
        }
    }
    assert!(read <= 15, "{read} messages were queued for a reader that missed {ROUNDS} rounds");
}

#[tokio::test]
async fn rt_presence_goes_on_where_redis_is_unavailable_and_heals_when_it_is_back() {
    let world = World::own().await;
    let (ada, bob, eve) = (world.person().await, world.person().await, world.person().await);
    let board = world.board(&ada, &[&bob, &eve]).await;
    let (near, far) = (Relay::start(&world, &BRISK).await, Relay::start(&world, &BRISK).await);
    let (mut adas, _) = near.follow(&world, &ada, board, None).await;
    let (mut bobs, _) = far.follow(&world, &bob, board, None).await;
    let both = [(&ada, json!({})), (&bob, json!({}))];
    until_online(&mut adas, board, &both).await;
    until_online(&mut bobs, board, &both).await;
    // Redis is emptied meanwhile: clients that come later still get presence.
    world.databases.flush_redis();
    let later = Relay::start(&world, &BRISK).await;
    let (mut eves, _) = later.follow(&world, &eve, board, None).await;
    let all = [(&ada, json!({})), (&bob, json!({})), (&eve, json!({}))];
    until_online(&mut eves, board, &all).await;
    until_online(&mut adas, board, &all).await;
    drop(eves);
    until_online(&mut adas, board, &both).await;
    world.databases.kill_redis();
    tell(&mut adas, board, json!({"while": "away"})).await;
    until_online(&mut adas, board, &[(&ada, json!({"while": "away"})), (&bob, json!({}))]).await;
    let (beside, _) = near.follow(&world, &eve, board, None).await;
    let here = [(&ada, json!({"while": "away"})), (&bob, json!({})), (&eve, json!({}))];
    until_online(&mut adas, board, &here).await;
    tell(&mut bobs, board, json!({"bob": "too"})).await;
    drop(beside);
    world.databases.start_redis();
    let both = [(&ada, json!({"while": "away"})), (&bob, json!({"bob": "too"}))];
    until_online(&mut adas, board, &both).await;
    until_online(&mut bobs, board, &both).await;
    tell(&mut bobs, board, json!({"bob": "again"})).await;
    until_online(&mut adas, board, &[both[0].clone(), (&bob, json!({"bob": "again"}))]).await;
    // Redis is frozen: each relay still shows its own users, and forgets the others.
    world.databases.freeze_redis();
    tell(&mut adas, board, json!({"while": "frozen"})).await;
    until_online(&mut adas, board, &[(&ada, json!({"while": "frozen"}))]).await;
}

#[tokio::test]
async fn rt_presence_that_is_none_is_refused_and_changes_nothing() {
    let world = World::shared().await;
    let (ada, eve) = (world.person().await, world.person().await);
    let board = world.board(&ada, &[]).await;
    let relay = Relay::start(&world, &TALKATIVE).await;
    let (mut socket, _) = relay.follow(&world, &ada, board, None).await;
    until_online(&mut socket, board, &[(&ada, json!({}))]).await;
    let text = |bytes: usize| "x".repeat(bytes - r#"{"a":""}"#.len());
    for state in [json!(null), json!([]), json!("x"), json!(1), json!({"a": text(1_025)})] {
        tell(&mut socket, board, state.clone()).await;
        let answer = socket.message_but_heartbeats().await;
        assert_eq!((&answer["type"], &answer["code"]), (&"error".into(), &"bad-message".into()));
    }
    for wrong in [
        json!({"type": "presence", "board": board}),
        json!({"type": "presence", "state": {}}),
        json!({"type": "presence", "board": board.to_string(), "state": {}}),
    ] {
        socket.say(&wrong).await;
        assert_eq!(socket.message_but_heartbeats().await["code"], "bad-message");
    }
    // White space between the parts does not count; a duplicated member counts once.
    let long = text(1_024);
    let spaced = format!(
        r#"{{"type": "presence", "board": {board}, "state": {{ "a" : 1 , "a" : "{long}" }}}}"#
    );
    socket.say_text(spaced).await;
    until_online(&mut socket, board, &[(&ada, json!({"a": long}))]).await;
    let mut stranger = relay.socket(&world, &eve).await;
    for board in [board, 9_999_999] {
        tell(&mut stranger, board, json!({})).await;
        let answer = stranger.message_but_heartbeats().await;
        assert_eq!((&answer["code"], &answer["board"]), (&"not-found".into(), &board.into()));
    }
    assert_eq!(ask(&mut stranger, board, None).await["code"], "not-found");
    stranger.say(&json!({"type": "ping"})).await;
    assert_eq!(stranger.message().await["type"], "pong", "a stranger sees nobody");
}
