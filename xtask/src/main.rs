//! The workspace's tasks: `cargo xtask <command>`; each command's options are in its file.

mod app;
mod cargo;
mod commands;
mod console;
mod manifest;
mod program;
mod secrets;
mod service;
mod stores;
mod system_packages;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::test::stress;
use crate::commands::{
    admin, backup, bench, build_components, check_history, fuzz, migrate, release, reset_password,
    restore, restored, seed, test, tidy, up,
};

/// Builds, runs and tests the task board.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
enum Task {
    /// Builds the components at the paths that spin.toml names
    Build(build_components::Options),
    /// Builds and starts everything, and stops it on Ctrl-C
    Up(up::Options),
    /// Brings a database to the newest version of the schema
    Migrate(migrate::Options),
    Admin(admin::Options),
    ResetPassword(reset_password::Options),
    Backup(backup::Options),
    Restore(restore::Options),
    Restored(restored::Options),
    Release(release::Options),
    /// Loads an example board into a running task board
    Seed(seed::Options),
    /// Runs all checks and tests, or the steps named
    Test(test::Options),
    /// Runs the stress scenarios, over and over with other seeds
    Stress(stress::Options),
    /// Checks recorded runs for breaches of the real-time guarantees
    CheckHistory(check_history::Options),
    /// Fuzzes the code that reads untrusted bytes
    Fuzz(fuzz::Options),
    Bench(bench::Options),
    /// Checks the rules of this workspace that no compiler checks
    Tidy(tidy::Options),
}

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Build(options) => build_components::run(&options),
        Task::Up(options) => up::run(&options),
        Task::Migrate(options) => migrate::run(&options),
        Task::Admin(options) => admin::run(&options),
        Task::ResetPassword(options) => reset_password::run(&options),
        Task::Backup(options) => backup::run(&options),
        Task::Restore(options) => restore::run(&options),
        Task::Restored(options) => restored::run(&options),
        Task::Release(options) => release::run(&options),
        Task::Seed(options) => seed::run(&options),
        Task::Test(options) => test::run(&options),
        Task::Stress(options) => stress::run_repeatedly(&options),
        Task::CheckHistory(options) => check_history::run(&options),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Tidy(options) => tidy::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::fail(&error);
            ExitCode::FAILURE
        }
    }
}
