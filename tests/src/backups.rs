//! Copies and restores of the data that a test's databases have on disk.

use crate::databases::{Databases, as_postgres};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long Redis may take to write its data to disk.
const WRITE_LIMIT: Duration = Duration::from_secs(20);

/// A copy of a database's data at some moment; removed with the databases.
#[derive(Debug)]
pub struct Backup(PathBuf);

impl Databases {
    /// Makes Redis write everything to its append-only file from now on, and load it when it
    /// starts.
    ///
    /// # Panics
    /// If it does not.
    pub fn keep_redis_data(&self) {
        self.redis_keeps_data.store(true, Ordering::SeqCst);
        let answer = self.redis(&["CONFIG", "SET", "appendonly", "yes"]).expect("an answer");
        assert_eq!(answer, "+OK\r\n");
        let deadline = Instant::now() + WRITE_LIMIT;
        let written = || {
            let reported = self.redis(&["INFO", "persistence"]).expect("an answer");
            reported.contains("aof_enabled:1") && reported.contains("aof_rewrite_in_progress:0")
        };
        while !written() || !self.append_only().exists() {
            assert!(Instant::now() < deadline, "Redis does not write its data to disk");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Copies what Redis has written so far, which is what a lagging replica would have.
    #[must_use]
    pub fn back_up_redis(&self) -> Backup {
        self.copy_to_backup("redis", &self.append_only())
    }

    /// Makes Redis start empty again.
    pub fn forget_redis_data(&self) {
        self.redis_keeps_data.store(false, Ordering::SeqCst);
    }

    /// Kills Redis and starts it with this copy.
    pub fn restore_redis(&self, backup: &Backup) {
        self.kill_redis();
        replace(&self.append_only(), &backup.0);
        self.start_redis();
    }

    /// Copies PostgreSQL's data. It is down meanwhile, as if it had crashed.
    #[must_use]
    pub fn back_up_postgres(&self) -> Backup {
        self.kill_postgres();
        let backup = self.copy_to_backup("postgres", &self.data());
        self.start_postgres();
        backup
    }

    /// Kills PostgreSQL and starts it with this copy. As migrations/README.md says,
    /// `database_restored()` is called before anybody can connect.
    ///
    /// # Panics
    /// If that cannot be called.
    pub fn restore_postgres(&self, backup: &Backup) {
        self.kill_postgres();
        replace(&self.data(), &backup.0);
        let mut single = as_postgres(&(self.postgres_program)("postgres"));
        single.args(["--single", "-D"]).arg(self.data()).arg("postgres").current_dir(&self.folder);
        single.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut single = single.spawn().expect("PostgreSQL in single-user mode");
        let mut stdin = single.stdin.take().expect("its input");
        stdin.write_all(b"SELECT database_restored()\n").expect("written");
        drop(stdin);
        let output = single.wait_with_output().expect("its output");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("database_restored = "), "{output:?}");
        self.start_postgres();
    }

    /// Kills PostgreSQL and starts it with this copy without notifying anybody, as when a lagging
    /// replica takes over.
    pub fn set_back_postgres(&self, backup: &Backup) {
        self.kill_postgres();
        replace(&self.data(), &backup.0);
        self.start_postgres();
    }

    fn append_only(&self) -> PathBuf {
        self.folder.join("appendonlydir")
    }

    fn copy_to_backup(&self, name: &str, from: &Path) -> Backup {
        let place = self.folder.join(format!("{name}-backup-{}", fastrand::u32(..)));
        copy(from, &place);
        Backup(place)
    }
}

fn replace(place: &Path, from: &Path) {
    std::fs::remove_dir_all(place).expect("a folder to replace");
    copy(from, place);
}

/// With owners and modes, which PostgreSQL requires.
fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp");
    assert!(status.success(), "{} cannot be copied", from.display());
}
