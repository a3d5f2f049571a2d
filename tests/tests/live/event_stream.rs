//! Event streams in both modes, through the whole application.

use contract_tests::api::seq;
use contract_tests::event_stream::{EventStream, NoStream};
use contract_tests::{Api, Client};
use serde_json::json;

/// Asks for the stream of a board; `query` begins with a question mark, or is empty.
async fn open(
    api: &Api<'_>,
    board: u64,
    query: &str,
    last_event_id: Option<u64>,
) -> Result<EventStream, NoStream> {
    let streams = api.mode.boards.replacen("/api", "/sse", 1);
    let url = format!("{}{streams}/{board}{query}", api.stack.relay_url());
    let bearer = api.token().map(|token| format!("Bearer {token}"));
    let id = last_event_id.map(|id| id.to_string());
    let bearer = bearer.as_deref().map(|bearer| ("authorization", bearer));
    let id = id.as_deref().map(|id| ("last-event-id", id));
    let headers: Vec<_> = bearer.into_iter().chain(id).collect();
    EventStream::open(&url, &headers, None).await
}

contract_tests::in_both_modes! {
async fn rt_stream_follows_a_board_and_goes_on_after_its_last_event_id(api: Api<'static>) {
    let board = api.board("Streamed").await;
    api.add_many(board, 3).await;
    let epoch = api.document(board).await["epoch"].as_str().expect("an epoch").to_owned();
    let from = format!("?after=1&epoch={epoch}");
    let mut stream = open(&api, board, &from, None).await.expect("a stream");
    let cursor = stream.message().await;
    let expected = json!({"type": "subscribed", "board": board, "seq": 3, "epoch": epoch});
    assert_eq!(cursor, expected);
    stream.event(2).await;
    stream.event(3).await;
    let text = "Live\nand on\r\nthree lines";
    let _ = api.add(board, &json!({"title": "Live", "description": text})).await;
    let event = stream.event(4).await;
    assert_eq!(event["task"]["description"], text);
    let last = stream.last_event_id;
    drop(stream);
    api.add_many(board, 2).await;
    let mut stream = open(&api, board, &from, last).await.expect("a stream");
    assert_eq!(stream.subscribed(board).await, 6);
    stream.event(5).await;
    stream.event(6).await;
}

async fn rt_stream_of_a_board_that_is_deleted_ends_and_then_there_is_none(api: Api<'static>) {
    let board = api.board("Over").await;
    let mut stream = open(&api, board, "", None).await.expect("a stream");
    assert_eq!(stream.subscribed(board).await, 0);
    let _ = api.delete(&api.board_path(board)).send().await.expect(204);
    stream.event(1).await;
    let end = json!({"type": "unsubscribed", "board": board, "reason": "deleted"});
    assert_eq!(stream.message().await, end);
    assert_eq!(stream.ended().await, 1000);
    for (board, query) in [(board, "?after=1"), (board, ""), (999_999_999, "")] {
        let refused = open(&api, board, query, None).await;
        assert!(matches!(refused, Err(NoStream::Refused(404))), "{board}{query}: {refused:?}");
    }
}

async fn rt_stream_with_a_cursor_of_another_history_is_reset(api: Api<'static>) {
    let board = api.board("Lost").await;
    api.add_many(board, 2).await;
    for query in ["?after=1&epoch=another", "?after=9"] {
        let mut stream = open(&api, board, query, None).await.expect("a stream");
        let reset = json!({"type": "reset", "board": board, "seq": 2, "reason": "epoch"});
        assert_eq!(stream.message().await, reset);
        assert_eq!(stream.ended().await, 1000);
    }
    // A page then fetches the board and opens a stream from its seq.
    let document = api.document(board).await;
    let query = format!("?after={}&epoch={}", seq(&document), document["epoch"].as_str().expect("it"));
    let mut stream = open(&api, board, &query, None).await.expect("a stream");
    assert_eq!(stream.subscribed(board).await, 2);
    api.task(board, "On").await;
    stream.event(3).await;
}
}

#[tokio::test]
async fn rt_stream_a_quick_win_stream_names_a_faulty_parameter_and_an_unknown_board() {
    let api = Api::shared().await;
    let relay = Client::new(api.stack.relay_url());
    let board = api.board("Asked").await;
    let path = format!("/sse/quick-win/boards/{board}");
    let problem = relay.get(&format!("{path}?after=x")).send().await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "?after");
    let path = "/sse/quick-win/boards/999999999";
    let _ = relay.get(path).send().await.problem(404, "not-found");
}
