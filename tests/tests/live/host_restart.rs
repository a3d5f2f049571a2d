//! Quick-win data is lost when the host restarts, and all its followers are informed.

use contract_tests::api::{id, seq};
use contract_tests::{Api, Socket, Stack};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long it may take until a client learns that its board is gone.
const PATIENCE: Duration = Duration::from_secs(5);
/// The time limit of everything else on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

fn tells_the_end(message: &Value) -> bool {
    let kind = message["type"].as_str().unwrap_or_default();
    matches!(kind, "reset" | "unsubscribed") || message["code"] == "not-found"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_win_what_is_acknowledged_is_there_until_the_host_is_killed_and_then_all_is_gone() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let board = api.board("Mortal").await;
    let epoch = api.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;

    let path = api.tasks_path(board);
    let write = async {
        let mut acknowledged = 0;
        loop {
            match api.post(&path, &json!({"title": "Acknowledged"})).try_send().await {
                Ok(reply) => {
                    let written = reply.expect(201).json();
                    acknowledged += 1;
                    if acknowledged > 100 {
                        continue;
                    }
                    let read = api.get(&api.task_path(board, id(&written))).send().await;
                    assert_eq!(read.expect(200).json(), written);
                }
                Err(_) => return acknowledged,
            }
        }
    };
    let (acknowledged, ()) = tokio::join!(write, async {
        // The writer continues until it gets no more answers.
        let deadline = Instant::now() + LONGEST;
        while seq(&api.document(board).await) < 150 {
            assert!(Instant::now() < deadline, "the writer makes no progress");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stack.kill_functions();
    });
    assert!(acknowledged >= 100, "{acknowledged}");
    stack.restart_functions().await;
    let restarted = Instant::now();
    let list = api.get(api.mode.boards).send().await.expect(200).json();
    assert_eq!(list, json!({"boards": [], "next_cursor": null}));
    let _ = api.get(&api.board_path(board)).send().await.problem(404, "not-found");

    // Events in transit arrive, and then the end: never silence.
    let end = loop {
        let message = socket.message_but_heartbeats().await;
        if message["type"] != "event" {
            break message;
        }
    };
    assert!(tells_the_end(&end), "{end}");
    assert!(restarted.elapsed() < PATIENCE, "informed after {:?}", restarted.elapsed());
    let answer = socket.subscribe(board, Some((50, &epoch))).await;
    assert_eq!(answer["code"], "not-found", "{answer}");

    let again = api.board("Born again").await;
    assert_eq!(again, board, "ids restart from 1");
    let document = api.document(again).await;
    assert_ne!(document["epoch"], epoch);
    let answer = socket.subscribe(again, Some((50, &epoch))).await;
    assert_eq!(
        (&answer["type"], &answer["reason"]),
        (&json!("reset"), &json!("epoch")),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt_quick_win_a_new_board_under_an_old_id_is_never_taken_for_the_old_one() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    let board = api.board("Old").await;
    let epoch = api.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    api.add_many(board, 5).await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    stack.kill_functions();
    stack.restart_functions().await;
    // The new board passes the old one's event numbers.
    assert_eq!(api.board("New").await, board);
    api.add_many(board, 8).await;
    let message = socket.message_but_heartbeats().await;
    assert!(
        tells_the_end(&message),
        "an event of the new board as if it were the old one's: {message}"
    );
    for after in [0, 5, 8] {
        let answer = socket.subscribe(board, Some((after, &epoch))).await;
        assert_eq!(
            (&answer["type"], &answer["reason"]),
            (&json!("reset"), &json!("epoch")),
            "{answer}"
        );
    }
    let epoch = api.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    let answer = socket.subscribe(board, Some((3, &epoch))).await;
    assert_eq!((&answer["type"], seq(&answer)), (&json!("subscribed"), 8), "{answer}");
    for number in 4..=8 {
        assert_eq!(socket.event(number).await["board_id"], board);
    }
    api.task(board, "Live").await;
    socket.event(9).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rt_quick_win_a_relay_that_is_started_before_the_host_works_when_the_host_is_there() {
    let stack = Stack::start().await;
    let api = Api::new(&stack);
    stack.kill_functions();
    stack.kill_relay();
    let mut socket = {
        let (socket, ()) = tokio::join!(
            async {
                let deadline = Instant::now() + LONGEST;
                loop {
                    match Socket::try_open(&api).await {
                        Ok(socket) => return socket,
                        Err(_) => {
                            assert!(Instant::now() < deadline, "no relay");
                            tokio::time::sleep(Duration::from_millis(10)).await;
                        }
                    }
                }
            },
            async {
                // The relay may report that it is not ready: its source is unavailable.
                stack.run_relay();
                stack.restart_functions().await;
            }
        );
        socket
    };
    let board = api.board("Late host").await;
    let answer = socket.subscribe(board, None).await;
    assert_eq!(answer["type"], "subscribed", "{answer}");
    api.task(board, "Seen").await;
    socket.event(1).await;
}
