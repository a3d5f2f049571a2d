//! `admin`: makes a registered user an admin, or takes that role away.

use std::path::PathBuf;

use anyhow::Result;

use super::on_database;

/// The program that does it.
const PROGRAM: &str = "make-admin";

/// Makes a registered user an admin, or takes that role away.
///
/// In the database at DATABASE_URL, or else in the private one of `cargo xtask up --full`, whether that
/// runs or not. It takes effect with the user's next request; an open page has to be reloaded.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The user's name, in upper or lower case
    username: String,
    /// Take the role away; all of the user's sessions end
    #[arg(long)]
    revoke: bool,
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
        "the program that changes roles",
        options.data.clone(),
        |command, database| {
            // It is notified of the sessions that end. Set even if there is none, so that the program does not
            // take one from our environment that has nothing to do with this database.
            command.env("REDIS_URL", database.redis.as_ref().map_or("", |redis| redis.url()));
            if options.revoke {
                command.arg("--revoke");
            }
            // A name may begin with a dash.
            command.arg("--").arg(&options.username);
        },
    )
}
