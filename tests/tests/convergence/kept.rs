//! Histories that once failed, or would fail with a likely fault, each with a name.

use crate::command::{
    Assignee, BoardFields, Column, Columns, Fate, Fields, If, Place, Role, Step, Text, What,
};
use crate::team::wait;
use crate::{crowd, run};
// All of them, so that a printed history can be pasted unchanged.
use Assignee::*;
use Column::*;
use Columns::*;
use Fate::*;
use If::*;
use Place::*;
use Role::*;
use Step::*;
use Text::*;
use What::*;

fn in_a_team(history: &[Step]) {
    wait(run::in_a_team(history)).unwrap_or_else(|why| panic!("{why}"));
}

fn at_once_in_a_team(history: &[Step]) {
    wait(crowd::in_a_team(history)).unwrap_or_else(|why| panic!("{why}"));
}

fn in_both_modes(history: &[Step]) {
    wait(run::in_both_modes(history)).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn kept_a_move_next_to_a_task_that_was_deleted_just_before_is_refused_and_changes_nothing() {
    in_a_team(&[
        Do(0, Add(Fields::titled(1), None)),
        Do(0, Add(Fields::titled(2), None)),
        Do(1, Add(Fields::titled(3), None)),
        Client(0, Late),
        Do(1, Delete(2, Free)),
        Do(0, Patch(3, Fields::at(After(2)), Fresh)),
        Do(0, Patch(3, Fields::at(Before(1)), Fresh)),
        Do(1, Undo(1, None)),
        Do(0, Patch(3, Fields::at(After(2)), Free)),
    ]);
}

#[test]
fn kept_a_repeat_of_a_key_after_an_undo_replays_and_does_not_bring_the_task_back() {
    in_a_team(&[
        Do(0, Add(Fields::titled(1), Some(1))),
        Do(0, Undo(0, Some(2))),
        Client(1, Rewind(2)),
        Do(0, Add(Fields::titled(1), Some(1))),
        Do(0, Undo(0, Some(2))),
        Do(0, Add(Fields::titled(2), Some(1))),
        Do(1, Add(Fields::titled(1), Some(1))),
        Do(0, Undo(1, None)),
        Do(0, Comment(1, Word(1), Some(3))),
        Do(0, Comment(1, Word(1), Some(3))),
    ]);
}

#[test]
fn kept_the_last_free_place_of_a_column_goes_to_one_task_and_undo_cannot_take_another() {
    in_a_team(&[
        Do(0, Board(BoardFields::with(Limited(1)), Fresh)),
        Do(0, Add(Fields { status: Some(InProgress), ..Fields::titled(1) }, None)),
        Do(1, Add(Fields { status: Some(InProgress), ..Fields::titled(2) }, None)),
        Do(1, Patch(1, Fields { status: Some(InProgress), ..Fields::titled(3) }, Free)),
        Do(0, Patch(1, Fields::to(Finished), Free)),
        Do(1, Add(Fields { status: Some(InProgress), ..Fields::titled(2) }, None)),
        // Back to the place that the other task has now.
        Do(0, Undo(1, None)),
        Do(1, Delete(2, Free)),
        Do(0, Undo(2, None)),
        Do(1, Undo(1, None)),
        Do(0, Board(BoardFields::with(Limited(2)), Free)),
        Do(1, Undo(2, None)),
    ]);
}

#[test]
fn kept_a_task_that_comes_back_to_a_place_that_is_taken_stands_right_behind() {
    in_a_team(&[
        Do(0, Add(Fields::titled(1), None)),
        Do(0, Add(Fields::titled(2), None)),
        Do(0, Add(Fields::titled(3), None)),
        Do(1, Patch(2, Fields::to(Finished), Free)),
        Do(1, Patch(3, Fields::at(After(1)), Free)),
        Do(0, Add(Fields { place: Some(After(1)), ..Fields::titled(4) }, None)),
        Do(0, Undo(2, None)),
        Do(0, Delete(4, Free)),
        Do(0, Add(Fields { place: Some(Before(2)), ..Fields::titled(5) }, None)),
        Do(0, Undo(1, None)),
        Client(2, Rewind(5)),
    ]);
}

#[test]
fn kept_nobody_takes_away_the_last_owner_nor_brings_back_a_column_in_use() {
    in_a_team(&[
        Do(0, Member(1, Some(Owner))),
        Do(0, Board(BoardFields::with(Four), Free)),
        Do(0, Add(Fields { status: Some(Later), ..Fields::titled(1) }, None)),
        Do(1, Member(0, None)),
        Do(0, Add(Fields::titled(2), None)),
        Do(1, Undo(3, None)),
        Do(1, Undo(2, None)),
        Do(1, Patch(1, Fields::to(Todo), Star)),
        Do(1, Undo(3, None)),
        Do(1, Undo(2, None)),
        Do(1, Member(1, Some(Viewer))),
        Do(1, Undo(2, None)),
    ]);
}

#[test]
fn kept_a_viewer_and_an_editor_hear_that_columns_need_an_owner() {
    in_a_team(&[
        Do(0, Member(2, Some(Viewer))),
        Do(2, Board(BoardFields::with(Two), Free)),
        Do(1, Board(BoardFields::with(Two), Stale)),
        Do(2, Board(BoardFields { name: Some(Word(1)), ..BoardFields::NONE }, Stale)),
    ]);
}

#[test]
fn kept_versions_count_alike_in_both_modes_also_where_nothing_changes() {
    let same = Fields { assigned_to: Some(Nobody), ..Fields::to(Todo) };
    in_both_modes(&[
        Do(0, Add(Fields { title: Some(Padded(1)), ..Fields::NONE }, None)),
        Do(1, Patch(1, same, Fresh)),
        Client(0, Drop),
        Client(1, Late),
        Do(1, Patch(1, Fields { status: Some(Finished), ..Fields::titled(1) }, Fresh)),
        Do(2, Patch(1, Fields::to(Finished), Fresh)),
        Client(1, Twice),
        Do(2, Delete(1, Stale)),
        Do(2, Delete(1, Fresh)),
        Do(0, Patch(1, Fields::titled(2), Stale)),
        Client(2, Snapshot),
        Do(0, Add(Fields::titled(3), None)),
        Client(0, Rewind(3)),
    ]);
}

#[test]
fn kept_moves_that_race_for_the_last_place_of_a_column_never_overfill_it() {
    let doing = Fields::to(InProgress);
    at_once_in_a_team(&[
        Do(0, Board(BoardFields::with(Limited(1)), Free)),
        Do(0, Add(Fields::titled(1), None)),
        Do(1, Add(Fields::titled(2), None)),
        Do(2, Add(Fields::titled(3), None)),
        Do(0, Patch(1, doing, Free)),
        Do(1, Patch(2, doing, Free)),
        Do(2, Patch(3, doing, Free)),
        Client(0, Late),
        Client(1, Rewind(4)),
        Do(0, Undo(1, None)),
        Do(1, Undo(1, None)),
        Do(2, Undo(0, None)),
        Do(0, Patch(2, doing, Fresh)),
        Do(1, Patch(3, doing, Fresh)),
        Do(2, Patch(1, doing, Fresh)),
    ]);
}
