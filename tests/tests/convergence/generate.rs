//! Random histories, which shrink towards few and simple steps.

use crate::command::{
    Assignee, BoardFields, Column, Columns, Fate, Fields, If, Key, Place, Role, Step, Text, What,
};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use std::ops::Range;

/// Histories of commands that both modes support.
pub(crate) fn common(steps: Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![
        4 => common_fields(true).prop_map(|fields| What::Add(fields, None)),
        6 => (task(), common_fields(false), condition())
            .prop_map(|(task, fields, condition)| What::Patch(task, fields, condition)),
        2 => (task(), condition()).prop_map(|(task, condition)| What::Delete(task, condition)),
        1 => (text(), condition()).prop_map(|(name, condition)| {
            What::Board(BoardFields { name: Some(name), ..BoardFields::NONE }, condition)
        }),
    ];
    history(what, 0..3_u8, steps)
}

/// Histories of commands on a team's board.
pub(crate) fn team(steps: Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    // Sometimes the person who is not a member at first.
    let people = prop_oneof![5 => Just(0), 5 => Just(1), 5 => Just(2), 1 => Just(3)];
    limited(history(team_request(), people, steps))
}

/// The same by people who may all write and rarely fail to.
pub(crate) fn crowd(steps: Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![
        8 => team_request(),
        2 => (task(), Just(Column::InProgress), condition()).prop_map(|(task, column, condition)| {
            What::Patch(task, Fields::to(column), condition)
        }),
    ];
    let what = what.prop_filter("roles stay", |what| !matches!(what, What::Member(..)));
    limited(history(what, 0..3_u8, steps))
}

/// The same on a board that may have a column limit from the beginning.
fn limited(history: impl Strategy<Value = Vec<Step>>) -> impl Strategy<Value = Vec<Step>> {
    (of(1..3_u8), history).prop_map(|(limit, mut history)| {
        if let Some(limit) = limit {
            let columns = BoardFields::with(Columns::Limited(limit));
            history.insert(0, Step::Do(0, What::Board(columns, If::Free)));
        }
        history
    })
}

fn history(
    what: impl Strategy<Value = What>,
    people: impl Strategy<Value = u8>,
    steps: Range<usize>,
) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (people, what).prop_map(|(who, what)| Step::Do(who, what)),
        2 => (0..3_u8, fate()).prop_map(|(client, fate)| Step::Client(client, fate)),
    ];
    // A person may miss the answer and repeat the request.
    let sent = (step, weighted(0.1, Just(()))).prop_map(|(step, again)| match again {
        Some(()) => vec![step, step],
        None => vec![step],
    });
    vec(sent, steps).prop_map(|steps| steps.concat())
}

fn team_request() -> impl Strategy<Value = What> {
    prop_oneof![
        12 => (fields(true), key()).prop_map(|(fields, key)| What::Add(fields, key)),
        12 => (task(), fields(false), condition())
            .prop_map(|(task, fields, condition)| What::Patch(task, fields, condition)),
        2 => (task(), condition()).prop_map(|(task, condition)| What::Delete(task, condition)),
        3 => (board_fields(), condition())
            .prop_map(|(fields, condition)| What::Board(fields, condition)),
        3 => (task(), text(), key()).prop_map(|(task, text, key)| What::Comment(task, text, key)),
        1 => (task(), comment(), text(), condition()).prop_map(|(task, comment, text, condition)| {
            What::EditComment(task, comment, text, condition)
        }),
        1 => (task(), comment(), condition())
            .prop_map(|(task, comment, condition)| What::DeleteComment(task, comment, condition)),
        8 => checklist_request(),
        2 => (0..4_u8, of(role())).prop_map(|(person, role)| What::Member(person, role)),
        8 => (0..8_u8, key()).prop_map(|(back, key)| What::Undo(back, key)),
    ]
}

/// Commands on checklists, mostly the first task's.
fn checklist_request() -> impl Strategy<Value = What> {
    let task = || prop_oneof![6 => Just(1_u8), 1 => task()];
    let (list, item) = (|| 1..4_u8, || 1..6_u8);
    prop_oneof![
        4 => (task(), text(), key()).prop_map(|(task, text, key)| What::Checklist(task, text, key)),
        1 => (task(), list(), text(), condition()).prop_map(|(task, list, text, condition)| {
            What::EditChecklist(task, list, text, condition)
        }),
        1 => (task(), list(), condition())
            .prop_map(|(task, list, condition)| What::DeleteChecklist(task, list, condition)),
        6 => (task(), list(), text(), key())
            .prop_map(|(task, list, text, key)| What::Item(task, list, text, key)),
        6 => (task(), item(), any::<bool>(), condition())
            .prop_map(|(task, item, done, condition)| What::Tick(task, item, done, condition)),
        2 => (task(), item(), list())
            .prop_map(|(task, item, list)| What::MoveItem(task, item, list)),
        1 => (task(), item(), condition())
            .prop_map(|(task, item, condition)| What::DeleteItem(task, item, condition)),
    ]
}

fn task() -> impl Strategy<Value = u8> {
    1..6_u8
}

fn comment() -> impl Strategy<Value = u8> {
    1..4_u8
}

fn key() -> impl Strategy<Value = Key> {
    weighted(0.3, 0..3_u8)
}

fn condition() -> impl Strategy<Value = If> {
    prop_oneof![6 => Just(If::Free), 3 => Just(If::Fresh), 1 => Just(If::Stale), 1 => Just(If::Star)]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![1 => Just(Role::Viewer), 2 => Just(Role::Editor), 2 => Just(Role::Owner)]
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        80 => (0..5_u8).prop_map(Text::Word),
        5 => (0..5_u8).prop_map(Text::Padded),
        1 => Just(Text::Nothing),
        1 => Just(Text::Empty),
        1 => Just(Text::Long),
        1 => Just(Text::Wrong),
    ]
}

fn column() -> impl Strategy<Value = Column> {
    prop_oneof![
        20 => Just(Column::Todo),
        40 => Just(Column::InProgress),
        20 => Just(Column::Finished),
        1 => Just(Column::Nonsense),
    ]
}

/// A new task almost always has a title; a changed one may keep it.
fn title(is_new: bool) -> impl Strategy<Value = Option<Text>> {
    let present = if is_new { 0.97 } else { 0.4 };
    weighted(present, text())
}

fn common_fields(is_new: bool) -> impl Strategy<Value = Fields> {
    let assignee = prop_oneof![(0..3_u8).prop_map(Assignee::Person), Just(Assignee::Nobody)];
    let parts = (title(is_new), weighted(0.2, text()), of(column()), weighted(0.3, assignee));
    (parts, weighted(0.02, Just(()))).prop_map(
        |((title, description, status, assigned_to), typo)| Fields {
            title,
            description,
            status,
            assigned_to,
            typo: typo.is_some(),
            ..Fields::NONE
        },
    )
}

fn fields(is_new: bool) -> impl Strategy<Value = Fields> {
    let column = prop_oneof![20 => column(), 1 => Just(Column::Later)];
    let assignee = prop_oneof![
        (0..4_u8).prop_map(Assignee::Person),
        (0..4_u8).prop_map(Assignee::Shouted),
        Just(Assignee::Nobody),
    ];
    let place = prop_oneof![
        8 => task().prop_map(Place::Before),
        8 => task().prop_map(Place::After),
        2 => Just(Place::BeforeNull),
        2 => Just(Place::AfterNull),
        1 => task().prop_map(Place::Both),
    ];
    let team = (
        weighted(0.2, assignee),
        weighted(0.2, 0..3_u8),
        weighted(0.2, 0..3_u8),
        weighted(0.3, place),
    );
    (common_fields(is_new), weighted(0.6, column), team).prop_map(
        |(common, status, (assigned_to, labels, free, place))| Fields {
            status,
            assigned_to,
            labels,
            free,
            place,
            ..common
        },
    )
}

fn board_fields() -> impl Strategy<Value = BoardFields> {
    let columns = prop_oneof![
        1 => Just(Columns::Three),
        8 => (1..3_u8).prop_map(Columns::Limited),
        2 => Just(Columns::Four),
        2 => Just(Columns::Two),
        1 => Just(Columns::Doubled),
    ];
    let texts = (weighted(0.4, text()), weighted(0.2, text()));
    (texts, of(columns), weighted(0.2, any::<bool>())).prop_map(
        |((name, description), columns, archived)| BoardFields {
            name,
            description,
            columns,
            archived,
        },
    )
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        2 => Just(Fate::Read),
        2 => Just(Fate::Drop),
        1 => Just(Fate::Resume),
        2 => (1..6_u8).prop_map(Fate::Rewind),
        2 => Just(Fate::Twice),
        2 => Just(Fate::Late),
        1 => Just(Fate::Snapshot),
    ]
}
