//! Floods of messages, subscriptions, unread answers, and connections. Each affects only its
//! sender, and its resources are released.

use crate::frames::{frame, raw};
use crate::support::wait::until;
use crate::support::{Client, Functions, Relay};
use futures::future::join_all;
use futures::{SinkExt as _, StreamExt as _};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::cell::Cell;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_websockets::Message;

/// No effective limit on messages per second.
const NO_RATE: [&str; 4] = ["--messages-per-second", "1000000", "--message-burst", "1000000"];
/// By how many kilobytes the relay's memory may grow from one flood to the next of the same kind.
const LEFTOVER: u64 = 8 << 10;
/// Connections kept alive for the next request, a task each: the relay's to the functions, of which
/// a burst opens up to 32, and two of the test.
const KEPT_ALIVE: u64 = 32 + 2;

/// The relay's memory in kilobytes.
fn memory(relay: &Relay) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", relay.id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// The relay's memory and tasks after a flood.
struct Footprint {
    memory: u64,
    tasks: u64,
}

impl Footprint {
    async fn of(functions: &Functions, relay: &Relay) -> Self {
        let tasks = relay.metric(functions, "realtime_relay_tasks").await;
        Self { memory: memory(relay), tasks }
    }

    /// Checks that the same floods since then have left no more.
    async fn is_kept(&self, functions: &Functions, relay: &Relay) {
        let (before, after) = (self.memory, memory(relay));
        assert!(after < before + LEFTOVER, "{before} kB, then {after} kB");
        until("no task is left behind", async || {
            let now = relay.metric(functions, "realtime_relay_tasks").await;
            (now <= self.tasks + KEPT_ALIVE).then_some(())
        })
        .await;
    }
}

/// Sockets, subscriptions and boards of the relay.
async fn gauges(functions: &Functions, relay: &Relay) -> [u64; 3] {
    let mut values = [0; 3];
    for (value, name) in values.iter_mut().zip(["connections", "subscriptions", "boards"]) {
        *value = relay.metric(functions, &format!("realtime_relay_{name}")).await;
    }
    values
}

/// Waits until the gauges have these values again.
async fn settled(functions: &Functions, relay: &Relay, expected: [u64; 3]) {
    let what = format!("sockets, subscriptions and boards are {expected:?} again");
    until(&what, async || (gauges(functions, relay).await == expected).then_some(())).await;
}

/// Waits until a growing number stops changing, and returns it. Nothing signals the end, so it is
/// polled at intervals.
async fn until_it_stops(what: &str, mut number: impl AsyncFnMut() -> u64) -> u64 {
    let mut last = 0;
    until(what, async || {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = number().await;
        let stopped = now > 0 && now == std::mem::replace(&mut last, now);
        stopped.then_some(now)
    })
    .await
}

/// A follower of board 7 while others flood.
struct Bystander {
    client: Client,
    head: u64,
}

impl Bystander {
    async fn at(relay: &Relay) -> Self {
        let mut client = relay.client().await;
        let head = client.subscribe(7, None).await;
        Self { client, head }
    }

    /// Expects exactly the next events.
    async fn lives(&mut self, functions: &Functions, relay: &Relay) {
        functions.add(&relay.url, 7, 5).await;
        self.client.expect_events(7, self.head + 1, self.head + 5).await;
        self.head += 5;
    }
}

/// Sends texts and reads the answers concurrently until a last `ping` is answered; counts the
/// answers for which `kind` is true.
async fn flood(relay: &Relay, texts: Vec<String>, kind: impl Fn(&Value) -> bool) -> usize {
    let (mut sink, mut stream) = relay.client().await.socket.split();
    let total = texts.len();
    let send = async {
        for text in texts {
            sink.feed(Message::text(text)).await.expect("sent");
        }
        sink.flush().await.expect("sent");
    };
    let mut counted = 0;
    let read = async {
        for _ in 0..total {
            let message = loop {
                let message = stream.next().await.expect("an answer").expect("a frame");
                if let Some(text) = message.as_text() {
                    break serde_json::from_str(text).expect("JSON");
                }
            };
            counted += usize::from(kind(&message));
        }
    };
    tokio::join!(send, read);
    counted
}

#[tokio::test]
async fn limit_messages_a_flood_costs_its_sender_only() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut bystander = Bystander::at(&relay).await;
    let pings = || vec![r#"{"type":"ping"}"#.to_owned(); 5_000];
    let mut first = None;
    for round in 0..3 {
        let start = Instant::now();
        let (pongs, ()) = tokio::join!(
            flood(&relay, pings(), |message| message["type"] == "pong"),
            bystander.lives(&functions, &relay)
        );
        let earned = 30 + 10 * usize::try_from(start.elapsed().as_secs() + 1).expect("short");
        assert!((30..=earned).contains(&pongs), "{pongs} pongs of {earned}");
        settled(&functions, &relay, [1, 1, 1]).await;
        if round == 0 {
            first = Some(Footprint::of(&functions, &relay).await);
        }
    }
    first.expect("a first round").is_kept(&functions, &relay).await;
}

#[tokio::test]
async fn limit_subscriptions_ten_thousand_and_their_ends_leave_nothing_behind() {
    let functions = Functions::start().await;
    for board in 1..=20 {
        functions.create(board, "e1");
    }
    let flags = [&NO_RATE[..], &["--linger-ms", "50"]].concat();
    let relay = Relay::start(&functions, &flags).await;
    let mut bystander = Bystander::at(&relay).await;
    let texts = || {
        let mut texts = Vec::new();
        for number in 0..10_000 {
            let board = 1 + number % 20;
            texts.push(format!(r#"{{"type":"subscribe","board":{board}}}"#));
            texts.push(format!(r#"{{"type":"unsubscribe","board":{board}}}"#));
        }
        texts
    };
    let mut first = None;
    for round in 0..3 {
        let (sink, stream) = relay.client().await.socket.split();
        let ended = tokio::join!(alternate(sink, texts()), until_pong(stream)).1;
        assert_eq!(ended, 10_000, "each end is reported");
        bystander.lives(&functions, &relay).await;
        settled(&functions, &relay, [1, 1, 1]).await;
        if round == 0 {
            first = Some(Footprint::of(&functions, &relay).await);
        }
    }
    first.expect("a first round").is_kept(&functions, &relay).await;
}

/// Sends these texts and a `ping`.
async fn alternate(mut sink: impl futures::Sink<Message> + Unpin, texts: Vec<String>) {
    for text in texts {
        assert!(sink.feed(Message::text(text)).await.is_ok());
    }
    assert!(sink.send(Message::text(r#"{"type":"ping"}"#)).await.is_ok());
}

/// Reads up to the `pong`; how many subscriptions ended.
async fn until_pong<E: std::fmt::Debug>(
    mut stream: impl futures::Stream<Item = Result<Message, E>> + Unpin,
) -> usize {
    let mut ended = 0;
    loop {
        let message = stream.next().await.expect("open").expect("a frame");
        let Some(text) = message.as_text() else { continue };
        let message: Value = serde_json::from_str(text).expect("JSON");
        match message["type"].as_str() {
            Some("pong") => return ended,
            Some("unsubscribed") => ended += 1,
            Some("welcome" | "subscribed" | "presence" | "heartbeat") => {}
            _ => panic!("{message}"),
        }
    }
}

#[tokio::test]
async fn limit_subscriptions_each_above_100_is_refused_and_the_same_board_counts_once() {
    let functions = Functions::start().await;
    for board in 1..=150 {
        functions.create(board, "e1");
    }
    let relay = Relay::start(&functions, &NO_RATE).await;
    let mut bystander = Bystander::at(&relay).await;
    let mut client = relay.client().await;
    for board in 101..=150 {
        // Twice, and a third time: one subscription.
        for _ in 0..3 {
            client.subscribe(board, None).await;
        }
    }
    for board in 1..=100 {
        client.send(json!({"type": "subscribe", "board": board})).await;
        let said = client.next_but_heartbeats().await;
        let kind = if board <= 50 { &said["type"] } else { &said["code"] };
        let expected = if board <= 50 { "subscribed" } else { "too-many-subscriptions" };
        assert_eq!((kind, &said["board"]), (&json!(expected), &json!(board)), "{said}");
    }
    bystander.lives(&functions, &relay).await;
    client.expect_events(7, 1, 5).await;
    assert_eq!(relay.metric(&functions, "realtime_relay_subscriptions").await, 101);
    drop(client);
    until("all of them are given back", async || {
        let left = relay.metric(&functions, "realtime_relay_subscriptions").await;
        (left == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn limit_subscriptions_also_where_the_relay_watches_all_boards_that_it_may() {
    let functions = Functions::start().await;
    for board in 1..=8 {
        functions.create(board, "e1");
    }
    let relay = Relay::start(&functions, &["--max-boards", "3", "--linger-ms", "50"]).await;
    let mut bystander = Bystander::at(&relay).await;
    let mut client = relay.client().await;
    client.subscribe(1, None).await;
    client.subscribe(2, None).await;
    client.send(json!({"type": "subscribe", "board": 3})).await;
    assert_eq!(client.next().await["code"], "too-many-subscriptions");
    // A board that is already followed costs nothing more.
    client.subscribe(7, None).await;
    bystander.lives(&functions, &relay).await;
    client.expect_events(7, 1, 5).await;
    client.send(json!({"type": "unsubscribe", "board": 1})).await;
    assert_eq!(client.next().await["type"], "unsubscribed");
    settled(&functions, &relay, [2, 3, 2]).await;
    client.subscribe(3, None).await;
}

#[tokio::test]
async fn rt7_answers_that_nobody_reads_do_not_fill_the_memory() {
    const SOCKETS: u64 = 200;
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut bystander = Bystander::at(&relay).await;
    let before = memory(&relay);
    let sockets = join_all((0..SOCKETS).map(|_| raw(&relay, b""))).await;
    // Each empty message takes six bytes and is answered with more than a hundred.
    let messages = frame(0x81, b"").repeat(50_000);
    let stuff = sockets.into_iter().map(|mut socket| {
        let messages = messages.as_slice();
        async move {
            // The system may buffer all of it, or less: then the relay stops reading.
            let all = socket.write_all(messages);
            let _ = tokio::time::timeout(Duration::from_millis(500), all).await;
            socket
        }
    });
    let sockets = join_all(stuff).await;
    let answered = until_it_stops("the relay reads no more from who does not read", async || {
        relay.metric(&functions, "realtime_relay_rate_limited_total").await
    })
    .await;
    assert!(answered < SOCKETS * 25_000, "{answered} answers");
    let each = memory(&relay).saturating_sub(before) / SOCKETS;
    assert!(each < 64, "{each} kB a socket");
    bystander.lives(&functions, &relay).await;
    drop(sockets);
    settled(&functions, &relay, [1, 1, 1]).await;
}

#[tokio::test]
async fn limit_messages_who_reads_again_gets_every_answer_to_a_flood() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &NO_RATE).await;
    let mut socket = raw(&relay, b"").await;
    // More than the buffers can hold, in both directions, before anything is read.
    let messages = frame(0x81, br#"{"type":"ping"}"#).repeat(100_000);
    let (mut reader, mut writer) = socket.split();
    let sent = Cell::new(0);
    let write = async {
        for part in messages.chunks(64 << 10) {
            writer.write_all(part).await.expect("sent");
            sent.set(sent.get() + part.len() as u64);
        }
    };
    let read = async {
        until_it_stops("the relay reads no more", async || sent.get()).await;
        let welcome =
            [reader.read_u8().await.expect("a frame"), reader.read_u8().await.expect("one")];
        assert_eq!(welcome[0], 0x81);
        assert!(welcome[1] < 126, "a short welcome");
        reader.read_exact(&mut vec![0; welcome[1].into()]).await.expect("a welcome");
        let mut pongs = vec![0; 100_000 * 17];
        reader.read_exact(&mut pongs).await.expect("pongs");
        let expected = [&[0x81, 15][..], br#"{"type":"pong"}"#].concat();
        assert!(pongs.chunks(17).all(|pong| pong == expected));
    };
    tokio::join!(write, read);
}

#[tokio::test]
async fn limit_messages_empty_fragments_and_pongs_without_end_cost_nobody_else_and_no_memory() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut bystander = Bystander::at(&relay).await;
    let mut sockets = join_all((0..4).map(|_| raw(&relay, b""))).await;
    let before = memory(&relay);
    for (index, socket) in sockets.iter_mut().enumerate() {
        let piece = if index % 2 == 0 { frame(0x8a, b"") } else { frame(0x00, b"") };
        socket.write_all(&frame(0x01, b"")).await.expect("sent");
        socket.write_all(&piece.repeat(200_000)).await.expect("sent");
    }
    bystander.lives(&functions, &relay).await;
    let after = memory(&relay);
    assert!(after < before + LEFTOVER, "{before} kB, then {after} kB");
    for socket in &mut sockets {
        // They are still open: the message ends, and is invalid.
        socket.write_all(&frame(0x80, b"")).await.expect("sent");
    }
    drop(sockets);
    settled(&functions, &relay, [1, 1, 1]).await;
}

#[tokio::test]
async fn connections_that_say_nothing_or_never_end_their_header_keep_nobody_out() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut bystander = Bystander::at(&relay).await;
    let start = Instant::now();
    let mut idle = Vec::new();
    // More than the relay's limit.
    for number in 0..1_500 {
        let mut stream = TcpStream::connect(&relay.address).await.expect("connected");
        if number % 2 == 0 {
            stream
                .write_all(b"GET /ws/quick-win HTTP/1.1\r\nHost: x\r\nX-Slow: ")
                .await
                .expect("sent");
        }
        idle.push(stream);
    }
    let mut newcomer = relay.client().await;
    assert_eq!(newcomer.subscribe(7, None).await, 0);
    bystander.lives(&functions, &relay).await;
    newcomer.expect_events(7, 1, 5).await;
    assert_eq!(functions.get(&format!("{}/healthz", relay.url)).await.0, 200);
    assert!(start.elapsed() < Duration::from_secs(15), "before their 30 s were over");
    // The newest are not closed yet: a slow header may still be completed.
    let slow = idle.iter_mut().rev().nth(1).expect("a slow one");
    slow.write_all(b"y\r\n\r\n").await.expect("sent");
    let mut status = [0; "HTTP/1.1 426".len()];
    slow.read_exact(&mut status).await.expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 426");
}
