//! RT5: a snapshot and the events after it give the server's board, byte for byte.

use contract_tests::Api;
use contract_tests::api::{USERNAME, seq};
use contract_tests::follower::{Follower, Goal};
use contract_tests::replica::canonical;
use fastrand::Rng;
use futures::future::join_all;
use serde_json::{Value, json};
use shared::models::TaskTitle;
use shared::validation::FromField as _;

const COMMANDS_OF_A_WRITER: usize = 120;
const STATUSES: [&str; 3] = ["todo", "in_progress", "finished"];

/// The seed of this run: `TASKBOARD_SEED`, or a fresh one.
fn seed() -> u64 {
    let chosen = std::env::var("TASKBOARD_SEED").ok().and_then(|seed| seed.parse().ok());
    chosen.unwrap_or_else(|| fastrand::u64(..))
}

contract_tests::in_both_modes! {
async fn rt5_replicas_that_reconnect_at_random_equal_the_servers_board(api: Api<'static>) {
    let seed = seed();
    eprintln!("TASKBOARD_SEED={seed}");
    let board = api.board("Random").await;
    let goal = Goal::unknown();
    let mut followers = vec![Follower::new(&api, board, &goal).await];
    for number in 0..4 {
        let rng = Rng::with_seed(seed.wrapping_add(100 + number));
        followers.push(Follower::new(&api, board, &goal).await.restless(rng));
    }
    let (followers, document) =
        tokio::join!(join_all(followers.into_iter().map(Follower::run)), async {
            let writers =
                (0..4).map(|number| write(&api, board, Rng::with_seed(seed.wrapping_add(number))));
            join_all(writers).await;
            let document = api.document(board).await;
            goal.is(seq(&document));
            document
        });
    assert!(seq(&document) > 100, "too few events");
    assert!(
        followers[1..].iter().any(|follower| follower.subscriptions > 3),
        "no client reconnected"
    );
    for follower in followers {
        assert!(follower.resets.is_empty());
        assert_eq!(follower.replica.canonical(), canonical(&document));
    }
}
}

/// Sends random commands, some of which fail or change nothing.
async fn write(api: &Api<'_>, board: u64, mut rng: Rng) {
    for _ in 0..COMMANDS_OF_A_WRITER {
        let task = api.task_path(board, rng.u64(1..30));
        let call = match rng.u32(..10) {
            0..3 => api.post(
                &api.tasks_path(board),
                &json!({"title": text(&mut rng), "status": status(&mut rng)}),
            ),
            3..8 => api.patch(&task, &patch(&mut rng)),
            8 => api.delete(&task),
            _ => api.patch(&api.board_path(board), &json!({"name": text(&mut rng)})),
        };
        let reply = call.send().await;
        assert!(matches!(reply.status, 200 | 201 | 204 | 404), "{reply}");
    }
}

fn patch(rng: &mut Rng) -> Value {
    let mut patch = json!({});
    if rng.bool() {
        patch["title"] = json!(text(rng));
    }
    if rng.bool() {
        patch["status"] = json!(status(rng));
    }
    match rng.u32(..4) {
        0 => patch["description"] = json!(text(rng)),
        1 => patch["assigned_to"] = json!(USERNAME),
        2 => patch["assigned_to"] = json!(null),
        _ => {}
    }
    patch
}

fn status(rng: &mut Rng) -> &'static str {
    STATUSES[rng.usize(..STATUSES.len())]
}

/// A short text of any characters that a title may have, the first of which is visible.
fn text(rng: &mut Rng) -> String {
    let seen = rng.alphanumeric();
    let length = rng.usize(1..20);
    let characters = std::iter::repeat_with(|| rng.char('!'..));
    // API-LINE accepts no invisible characters.
    let plain = characters.filter(|character| {
        let title = TaskTitle::from_field(json!(format!("a{character}b")));
        !character.is_whitespace() && title.is_ok()
    });
    std::iter::once(seen).chain(plain.take(length)).collect()
}
