//! The order of a board's events, whatever is offered and read in whatever order.

use super::{Board, HubSettings};
use crate::connection::Connection;
use crate::event::EventFrame;
use crate::metrics::Offered;
use bytes::Bytes;
use proptest::prelude::*;
use shared::models::BoardId;
use std::sync::Arc;
use std::time::Duration;

const SETTINGS: HubSettings = HubSettings {
    boards: 1,
    ring_events: 1000,
    ring_bytes: 1 << 20,
    check_interval: Duration::from_secs(1),
    linger: Duration::from_secs(1),
};

fn event(seq: u64) -> EventFrame {
    let frame = Bytes::copy_from_slice(&seq.to_be_bytes());
    EventFrame {
        seq,
        frame,
        deletes_board: false,
        removes_member: None,
        timestamp: None,
        published: None,
        trace: None,
    }
}

fn board() -> Board<Connection> {
    let board = Board::new(BoardId::new(7).expect("an id"), &SETTINGS);
    board.state().load(Arc::from("e1"), 0, Vec::new());
    board
}

/// Everything appended so far, by what the frames say.
fn appended(board: &Board<Connection>) -> Vec<u64> {
    let state = board.state();
    let mut all = Vec::new();
    let mut next = 1;
    loop {
        let batch = state.ring.batch(next);
        if batch.is_empty() {
            return all;
        }
        next += batch.len() as u64;
        all.extend(batch.iter().map(|frame| u64::from_be_bytes(frame[..8].try_into().expect("8"))));
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// A post of this event, maybe of another epoch.
    Offer(u64, bool),
    /// A read of up to this many events after the head.
    Read(usize),
}

fn step(last: u64) -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..=last, prop::bool::weighted(0.1)).prop_map(|(seq, foreign)| Step::Offer(seq, foreign)),
        1 => (0..20_usize).prop_map(Step::Read),
    ]
}

proptest! {
    #[test]
    fn rt1_to_rt3_events_are_appended_dense_and_once_in_any_order_of_posts_and_reads(
        steps in prop::collection::vec(step(300), 0..400),
    ) {
        let board = board();
        for step in steps {
            match step {
                Step::Offer(seq, true) => {
                    prop_assert_eq!(board.offer("e2", event(seq)), Offered::Foreign);
                }
                Step::Offer(seq, false) => {
                    let head = board.state().head;
                    let offered = board.offer("e1", event(seq));
                    let expected = match seq {
                        _ if seq <= head => Offered::Duplicate,
                        _ if seq == head + 1 => Offered::Appended,
                        _ => Offered::Early,
                    };
                    prop_assert_eq!(offered, expected);
                }
                Step::Read(count) => {
                    let mut state = board.state();
                    let head = state.head;
                    state.append_all((head + 1..=300).take(count).map(event).collect());
                }
            }
            let state = board.state();
            prop_assert!(state.known >= state.head);
            prop_assert_eq!(state.gap_since.is_some(), state.known > state.head);
            let head = state.head;
            drop(state);
            prop_assert_eq!(appended(&board), (1..=head).collect::<Vec<_>>());
        }
        let mut state = board.state();
        let head = state.head;
        state.append_all((head + 1..=300).map(event).collect());
        prop_assert_eq!((state.head, state.known), (300, 300));
    }
}

#[test]
fn rt_replay_events_that_came_while_the_board_was_read_are_not_lost() {
    let board = Board::<Connection>::new(BoardId::new(7).expect("an id"), &SETTINGS);
    for (epoch, seq) in [("e1", 5), ("e1", 3), ("e0", 4), ("e1", 4)] {
        assert_eq!(board.offer(epoch, event(seq)), Offered::Early);
    }
    board.state().load(Arc::from("e1"), 3, vec![event(2), event(3)]);
    let state = board.state();
    assert_eq!((state.head, state.known, state.gap_since), (5, 5, None));
}

#[test]
fn rt6_nothing_follows_the_deletion_of_a_board() {
    let board = board();
    let mut deletion = event(1);
    deletion.deletes_board = true;
    assert_eq!(board.offer("e1", deletion), Offered::Appended);
    assert_eq!(board.offer("e1", event(2)), Offered::Unwatched);
    assert_eq!(appended(&board), [1]);
}
