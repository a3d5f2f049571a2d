//! What holds of a quick-win board under any commands whatever.

use super::storage::serialise;
use super::{
    AddedTask, Applied, BoardState, Command, KEPT_EVENTS, KeyedRequest, Refusal, StoredBoard,
};
use crate::models::{
    Action, BoardDocument, BoardId, Event, NewTask, Seq, Subject, TaskId, TaskPatch, Timestamp,
};
use crate::preconditions::Condition;
use crate::validation::{Fields, FromField};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn board() -> StoredBoard {
    let id = BoardId::new(7).expect("an id");
    let name = FromField::from_field(json!("Plan")).expect("a name");
    StoredBoard::new(BoardState::new(id, "e1".to_owned(), name, Timestamp::from_milliseconds(0)))
}

fn command() -> impl Strategy<Value = Command> {
    let id = (1_u64..12).prop_map(|id| TaskId::new(id).expect("an id"));
    let status = prop_oneof![Just("todo"), Just("in_progress"), Just("finished")];
    let title = "[a-c]{1,3}";
    let add = (title, status.clone()).prop_map(|(title, status)| {
        let body = json!({"title": title, "status": status}).to_string();
        let fields = Fields::read(body.as_bytes()).expect("an object");
        Command::AddTask(NewTask::parse(fields).expect("valid"))
    });
    let patch = prop_oneof![
        title.prop_map(|title| json!({"title": title})),
        status.prop_map(|status| json!({"status": status})),
        Just(json!({"assigned_to": null})),
        Just(json!({"assigned_to": "ada", "description": "long"})),
    ];
    let update = (id.clone(), patch).prop_map(|(id, patch)| {
        let fields = Fields::read(patch.to_string().as_bytes()).expect("an object");
        Command::UpdateTask(id, TaskPatch::parse(fields).expect("valid"))
    });
    prop_oneof![
        3 => add,
        4 => update,
        2 => id.prop_map(Command::DeleteTask),
        1 => "[a-c]{1,2}".prop_map(|name| {
            Command::RenameBoard(FromField::from_field(json!(name)).expect("a name"))
        }),
    ]
}

/// The client's side of docs/contract/realtime.md, RT-CLIENT, for one event that is next in order.
fn follow(document: &mut BoardDocument, event: &Event) {
    match &event.subject {
        Subject::Board { board } => document.board = board.clone(),
        Subject::Task { task } => {
            document.tasks.retain(|known| known.id != task.id);
            if event.action != Action::Delete {
                document.tasks.push(task.clone());
                document.tasks.sort_by_key(|task| task.id);
            }
        }
    }
    document.board.seq = event.seq;
    document.board.updated_at = event.timestamp;
    document.events.push(event.clone());
    let surplus = document.events.len().saturating_sub(KEPT_EVENTS);
    document.events.drain(..surplus);
}

fn document(stored: &StoredBoard) -> BoardDocument {
    serde_json::from_str(&stored.document(KEPT_EVENTS)).expect("a document")
}

proptest! {
    #[test]
    fn rt1_rt5_events_are_dense_and_a_snapshot_plus_its_events_is_the_board(
        commands in prop::collection::vec((command(), -5_i64..50), 1..80),
        split in 0_usize..80,
    ) {
        let mut stored = board();
        let mut clock = 1_000;
        let mut replica = None;
        let mut last = stored.state().board().clone();
        for (index, (command, step)) in commands.into_iter().enumerate() {
            if index == split {
                replica = Some(document(&stored));
            }
            clock += step;
            let before = stored.clone();
            match stored.apply(command, None, Timestamp::from_milliseconds(clock)) {
                Ok(Applied::Changed(event)) => {
                    prop_assert_eq!(event.seq, last.seq.next());
                    prop_assert!(event.timestamp >= last.updated_at);
                    if let Some(replica) = &mut replica {
                        follow(replica, &event);
                    }
                }
                Ok(Applied::Unchanged) | Err(_) => prop_assert_eq!(&stored, &before),
            }
            last = stored.state().board().clone();
            let decoded = StoredBoard::decode(stored.encode().expect("small")).expect("decodes");
            prop_assert_eq!(&decoded, &stored);
        }
        if let Some(replica) = replica {
            prop_assert_eq!(
                serde_json::to_value(replica).expect("JSON"),
                serde_json::to_value(document(&stored)).expect("JSON")
            );
        }
    }
}

fn add(stored: &mut StoredBoard, title: &str) -> Event {
    let body = json!({"title": title}).to_string();
    let new = NewTask::parse(Fields::read(body.as_bytes()).expect("an object")).expect("valid");
    match stored.apply(Command::AddTask(new), None, Timestamp::from_milliseconds(5)) {
        Ok(Applied::Changed(event)) => *event,
        other => panic!("not added: {other:?}"),
    }
}

#[test]
fn rt3_events_are_complete_or_refused_never_with_a_hole() {
    let mut stored = board();
    let total = KEPT_EVENTS + 10;
    let events: Vec<String> =
        (1..=total).map(|n| serialise(&add(&mut stored, &format!("task {n}")))).collect();
    let after = |seq: u64, limit| stored.events_after(Seq::new(seq).expect("a seq"), limit);
    assert_eq!(after(9, 5), None, "event 10 is no longer kept");
    let page = after(10, 5).expect("kept");
    assert_eq!(page.items, events[10..15]);
    assert_eq!(page.next_after, Seq::new(15));
    let page = after(10, total).expect("kept");
    assert_eq!(page.items, events[10..]);
    assert_eq!(page.next_after, None);
    assert_eq!(after(total as u64, 5).expect("nothing new").items, Vec::<&str>::new());
    assert_eq!(after(total as u64 + 9, 5).expect("from the future").items, Vec::<&str>::new());
}

#[test]
fn rt4_the_deletion_of_a_board_stays_readable_when_all_else_is_gone() {
    let mut stored = board();
    add(&mut stored, "a");
    let deleted = stored.apply(Command::DeleteBoard, None, Timestamp::from_milliseconds(9));
    let Ok(Applied::Changed(event)) = deleted else { panic!("not deleted: {deleted:?}") };
    assert_eq!((event.action, event.seq), (Action::Delete, Seq::new(2).expect("a seq")));
    let page = stored.events_after(Seq::new(1).expect("a seq"), 10).expect("kept");
    assert_eq!(page.items, [serialise(&event)]);
    assert_eq!(stored.events_after(Seq::ZERO, 10), None);
    let again = stored.apply(Command::DeleteBoard, None, Timestamp::from_milliseconds(9));
    assert_eq!(again, Err(Refusal::BoardNotFound));
}

proptest! {
    #[test]
    fn api_idempotency_the_same_key_and_body_replay_the_first_answer_and_change_nothing(
        commands in prop::collection::vec((command(), 0_u8..4), 1..60),
    ) {
        let mut stored = board();
        let mut made: BTreeMap<u8, (String, AddedTask)> = BTreeMap::new();
        for (clock, (command, key)) in (0_i64..).zip(commands) {
            let now = Timestamp::from_milliseconds(clock);
            let Command::AddTask(new) = command else {
                let _ = stored.apply(command, None, now);
                continue;
            };
            let fingerprint = format!("{new:?}");
            let request = KeyedRequest { key: key.to_string(), fingerprint };
            let before = stored.clone();
            let answer = stored.add_task(new, Some(&request), now);
            match (made.get(&key), answer) {
                (None, Ok(added)) => {
                    let board = stored.state();
                    prop_assert!(!added.replayed);
                    prop_assert_eq!(added.seq, before.state().board().seq.next());
                    prop_assert_eq!(added.seq, board.board().seq);
                    prop_assert_eq!(board.task(added.task.id), Some(&added.task));
                    let event = stored.newest_events(1).concat();
                    let event: Event = serde_json::from_str(&event).expect("an event");
                    prop_assert_eq!(event.subject, Subject::Task { task: added.task.clone() });
                    made.insert(key, (request.fingerprint, added));
                }
                (Some((fingerprint, first)), Ok(again)) => {
                    prop_assert_eq!(fingerprint, &request.fingerprint);
                    prop_assert_eq!(again, AddedTask { replayed: true, ..first.clone() });
                    prop_assert_eq!(&stored, &before);
                }
                (Some((fingerprint, _)), Err(refusal)) => {
                    prop_assert_eq!(refusal, Refusal::KeyReused);
                    prop_assert_ne!(fingerprint, &request.fingerprint);
                    prop_assert_eq!(&stored, &before);
                }
                (None, Err(refusal)) => prop_assert!(false, "refused: {}", refusal),
            }
            let decoded = StoredBoard::decode(stored.encode().expect("small")).expect("decodes");
            prop_assert_eq!(&decoded, &stored);
        }
    }
}

#[test]
fn api_404_and_nothing_else_for_a_key_of_a_board_that_was_deleted() {
    let mut stored = board();
    let fields = Fields::read(json!({"title": "a"}).to_string().as_bytes()).expect("an object");
    let new = NewTask::parse(fields).expect("valid");
    let request = KeyedRequest { key: "k".to_owned(), fingerprint: "f".to_owned() };
    let now = Timestamp::from_milliseconds(9);
    let added = stored.add_task(new.clone(), Some(&request), now).expect("added");
    assert!(!added.replayed);
    stored.apply(Command::DeleteBoard, None, now).expect("deleted");
    assert_eq!(stored.add_task(new, Some(&request), now), Err(Refusal::BoardNotFound));
    let left = stored.encode().expect("small");
    assert!(!String::from_utf8_lossy(&left).contains("\"k\""), "its keys are gone, too");
}

#[test]
fn api_412_a_stale_version_changes_nothing() {
    let mut stored = board();
    let id = TaskId::FIRST;
    add(&mut stored, "a");
    let stale = Condition::parse("\"2\"").expect("well-formed");
    let before = stored.clone();
    let refused =
        stored.apply(Command::DeleteTask(id), Some(&stale), Timestamp::from_milliseconds(9));
    assert_eq!(refused, Err(Refusal::VersionMismatch { current: 1 }));
    assert_eq!(stored, before);
}

#[test]
fn a_board_that_grows_too_large_is_full_and_keeps_fewer_events() {
    let mut stored = board();
    let body = json!({"title": "long", "description": "x".repeat(10_000)}).to_string();
    let mut added = 0;
    // Encoding is what takes the time: it is tried from near the limit on.
    while added < 400 || stored.encode().is_ok() {
        let fields = Fields::read(body.as_bytes()).expect("an object");
        let new = NewTask::parse(fields).expect("valid");
        stored
            .apply(Command::AddTask(new), None, Timestamp::from_milliseconds(5))
            .expect("below the number of tasks");
        added += 1;
        assert!(added != 400 || stored.encode().is_ok(), "less fits");
    }
    assert_eq!(stored.encode(), Err(Refusal::TooMuchText));
    assert!((401..420).contains(&added), "{added} tasks of 10 KB fit");
    assert!(stored.newest_events(KEPT_EVENTS).len() < added);
    assert!(stored.events_after(stored.state().board().seq, 1).is_some());
}
