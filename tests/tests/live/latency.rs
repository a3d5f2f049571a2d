//! How long an event takes from the request to a second client: a measurement, not a promise.

use contract_tests::{Api, Socket};
use serde_json::json;
use std::io::Write as _;
use std::time::Instant;

contract_tests::in_both_modes! {
async fn time_from_post_to_the_event_at_a_second_client(api: Api<'static>) {
    let board = api.board("Timed").await;
    let mut socket = Socket::open(&api).await;
    socket.subscribe(board, None).await;
    let mut times = Vec::new();
    for number in 1..=200 {
        let start = Instant::now();
        let body = json!({"title": "Timed"});
        let path = api.tasks_path(board);
        let (reply, time) = tokio::join!(api.post(&path, &body).send(), async {
            socket.event(number).await;
            start.elapsed()
        });
        let _ = reply.expect(201);
        times.push(time);
    }
    times.sort_unstable();
    let (median, nearly_worst) = (times[100], times[198]);
    // Bypasses the capture of output, so that the figures appear when the test passes, too.
    let line = format!(
        "{}: POST to event at a second client: median {median:.2?}, 99 % within {nearly_worst:.2?}",
        api.mode.boards
    );
    let _ = writeln!(std::io::stderr(), "{line}");
}
}
