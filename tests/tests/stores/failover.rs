//! A Redis of several servers under writes: a cluster node fails, a slot moves to another node, or
//! a primary watched by sentinels fails. Nothing is lost, nothing comes twice (RT1, RT2, RT3).

use super::{World, said};
use contract_tests::api::{assert_dense, seq};
use contract_tests::certificates::Authority;
use contract_tests::follower::{Follower, Goal};
use contract_tests::redis_cluster::{RedisCluster, RedisSentinels};
use contract_tests::stack::program;
use contract_tests::{Api, Client, Socket, Stack, people};
use futures::future::join_all;
use serde_json::{Value, json};
use std::cell::Cell;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long it may take until another server has replaced the failed one.
const PATIENCE: Duration = Duration::from_secs(30);

/// The number of boards: enough that each node holds some of their shards.
const BOARDS: usize = 8;

/// Servers that use this Redis.
async fn stack(world: &World, redis: &[(&'static str, String)]) -> Stack {
    let mut environment = world.databases.environment();
    environment.extend_from_slice(redis);
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Stack::start_with(&environment, &environment).await
}

/// The `/readyz` of functions and relay.
async fn readiness(stack: &Stack) -> [(u16, Value); 2] {
    let ask = async |url: String| {
        let reply = Client::new(url).get("/readyz").try_send().await.expect("an answer");
        (reply.status, reply.json().clone())
    };
    let (functions, relay) = (stack.functions_url(), stack.relay_url());
    [ask(functions).await, ask(relay).await]
}

/// Adds a task; returns whether its event was published to Redis.
async fn is_delivered(api: &Api<'_>, board: u64, title: &str) -> bool {
    let reply = api.add(board, &json!({"title": title})).await.expect(201);
    let deferred = reply.header("event-delivery");
    assert!(deferred.is_none_or(|value| value == "deferred"), "{reply}");
    deferred.is_none()
}

/// The events of a board's stream, from the node that has it.
fn streamed(board: u64, ask: impl Fn(&[&str]) -> Vec<(String, Vec<String>)>) -> Vec<Value> {
    let key = format!("{{s{}}}:board:{board}:events", board % 16);
    let entries = ask(&["XRANGE", &key, "-", "+"]);
    let event = |(_, fields): &(String, Vec<String>)| serde_json::from_str(&fields[1]);
    entries.iter().map(event).collect::<Result<_, _>>().expect("events")
}

/// Waits until `/readyz` of both reports the fault.
async fn told_what_is_wrong(stack: &Stack) -> [String; 2] {
    let deadline = Instant::now() + PATIENCE;
    let mut reported = [None, None];
    while reported.contains(&None) {
        for (reported, (status, document)) in reported.iter_mut().zip(readiness(stack).await) {
            let detail = [&document["details"]["redis"], &document["stores"]["redis"]["detail"]];
            if status == 503 {
                let detail = detail.into_iter().find_map(Value::as_str);
                *reported = Some(detail.expect("a reason").to_owned());
            }
        }
        assert!(Instant::now() < deadline, "one was ready all the time: {reported:?}");
    }
    reported.map(Option::unwrap_or_default)
}

/// The results of writes.
struct Written<T> {
    boards: Vec<u64>,
    /// How many events were not published to Redis at once.
    deferred: usize,
    /// The faults found meanwhile.
    outcome: T,
}

/// Checks that followers of some boards see every event once and in order, whatever is done during
/// the writes (to the first of the boards), and that both servers are ready in the end.
async fn write_through<T>(
    world: &World,
    stack: &Stack,
    api: &Api<'_>,
    happens: impl AsyncFnOnce(u64) -> T,
) -> Written<T> {
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
    let (has_happened, delivered, deferred) = (Cell::new(false), Cell::new(0), Cell::new(0));
    let write = async |board: u64, goal: &Goal| {
        let deadline = Instant::now() + PATIENCE;
        let (mut written, mut in_a_row) = (1, 0);
        // Until events have been published to Redis again for a while.
        while !has_happened.get() || in_a_row < 10 {
            let is_told = is_delivered(api, board, &format!("task {written}")).await;
            written += 1;
            in_a_row = if is_told { in_a_row + 1 } else { 0 };
            let count = if is_told { &delivered } else { &deferred };
            count.set(count.get() + 1);
            assert!(Instant::now() < deadline, "Redis is back, but events stay deferred");
            if !is_told {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        goal.is(seq(&api.document(board).await));
    };
    let writers = join_all(boards.iter().zip(&goals).map(|(board, goal)| write(*board, goal)));
    let happening = async {
        while delivered.get() < 10 * BOARDS {
            tokio::task::yield_now().await;
        }
        let outcome = happens(boards[0]).await;
        has_happened.set(true);
        outcome
    };
    let (_, outcome, followers) = tokio::join!(writers, happening, join_all(followers));
    assert!(
        followers.iter().all(|follower| follower.resets.is_empty()),
        "a client was sent a reset"
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
    Written { boards, deferred: deferred.get(), outcome }
}

/// A primary of the cluster fails under writes; then an operator's command reaches everybody.
/// `name` is a new user.
async fn fail_over(world: &World, mut cluster: RedisCluster, name: &str) {
    let environment = cluster.environment();
    let stack = stack(world, &environment).await;
    let (token, actor) = people::register(&stack, name).await;
    let api = Api::of_user(&stack, &token, actor);
    let states = readiness(&stack).await;
    assert!(states.iter().all(|(status, _)| *status == 200), "{states:?}");

    let written = write_through(world, &stack, &api, async |board| {
        cluster.kill(&format!("{{s{}}}", board % 16));
        told_what_is_wrong(&stack).await
    });
    let written = written.await;
    assert!(written.deferred > 0, "nothing has failed");
    for said in written.outcome {
        assert!(said.contains("slots") || said.contains("CLUSTERDOWN"), "{said}");
    }
    for board in written.boards {
        let published = streamed(board, |words| cluster.ask(words));
        assert_eq!(published, world.databases.logged(board), "board {board}");
    }

    // The command finds the node as well, and the relay is notified at once.
    let mut socket = Socket::open(&api).await;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program("make-admin"));
        command.args(arguments).env("DATABASE_URL", world.databases.database_url());
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        said(&command.env("REDIS_URL", &environment[0].1).output().expect("a program"))
    };
    let made = run(&[name]);
    let ended = run(&[name, "--revoke"]);
    // Published to Redis, so there is no hint about ten seconds.
    assert!(ended.trim_end().ends_with("logged out everywhere"), "{made}{ended}");
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn rt2_a_fail_over_in_a_redis_cluster_amid_writes_loses_and_doubles_nothing() {
    let (world, _turn) = World::take().await;
    fail_over(world, RedisCluster::start(), "ada-of-the-cluster").await;
}

#[tokio::test]
async fn rt2_a_fail_over_in_a_redis_cluster_over_tls_amid_writes_loses_and_doubles_nothing() {
    let (world, _turn) = World::take().await;
    let cluster = RedisCluster::start_secured(&Authority::new("the cluster's"));
    fail_over(world, cluster, "cyd-of-the-cluster").await;
}

#[tokio::test]
async fn rt2_a_slot_that_moves_to_another_node_amid_writes_loses_and_doubles_nothing() {
    let (world, _turn) = World::take().await;
    let cluster = RedisCluster::start();
    let stack = stack(world, &cluster.environment()).await;
    let (token, actor) = people::register(&stack, "dot-of-the-slot").await;
    let api = Api::of_user(&stack, &token, actor);
    let written = write_through(world, &stack, &api, async |board| {
        let moving = cluster.begin_to_move(&format!("{{s{}}}", board % 16));
        // Its keys are on both nodes, one more on the new one each time.
        while moving.take_one() {
            for _ in 0..3 {
                let _ = is_delivered(&api, board, "amid").await;
                let _ = api.document(board).await;
            }
        }
        // All are on the new node, and the old one still serves the slot.
        let _ = is_delivered(&api, board, "amid").await;
        let asked = moving.asked();
        moving.finish();
        asked
    });
    let written = written.await;
    assert!(written.outcome > 0, "no request reached the new node before it owned the slot");
    for board in written.boards {
        let published = streamed(board, |words| cluster.ask(words));
        assert_eq!(published, world.databases.logged(board), "board {board}");
    }
}

#[tokio::test]
async fn rt2_a_primary_that_sentinels_replace_amid_writes_loses_and_doubles_nothing() {
    let (world, _turn) = World::take().await;
    let mut sentinels = RedisSentinels::start();
    let stack = stack(world, &sentinels.environment()).await;
    let (token, actor) = people::register(&stack, "bob-of-the-sentinels").await;
    let api = Api::of_user(&stack, &token, actor);
    let written = write_through(world, &stack, &api, async |_| {
        sentinels.kill();
        told_what_is_wrong(&stack).await
    });
    let written = written.await;
    assert!(written.deferred > 0, "nothing has failed");
    for board in written.boards {
        let published = streamed(board, |words| sentinels.ask(words));
        assert_eq!(published, world.databases.logged(board), "board {board}");
    }
}
