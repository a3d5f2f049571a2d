//! Restores a backup, in one transaction: the database is what it was before, or what the backup holds.

use std::convert::Infallible;
use std::fs::File;
use std::io::Seek as _;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{MissedTickBehavior, interval};
use tokio_postgres::Client;

use super::manifest::Backup;
use super::programs::{Programs, major};
use crate::LOCK;
use crate::restoration::FRESH_GENERATION;

/// What is there before; the transaction begins, and nobody migrates meanwhile.
const PRESENT: &str = include_str!("present.sql");
const BEFORE: &str = include_str!("before.sql");
const CLEAR: &str = include_str!("clear.sql");
/// A dump leaves none.
const SEARCH_PATH: &str = "RESET search_path;\n";
/// A new epoch begins, and the transaction ends.
const AFTER: &str = include_str!("after.sql");

/// How much is passed on at once, in bytes.
const PIECE: usize = 256 * 1024;

/// How long between two words about how far it is.
const PACE: Duration = Duration::from_secs(1);

/// What is true now.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The database's new epoch.
    pub epoch: String,
}

/// Restores a backup into the database that `client` is connected to, and that `programs` reach; with
/// `replace` in the place of what is there. `say` gets how far it is.
///
/// # Errors
/// When the database is not empty and nobody said `replace`, a program or the server is too old, or the server
/// refuses: the database is as it was.
pub async fn restore(
    client: &Client,
    programs: &Programs,
    backup: &Backup,
    replace: bool,
    say: &mut dyn FnMut(&str),
) -> Result<Restored> {
    let row = client.query_typed_one(PRESENT, &[]).await.context("the database refused")?;
    let (version, objects): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
    let manifest = &backup.manifest;
    let (server, then) = (major(&version), major(&manifest.postgresql));
    let (Some(server), Some(then)) = (server, then) else {
        bail!("the server has version {version}, the backup comes from {}", manifest.postgresql);
    };
    ensure!(
        server >= then,
        "the backup comes from PostgreSQL {then}, but this server is version {server}: restore it \
         into {then} or later"
    );
    ensure!(
        replace || objects == 0,
        "the database is not empty: give an empty one, or use --replace, which deletes everything \
         in it"
    );
    // Both have to be of one version: they speak to each other.
    let reader = programs.find("pg_restore", server.max(major(&manifest.pg_dump).unwrap_or(0)))?;
    let writer = programs.find("psql", major(&reader.version).unwrap_or(server))?;

    let dump = File::open(&backup.dump)?;
    // Its position in the file says how far it is.
    let place = dump.try_clone()?;
    let mut read = programs.command(&reader);
    read.args(["--schema=public", "--no-owner", "--no-privileges", "--file=-"]);
    let read = read.stdin(dump).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut write = programs.command(&writer);
    // Of what is wrong one line: the others may show what people wrote.
    write.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--file=-"]);
    write.args(["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--set=SHOW_CONTEXT=never"]);
    write.arg(format!("--set=lock={LOCK}"));
    let begin = format!("{BEFORE}{}", if replace { CLEAR } else { "" });
    tokio::select! {
        epoch = pass(Session::start(write)?, &begin, read) => Ok(Restored { epoch: epoch? }),
        never = far(place, manifest.bytes, say) => match never? {},
    }
}

/// Passes all that the reader gives to the server, between the transaction's beginning and its end; gives the
/// new epoch.
async fn pass(mut session: Session, begin: &str, mut read: Child) -> Result<String> {
    let output = read.stdout.take().context("no output")?;
    let passed = session.pass(begin, output).await;
    // Only what was read to its end is kept.
    if passed.is_ok() {
        finished(read).await.context("the dump cannot be read")?;
        // If the server has refused, the end says why.
        let _ = session.say(&format!("{SEARCH_PATH}{FRESH_GENERATION}{AFTER}")).await;
    }
    let epoch = session.end().await?;
    passed?;
    Ok(epoch)
}

/// Tells how far it is, for ever.
async fn far(mut place: File, bytes: u64, say: &mut dyn FnMut(&str)) -> Result<Infallible> {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace.tick().await;
    loop {
        pace.tick().await;
        let percent = place.stream_position()?.saturating_mul(100) / bytes.max(1);
        say(&match percent {
            100.. => "everything is read: building indexes".to_owned(),
            percent => format!("{percent} % read"),
        });
    }
}

/// What a program that has ended says is wrong, if it is.
async fn finished(child: Child) -> Result<()> {
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "{}", last_error(&output.stderr));
    Ok(())
}

fn last_error(log: &[u8]) -> String {
    let log = String::from_utf8_lossy(log);
    let mut wrong = log.lines().filter_map(|line| {
        let at = ["ERROR: ", "FATAL: ", "error: "].iter().find_map(|word| line.find(word))?;
        line[at..].split_once(": ").map(|(_, reason)| reason.trim().to_owned())
    });
    wrong.next_back().unwrap_or_else(|| "it does not say why".to_owned())
}

/// The input of `psql`, line by line, in one transaction that ends with it unless it is committed.
struct Session(Child);

impl Session {
    fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Self(command.spawn()?))
    }

    async fn say(&mut self, text: &str) -> Result<()> {
        let input = self.0.stdin.as_mut().context("no input")?;
        Ok(input.write_all(text.as_bytes()).await?)
    }

    /// Says how to begin, and then all that comes from there.
    async fn pass(&mut self, begin: &str, mut from: ChildStdout) -> Result<()> {
        self.say(begin).await?;
        let input = self.0.stdin.as_mut().context("no input")?;
        let mut piece = vec![0; PIECE];
        loop {
            let length = from.read(&mut piece).await?;
            if length == 0 {
                return Ok(());
            }
            input.write_all(&piece[..length]).await?;
        }
    }

    /// Ends it; gives the last line that it printed.
    async fn end(self) -> Result<String> {
        let output = self.0.wait_with_output().await?;
        ensure!(output.status.success(), "the database refused: {}", last_error(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        let last = text.lines().rev().find(|line| !line.is_empty());
        Ok(last.context("the database has no epoch")?.to_owned())
    }
}
