//! A pooler in front of PostgreSQL in transaction mode: each transaction may get another session.

use super::{World, said};
use contract_tests::pooler::Pooler;
use contract_tests::stack::program;
use contract_tests::{Api, Client, Socket, Stack, people};
use futures::future::join_all;
use serde_json::json;
use std::process::Command;

/// Servers that reach PostgreSQL through the pooler.
async fn stack(world: &World, pooler: &Pooler) -> Stack {
    let mut environment = world.databases.environment();
    environment.extend(pooler.environment());
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Stack::start_with(&environment, &environment).await
}

/// One person's concurrent reads and writes, and an event on a socket.
async fn live(stack: &Stack, name: &str) {
    let (token, actor) = people::register(stack, name).await;
    let api = Api::of_user(stack, &token, actor);
    let board = api.board("Pooled").await;
    let mut socket = Socket::open(&api).await;
    let _ = socket.subscribe(board, None).await;
    let client = Client::new(stack.functions_url()).with_token(&token);
    let paths = ["/api/boards", "/api/auth/me", "/api/boards?summary=true"].map(str::to_owned);
    let of_board = [api.board_path(board), api.events_path(board, 0), api.tasks_path(board)];
    let paths: Vec<String> = paths.into_iter().chain(of_board).collect();
    for round in 1..=5 {
        let reads = join_all(paths.iter().map(|path| client.get(path).send()));
        let body = json!({"title": format!("round {round}")});
        let (replies, added) = tokio::join!(reads, api.add(board, &body));
        let _ = added.expect(201);
        for reply in replies {
            let _ = reply.expect(200);
        }
        let _ = socket.event(round).await;
    }
}

#[tokio::test]
async fn two_processes_share_the_sessions_of_a_pooler_and_nothing_of_one_meets_the_other() {
    let (world, _turn) = World::take().await;
    let pooler = Pooler::start(&world.databases);
    let (one, two) = (stack(world, &pooler).await, stack(world, &pooler).await);
    tokio::join!(live(&one, "ada-of-one"), live(&two, "bob-of-two"), live(&one, "eve-of-one"));

    let run = |name: &str, arguments: &[&str]| {
        let mut command = Command::new(program(name));
        command.args(arguments).env("DATABASE_URL", pooler.database_url()).env("REDIS_URL", "");
        let output = command.output().expect("a program");
        assert!(output.status.success(), "{name}: {}", said(&output));
    };
    for _ in 0..2 {
        run("migrate", &[]);
        run("make-admin", &["ada-of-one"]);
        run("make-admin", &["ada-of-one", "--revoke"]);
    }
    run("database-restored", &[]);
    // Anything they left behind is in the pooler's sessions.
    let left = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
    assert_eq!(world.databases.psql(left).as_deref(), Ok("0\n"));
}
