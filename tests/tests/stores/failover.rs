//! A Redis of several servers, of which one fails while people write: a cluster, and a primary that
//! sentinels watch. Nothing is lost, nothing comes twice (RT1, RT2, RT3).

use super::{World, said};
use contract_tests::api::{assert_dense, seq};
use contract_tests::follower::{Follower, Goal};
use contract_tests::redis_cluster::{RedisCluster, RedisSentinels};
use contract_tests::stack::program;
use contract_tests::{Api, Client, Socket, Stack, people};
use futures::future::join_all;
use serde_json::{Value, json};
use std::cell::Cell;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long it may take until another server has taken the place of the one that failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many boards are written to: those of some shards lie on each node.
const BOARDS: usize = 8;

/// Servers whose Redis is this one.
async fn stack(world: &World, redis: &[(&'static str, String)]) -> Stack {
    let mut environment = world.databases.environment();
    environment.extend_from_slice(redis);
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Stack::start_with(&environment, &environment).await
}

/// What `/readyz` of functions and relay say.
async fn readiness(stack: &Stack) -> [(u16, Value); 2] {
    let ask = async |url: String| {
        let reply = Client::new(url).get("/readyz").try_send().await.expect("an answer");
        (reply.status, reply.json().clone())
    };
    let (functions, relay) = (stack.functions_url(), stack.relay_url());
    [ask(functions).await, ask(relay).await]
}

/// Adds a task; tells whether everybody was told of it by Redis.
async fn is_delivered(api: &Api<'_>, board: u64, title: &str) -> bool {
    let reply = api.add(board, &json!({"title": title})).await.expect(201);
    let deferred = reply.header("event-delivery");
    assert!(deferred.is_none_or(|value| value == "deferred"), "{reply}");
    deferred.is_none()
}

/// The events of a board's stream, by whoever has it.
fn streamed(board: u64, ask: impl Fn(&[&str]) -> Vec<(String, Vec<String>)>) -> Vec<Value> {
    let key = format!("{{s{}}}:board:{board}:events", board % 16);
    let entries = ask(&["XRANGE", &key, "-", "+"]);
    let event = |(_, fields): &(String, Vec<String>)| serde_json::from_str(&fields[1]);
    entries.iter().map(event).collect::<Result<_, _>>().expect("events")
}

/// Followers of some boards see every event once and in order, whatever `fail` does amid the writes; in
/// the end both servers are ready. Tells the boards, and what `/readyz` of both said meanwhile.
async fn write_through(
    world: &World,
    stack: &Stack,
    api: &Api<'_>,
    fail: impl FnOnce(u64),
) -> (Vec<u64>, [String; 2]) {
    let mut boards = Vec::new();
    for number in 0..BOARDS {
        boards.push(api.board(&format!("Board {number}")).await);
    }
    for board in &boards {
        assert!(is_delivered(api, *board, "before").await, "board {board}");
    }
    let goals: Vec<Goal> = boards.iter().map(|_| Goal::unknown()).collect();
    let followers =
        join_all(boards.iter().zip(&goals).map(|(board, goal)| Follower::new(api, *board, goal)));
    let followers = followers.await.into_iter().map(Follower::run);
    let (has_failed, delivered, deferred) = (Cell::new(false), Cell::new(0), Cell::new(0));
    let write = async |board: u64, goal: &Goal| {
        let deadline = Instant::now() + PATIENCE;
        let (mut written, mut in_a_row) = (1, 0);
        // Until Redis tells of them again for a while.
        while !has_failed.get() || in_a_row < 10 {
            let is_told = is_delivered(api, board, &format!("task {written}")).await;
            written += 1;
            in_a_row = if is_told { in_a_row + 1 } else { 0 };
            let count = if is_told { &delivered } else { &deferred };
            count.set(count.get() + 1);
            assert!(Instant::now() < deadline, "Redis is back, and events stay deferred");
            if !is_told {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        goal.is(seq(&api.document(board).await));
    };
    let writers = join_all(boards.iter().zip(&goals).map(|(board, goal)| write(*board, goal)));
    let failing = async {
        while delivered.get() < 10 * BOARDS {
            tokio::task::yield_now().await;
        }
        fail(boards[0]);
        has_failed.set(true);
        // Both say that something is wrong while it is, and what.
        let deadline = Instant::now() + PATIENCE;
        let mut told = [None, None];
        while told.contains(&None) {
            for (told, (status, document)) in told.iter_mut().zip(readiness(stack).await) {
                let detail =
                    [&document["details"]["redis"], &document["stores"]["redis"]["detail"]];
                if status == 503 {
                    let detail = detail.into_iter().find_map(Value::as_str);
                    *told = Some(detail.expect("what does not work").to_owned());
                }
            }
            assert!(Instant::now() < deadline, "one was ready all the time: {told:?}");
        }
        told.map(Option::unwrap_or_default)
    };
    let (_, told, followers) = tokio::join!(writers, failing, join_all(followers));
    assert!(deferred.get() > 0, "nothing has failed");
    assert!(
        followers.iter().all(|follower| follower.resets.is_empty()),
        "somebody was told a reset"
    );
    for (board, follower) in boards.iter().zip(&followers) {
        let logged = world.databases.logged(*board);
        assert_dense(&logged, 1);
        assert_eq!(follower.replica.seq(), logged.len() as u64);
    }
    let deadline = Instant::now() + PATIENCE;
    while readiness(stack).await.iter().any(|(status, _)| *status != 200) {
        assert!(Instant::now() < deadline, "not ready again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (boards, told)
}

#[tokio::test]
async fn rt2_a_fail_over_in_a_redis_cluster_amid_writes_loses_and_doubles_nothing() {
    let (world, _turn) = World::take().await;
    let mut cluster = RedisCluster::start();
    let environment = cluster.environment();
    let stack = stack(world, &environment).await;
    let (token, actor) = people::register(&stack, "ada-of-the-cluster").await;
    let api = Api::of_user(&stack, &token, actor);
    let states = readiness(&stack).await;
    assert!(states.iter().all(|(status, _)| *status == 200), "{states:?}");

    let (boards, told) = {
        let cluster = &mut cluster;
        let fail = move |board: u64| cluster.kill(&format!("{{s{}}}", board % 16));
        write_through(world, &stack, &api, fail).await
    };
    for said in told {
        assert!(said.contains("slots") || said.contains("CLUSTERDOWN"), "{said}");
    }
    for board in boards {
        let told = streamed(board, |words| cluster.ask(words));
        assert_eq!(told, world.databases.logged(board), "board {board}");
    }

    // A command finds the node as well, and the relay hears of it at once.
    let mut socket = Socket::open(&api).await;
    let [(_, redis_url), _] = environment;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program("make-admin"));
        command.args(arguments).env("DATABASE_URL", world.databases.database_url());
        said(&command.env("REDIS_URL", &redis_url).output().expect("a program"))
    };
    let made = run(&["ada-of-the-cluster"]);
    let ended = run(&["ada-of-the-cluster", "--revoke"]);
    // Where Redis was told of it, nothing is said of ten seconds.
    assert!(ended.trim_end().ends_with("logged out everywhere"), "{made}{ended}");
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn rt2_a_primary_that_sentinels_replace_amid_writes_loses_and_doubles_nothing() {
    let (world, _turn) = World::take().await;
    let mut sentinels = RedisSentinels::start();
    let stack = stack(world, &sentinels.environment()).await;
    let (token, actor) = people::register(&stack, "bob-of-the-sentinels").await;
    let api = Api::of_user(&stack, &token, actor);
    let (boards, _) = {
        let sentinels = &mut sentinels;
        write_through(world, &stack, &api, move |_| sentinels.kill()).await
    };
    for board in boards {
        let told = streamed(board, |words| sentinels.ask(words));
        assert_eq!(told, world.databases.logged(board), "board {board}");
    }
}
