//! The whole application over a Redis with RedisJSON.

use contract_tests::api::Api;
use contract_tests::chance::dice;
use contract_tests::redis_server::RedisServer;
use contract_tests::replica::canonical;
use contract_tests::{Databases, Stack, people, walk};
use std::collections::BTreeMap;

#[tokio::test]
async fn rt5_a_board_cached_as_json_is_what_the_database_has_after_every_write() {
    let (databases, redis) = (Databases::start(), RedisServer::with_json());
    let mut environment: BTreeMap<&str, String> = databases.environment().into_iter().collect();
    environment.extend(redis.environment());
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stack = Stack::start_with(&environment, &[]).await;
    let (token, actor) = people::register(&stack, "ada").await;
    let ada = Api::of_user(&stack, &token, actor);
    let board = ada.board("As JSON").await;
    let path = ada.board_path(board);
    assert_eq!(ada.get(&path).send().await.expect_header("x-cache"), "miss");
    let mut dice = dice();
    for _ in 0..30 {
        let written = walk::step(&ada, board, &mut dice).await;
        assert_eq!(written.header("event-delivery"), None, "{written}");
        let read = ada.get(&path).send().await.expect(200);
        assert_eq!(read.expect_header("x-cache"), "hit");
        assert_eq!(canonical(&read.json()), canonical(&databases.board(board, "owner")));
    }
    let kind: String = redis::cmd("TYPE")
        .arg(format!("{{s{}}}:board:{board}:doc", board % 16))
        .query(&mut redis.connection())
        .expect("a kind");
    assert_eq!(kind, "ReJSON-RL", "it is kept as JSON");
}
