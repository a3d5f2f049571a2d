//! `reset-password`: makes a password reset link for a user who forgot their password.

use std::path::PathBuf;

use anyhow::Result;

use super::on_database;

/// The program that does it.
const PROGRAM: &str = "make-reset-link";

/// Prints a link with which a user can set a new password, once and within 24 hours.
///
/// In the database at DATABASE_URL, else in the private one of `cargo xtask up --full`, whether that
/// runs or not. A new link replaces the previous one.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The user's name, in upper or lower case
    username: String,
    /// The address of the app
    #[arg(long, default_value = "http://localhost:3000")]
    address: String,
    /// Also turn off the user's second factor, once the link is used
    #[arg(long)]
    without_second_factor: bool,
    /// Where the private servers have their data [default: .taskboard]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// If there is no database, or no user with this name in it.
pub(crate) fn run(options: &Options) -> Result<()> {
    on_database::run(
        PROGRAM,
        "the program that makes links to new passwords",
        options.data.clone(),
        |command, _| {
            command.arg("--address").arg(&options.address);
            if options.without_second_factor {
                command.arg("--without-second-factor");
            }
            // A name may begin with a dash.
            command.arg("--").arg(&options.username);
        },
    )
}
