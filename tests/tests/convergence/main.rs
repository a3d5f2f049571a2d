//! RT1 to RT5 and docs/contract/api.md by a model: random histories of several people, with clients
//! that lose connections and receive events twice or late, against both modes; a failing history
//! is shrunk, printed for pasting into `kept.rs`, and repeatable by its seed.

mod client;
mod command;
mod compare;
mod crowd;
mod generate;
mod kept;
mod model;
mod property;
mod request;
mod run;
mod tally;
mod team;

use contract_tests::stress::{scale, scaled};
use property::holds;

/// How many histories of each kind the short tests run.
const FEW: usize = 24;

/// How many the long tests run, times `STRESS_SCALE`.
const MANY: usize = 160;

/// Outcomes that teams' histories must include, whatever their seed.
const MET: &[&str] = &[
    "Board 403 /problems/forbidden",
    "Event 201 ",
    "Event 409 /problems/undo-conflict",
    "Task 404 /problems/not-found",
    "Task 412 /problems/precondition-failed",
    "Task 422 /problems/validation",
    "client: asked for what was missing",
    "client: dropped what it knew",
];

#[test]
fn rt5_the_same_history_gives_the_same_board_in_both_modes_and_to_every_client() {
    holds(FEW, generate::common(1..40), run::in_both_modes);
}

#[test]
fn rt5_whatever_a_team_does_its_board_is_the_models_and_every_clients() {
    holds(FEW, generate::team(1..40), run::in_a_team);
}

#[test]
fn rt5_whatever_a_crowd_does_at_once_all_hold_one_board_that_keeps_its_limits() {
    holds(FEW, generate::crowd(20..60), crowd::in_a_team);
}

#[test]
fn rt5_whatever_guests_do_at_once_all_hold_one_board() {
    holds(FEW, generate::common(20..60), crowd::in_quick_win);
}

#[test]
#[ignore = "long: part of `cargo xtask test stress`"]
fn rt5_many_histories_give_the_same_board_in_both_modes_and_to_every_client() {
    holds(scaled(MANY), generate::common(1..80), run::in_both_modes);
}

#[test]
#[ignore = "long: part of `cargo xtask test stress`"]
fn rt5_whatever_a_team_does_for_long_its_board_is_the_models_and_every_clients() {
    holds(scaled(MANY), generate::team(1..80), run::in_a_team);
    if scale() >= 1.0 {
        tally::assert_seen(MET);
    }
}

#[test]
#[ignore = "long: part of `cargo xtask test stress`"]
fn rt5_whatever_crowds_do_at_once_all_hold_one_board_that_keeps_its_limits() {
    holds(scaled(MANY), generate::crowd(20..120), crowd::in_a_team);
    holds(scaled(MANY), generate::common(20..120), crowd::in_quick_win);
}
