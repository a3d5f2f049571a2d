//! A board's existence does not leak: a stranger's 404 and that of a board which is not there are the
//! same answer, for the same work (docs/contract/api.md).

use contract_tests::api::World;
use contract_tests::http::Reply;
use serde_json::Value;

/// What an answer spent where, in milliseconds.
fn spent(reply: &Reply) -> Vec<(String, f64)> {
    let parts = reply.list("server-timing");
    let read = |part: String| {
        let (name, duration) = part.split_once(";dur=").expect("a duration");
        (name.to_owned(), duration.parse().expect("milliseconds"))
    };
    parts.into_iter().map(read).collect()
}

/// An answer but for what differs from request to request.
fn shape(reply: &Reply) -> (u16, Vec<String>, Vec<String>, Value) {
    let mut body = reply.json();
    body["request_id"] = Value::Null;
    let mut headers: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    let stores = spent(reply).into_iter().map(|(name, _)| name).collect();
    (reply.status, headers, stores, body)
}

#[tokio::test]
async fn api_404_of_a_stranger_is_that_of_a_board_which_is_not_there_in_every_respect() {
    let world = World::shared().await;
    let (ada, stranger) = (world.somebody().await, world.somebody().await);
    let board = ada.board("Large").await;
    let statement = format!(
        "SELECT count(task_add('{{\"user_id\": {}}}', {board}, jsonb_build_object( \
         'title', 'task ' || n, 'description', repeat('x', 200)))) FROM generate_series(1, 3000) AS n",
        ada.user_id()
    );
    let _ = world.databases().psql(&statement).expect("tasks");
    let whole: f64 = spent(&ada.get(&ada.board_path(board)).send().await.expect(200))
        .iter()
        .map(|(_, duration)| duration)
        .sum();
    for rest in [
        "",
        "?at=3000",
        "/members",
        "/tasks?limit=200",
        "/tasks/1",
        "/tasks/1/comments",
        "/tasks/1/events",
        "/events",
        "/export",
    ] {
        let ask = async |board: u64| {
            let reply = stranger.get(&format!("/api/boards/{board}{rest}")).send().await;
            assert_eq!(reply.status, 404, "{rest}: {reply}");
            reply
        };
        assert_eq!(shape(&ask(board).await), shape(&ask(999_999_999).await), "{rest}");
        let mut times = Vec::new();
        for _ in 0..3 {
            times.push(spent(&ask(board).await).iter().map(|(_, it)| it).sum::<f64>());
        }
        // On a busy machine one of three is undisturbed.
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least * 5.0 < whole, "{rest}: {times:?} ms of {whole} ms for all of it");
    }
}
