//! Makes a backup: one state of the database, whatever is written meanwhile.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio_postgres::{Client, IsolationLevel, Transaction};

use super::folder::Folder;
use super::manifest::{Counts, DUMP, FILE, FORMAT, Manifest, hexadecimal};
use super::mebibytes;
use super::programs::{Program, Programs, major};

/// What is to be backed up, and its snapshot.
const CONTENT: &str = include_str!("content.sql");

/// How much of a dump is taken at once, in bytes.
const PIECE: usize = 256 * 1024;

/// How long between two words about how far it is.
const PACE: Duration = Duration::from_secs(1);

/// What `pg_dump` says of a table that it begins with.
const TABLE: &str = "pg_dump: dumping contents of table \"public.";

/// What programs of PostgreSQL's say before what is wrong.
const WRONG: &str = "error: ";

/// Makes a backup of the database that `client` is connected to, and that `programs` reach; `say` gets how
/// far it is. Gives where it is, and what it holds.
///
/// # Errors
/// When the database is not migrated, `pg_dump` is missing, too old or fails, or the disk is full. Nothing is
/// left that looks like a backup.
pub async fn make(
    client: &mut Client,
    programs: &Programs,
    folder: &Folder,
    say: &mut dyn FnMut(&str),
) -> Result<(PathBuf, Manifest)> {
    // Readers of it see what this transaction saw, for as long as it lasts.
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await
        .context("the database refused")?;
    let (mut manifest, snapshot) = content(&transaction).await?;
    let server = major(&manifest.postgresql).context("the server does not report its version")?;
    let program = programs.find("pg_dump", server)?;
    manifest.pg_dump.clone_from(&program.version);
    let name = manifest.made_at.replace(['-', ':'], "");
    let partial = folder.begin(&name)?;
    let made = write(&partial, programs, &program, &snapshot, manifest, say).await;
    // If it failed, that is the error.
    let made = made.and_then(|manifest| Ok((folder.finish(&name)?, manifest)));
    if made.is_err() {
        folder.give_up(&name);
    }
    drop(transaction);
    made
}

async fn content(transaction: &Transaction<'_>) -> Result<(Manifest, String)> {
    let row = transaction
        .query_typed_one(CONTENT, &[])
        .await
        .context("the database refused: is it migrated (`migrate`)?")?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: row.try_get(0)?,
        postgresql: row.try_get(1)?,
        pg_dump: String::new(),
        epoch: row.try_get(2)?,
        made_at: row.try_get(3)?,
        counts: Counts {
            users: row.try_get(4)?,
            boards: row.try_get(5)?,
            tasks: row.try_get(6)?,
            comments: row.try_get(7)?,
            events: row.try_get(8)?,
        },
        bytes: 0,
        sha256: String::new(),
    };
    Ok((manifest, row.try_get(9)?))
}

/// Writes dump and manifest, down to the disk.
async fn write(
    folder: &Path,
    programs: &Programs,
    program: &Program,
    snapshot: &str,
    mut manifest: Manifest,
    say: &mut dyn FnMut(&str),
) -> Result<Manifest> {
    let mut command = programs.command(program);
    // The user who restores it owns it.
    command.args(["--format=custom", "--schema=public", "--no-owner", "--no-privileges"]);
    command.arg(format!("--snapshot={snapshot}")).arg("--verbose");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("no output")?;
    let mut progress = Progress::default();
    let log = BufReader::new(child.stderr.take().context("no log")?);
    let mut dump = Dump::create(&folder.join(DUMP))?;
    take(output, log, &mut dump, &mut progress, say).await?;
    if !child.wait().await?.success() {
        bail!("pg_dump failed: {}", progress.wrong);
    }
    (manifest.bytes, manifest.sha256) = dump.finish()?;
    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    let written = || {
        let mut file = File::create(folder.join(FILE))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    written().with_context(|| format!("{} cannot be written to", folder.display()))?;
    Ok(manifest)
}

/// Reads what `pg_dump` writes and says until it ends.
async fn take(
    mut output: impl AsyncRead + Unpin,
    log: BufReader<impl AsyncRead + Unpin>,
    dump: &mut Dump,
    progress: &mut Progress,
    say: &mut dyn FnMut(&str),
) -> Result<()> {
    let mut lines = log.lines();
    let mut piece = vec![0; PIECE];
    let (mut writes, mut says) = (true, true);
    while writes || says {
        tokio::select! {
            read = output.read(&mut piece), if writes => {
                let length = read?;
                writes = length > 0;
                dump.add(&piece[..length])?;
            }
            line = lines.next_line(), if says => match line? {
                Some(line) => progress.read_line(&line),
                None => says = false,
            }
        }
        if let Some(text) = progress.word(dump.bytes) {
            say(&text);
        }
    }
    Ok(())
}

/// The file with the dump.
struct Dump {
    file: File,
    place: PathBuf,
    bytes: u64,
    hash: Sha256,
}

impl Dump {
    fn create(place: &Path) -> Result<Self> {
        let file = fs::OpenOptions::new().write(true).create_new(true).open(place);
        let file = file.with_context(|| format!("{} cannot be made", place.display()))?;
        Ok(Self { file, place: place.to_owned(), bytes: 0, hash: Sha256::new() })
    }

    fn add(&mut self, piece: &[u8]) -> Result<()> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        let written = self.file.write_all(piece);
        written.with_context(|| format!("{} cannot be written to", self.place.display()))
    }

    /// Its size and its SHA-256, once it is on the disk.
    fn finish(self) -> Result<(u64, String)> {
        let kept = self.file.sync_all();
        kept.with_context(|| format!("{} cannot be written to", self.place.display()))?;
        Ok((self.bytes, hexadecimal(self.hash)))
    }
}

/// How far it is, by what `pg_dump` says.
struct Progress {
    table: String,
    wrong: String,
    said_at: Instant,
}

impl Default for Progress {
    fn default() -> Self {
        let nothing = || String::from("it does not say why");
        Self { table: String::new(), wrong: nothing(), said_at: Instant::now() }
    }
}

impl Progress {
    fn read_line(&mut self, line: &str) {
        if let Some(table) = line.strip_prefix(TABLE) {
            table.trim_end_matches('"').clone_into(&mut self.table);
        } else if let Some((_, wrong)) = line.split_once(WRONG) {
            wrong.clone_into(&mut self.wrong);
        }
    }

    /// What is to be said now, if anything.
    fn word(&mut self, bytes: u64) -> Option<String> {
        if self.table.is_empty() || self.said_at.elapsed() < PACE {
            return None;
        }
        self.said_at = Instant::now();
        Some(format!("{} written, now of the table {}", mebibytes(bytes), self.table))
    }
}
