//! Backups (docs/backup.md): a consistent state of the database despite concurrent writes, restored
//! completely or not at all.

use super::{World, said};
use contract_tests::api::{id, seq};
use contract_tests::stack::program;
use contract_tests::{Api, Client, Socket, people};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long an expected event may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A test's own folder, removed at its end.
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new() -> Self {
        let name = format!("taskboard-backups-{}-{}", std::process::id(), fastrand::u32(..));
        let place = std::env::temp_dir().join(name);
        fs::create_dir_all(&place).expect("a folder");
        Self(place)
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The visible entries of one of its folders.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.join(folder)).expect("a folder").flatten();
        let names = entries.map(|entry| entry.file_name().into_string().expect("a name"));
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort_unstable();
        names
    }

    /// A folder with a program that is run instead of `pg_dump`.
    fn instead_of_pg_dump(&self, version: &str, script: &str) -> PathBuf {
        let (folder, text) = (
            self.join("programs"),
            format!(
                "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) {version}' && exit\n{script}\n"
            ),
        );
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("pg_dump"), text).expect("written");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.join("pg_dump"), mode).expect("a program");
        folder
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A command of one of the two programs, for the database at this address.
pub(super) fn command(name: &str, database_url: &str, arguments: &[&Path]) -> Command {
    let mut command = Command::new(program(name));
    command.args(arguments).env("DATABASE_URL", database_url);
    command
}

fn fails(command: &mut Command, reason: &str) {
    let output = command.output().expect("a program");
    assert!(!output.status.success() && said(&output).contains(reason), "{}", said(&output));
}

pub(super) fn succeeds(command: &mut Command) -> Output {
    let output = command.output().expect("a program");
    assert!(output.status.success(), "{}", said(&output));
    output
}

/// Makes a backup of the world; returns its path.
pub(super) fn back_up(database_url: &str, folder: &Path) -> PathBuf {
    let output = succeeds(&mut command("make-backup", database_url, &[folder]));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    PathBuf::from(text.lines().next().expect("the backup's path"))
}

fn manifest(backup: &Path) -> Value {
    let text = fs::read_to_string(backup.join("manifest.json")).expect("a manifest");
    serde_json::from_str(&text).expect("JSON")
}

fn sha256(file: &Path) -> String {
    let output = succeeds(Command::new("sha256sum").arg(file));
    String::from_utf8_lossy(&output.stdout).split(' ').next().expect("a sum").to_owned()
}

/// A fingerprint of the database's content.
fn fingerprint(world: &World) -> String {
    let all = "SELECT epoch, era, (SELECT count(*) FROM events), (SELECT sum(seq) FROM boards), \
               (SELECT sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace) FROM meta";
    world.databases.psql(all).expect("a fingerprint")
}

/// Adds tasks until it is stopped; returns how many.
async fn go_on_writing(ada: &Api<'_>, board: u64, end: &std::sync::atomic::AtomicBool) -> usize {
    let mut count = 0;
    while !end.load(std::sync::atomic::Ordering::Relaxed) {
        let _ = ada.add(board, &json!({"title": format!("task {count}")})).await.expect(201);
        count += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_restored_a_backup_made_amid_writes_is_one_state_and_nobody_sees_another_after_it() {
    let (world, _turn) = World::take().await;
    let place = Place::new();
    let ada = world.somebody().await;
    let board = ada.board("Kept").await;
    let _ = ada.task(board, "the first").await;
    let end = std::sync::atomic::AtomicBool::new(false);
    let url = world.secured.database_url.clone();
    let folder = place.join("kept");
    let making = tokio::task::spawn_blocking(move || back_up(&url, &folder));
    let (written, backup) = tokio::join!(go_on_writing(&ada, board, &end), async {
        let backup = making.await.expect("a backup");
        end.store(true, std::sync::atomic::Ordering::Relaxed);
        backup
    });
    assert!(written > 0, "nothing was written meanwhile");
    let manifest = manifest(&backup);

    // The following will be lost: tasks, a new user, and a login of an existing user.
    let after = ada.task(board, "after the backup").await;
    let (bobs_token, bob) = people::register(&world.stack, "bob-of-the-future").await;
    let login = json!({"username": ada.username(), "password": people::PASSWORD});
    let login = ada.post("/api/auth/login", &login).send().await.expect(200).json();
    let later =
        Api::of_user(&world.stack, login["token"].as_str().expect("a token"), ada.actor.clone());
    let lost = later.get(&ada.board_path(board)).send().await.expect(200);
    let mut socket = Socket::open(&ada).await;
    let seen = seq(&socket.subscribe(board, None).await);

    let mut restore = command("restore-backup", &world.secured.database_url, &[&backup]);
    let before = fingerprint(world);
    fails(&mut restore, "the database is not empty");
    assert_eq!(fingerprint(world), before);
    let output = succeeds(restore.arg("--replace"));
    // From the very first moment: nothing else is ever shown.
    let path = ada.board_path(board);
    let reply = ada.get(&path).header("if-none-match", &lost.tag()).send().await.expect(200);
    let now = reply.json();
    assert!(said(&output).contains(now["epoch"].as_str().expect("an epoch")), "{}", said(&output));
    assert_ne!(now["epoch"], lost.json()["epoch"]);
    let reported = loop {
        let message = socket.message_but_heartbeats().await;
        if message["type"] == "reset" {
            break message;
        }
    };
    assert_eq!((&reported["reason"], &reported["board"]), (&json!("epoch"), &json!(board)));
    let lost_epoch = lost.json()["epoch"].as_str().expect("an epoch").to_owned();
    let reported = socket.subscribe(board, Some((seen, &lost_epoch))).await;
    assert_eq!((&reported["type"], &reported["reason"]), (&json!("reset"), &json!("epoch")));

    // It is a consistent state: as many tasks as the manifest says, and each with its event.
    let tasks = now["tasks"].as_array().expect("tasks");
    assert!(tasks.iter().all(|task| id(task) != after), "what came after the backup is there");
    assert_eq!(tasks.len() as u64, seq(&now), "each task has its event");
    let counted = "SELECT json_build_object('users', (SELECT count(*) FROM users), 'boards', (SELECT count(*) FROM boards), \
                   'tasks', (SELECT count(*) FROM tasks), 'comments', (SELECT count(*) FROM comments), \
                   'events', (SELECT count(*) FROM events))";
    let counted = world.databases.psql(counted).expect("counts");
    assert_eq!(serde_json::from_str::<Value>(&counted).expect("JSON"), manifest["counts"]);

    // Work continues from there, live.
    let subscribed = socket.subscribe(board, None).await;
    assert_eq!(seq(&subscribed), seq(&now));
    let _ = later.task(board, "from here on").await;
    let _ = socket.event(seq(&now) + 1).await;

    // The lost user does not exist, and is not confused with the next user with the same id.
    let lost_bob = Client::new(world.stack.functions_url()).with_token(&bobs_token);
    let _ = lost_bob.get("/api/auth/me").send().await.expect(401);
    let (_, eve) = people::register(&world.stack, "eve-of-now").await;
    assert_eq!(eve["id"], bob["id"]);
    let _ = lost_bob.get("/api/auth/me").send().await.expect(401);
}

#[tokio::test]
async fn a_backup_that_is_not_whole_is_refused_and_the_database_is_as_it_was() {
    let (world, _turn) = World::take().await;
    let place = Place::new();
    let _ = world.somebody().await.board("Safe").await;
    let backup = back_up(&world.secured.database_url, &place.join("kept"));
    let before = fingerprint(world);
    let dump = |copy: &Path| copy.join("database.dump");
    let say = |copy: &Path, member: &str, value: Value| {
        let mut reported = manifest(copy);
        reported[member] = value;
        fs::write(copy.join("manifest.json"), reported.to_string()).expect("written");
    };
    let cut = |copy: &Path| {
        let file = fs::OpenOptions::new().write(true).open(dump(copy)).expect("a dump");
        file.set_len(file.metadata().expect("a size").len() - 1_000).expect("cut");
    };
    type Fault<'a> = (&'a str, &'a dyn Fn(&Path));
    let faults: [Fault<'_>; 9] = [
        ("is not a complete backup", &|copy| {
            fs::remove_file(copy.join("manifest.json")).expect("removed");
        }),
        ("is not the manifest", &|copy| {
            fs::write(copy.join("manifest.json"), "{").expect("written");
        }),
        ("has the format 2", &|copy| say(copy, "format", json!(2))),
        ("with the schema V9999", &|copy| say(copy, "schema", json!(9999))),
        ("from PostgreSQL 99", &|copy| say(copy, "postgresql", json!("99.1"))),
        ("cannot be read", &|copy| fs::remove_file(dump(copy)).expect("removed")),
        ("it is incomplete", &cut),
        ("has been changed", &|copy| {
            let mut bytes = fs::read(dump(copy)).expect("a dump");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(dump(copy), bytes).expect("written");
        }),
        // As if it had been truncated before its checksum was computed: found during the restore.
        ("the dump cannot be read", &|copy| {
            cut(copy);
            say(copy, "sha256", json!(sha256(&dump(copy))));
            say(copy, "bytes", json!(fs::metadata(dump(copy)).expect("a size").len()));
        }),
    ];
    for (number, (reason, spoil)) in faults.iter().enumerate() {
        let copy = place.join(&format!("copy-{number}"));
        succeeds(Command::new("cp").arg("-a").arg(&backup).arg(&copy));
        spoil(&copy);
        let mut restore = command("restore-backup", &world.secured.database_url, &[&copy]);
        fails(restore.arg("--replace"), reason);
        assert_eq!(fingerprint(world), before, "{reason}");
    }
}

/// A running program, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a program"))
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_half_written_looks_like_none_and_only_so_many_are_kept() {
    let (world, _turn) = World::take().await;
    let (place, url) = (Place::new(), &world.secured.database_url);
    let kept = place.join("kept");
    let with = |programs: &Path| {
        let mut command = command("make-backup", url, &[&kept]);
        command.env("TASKBOARD_POSTGRES_BIN", programs);
        command
    };
    fails(
        &mut with(&place.instead_of_pg_dump("9.6.24", "")),
        "install PostgreSQL's client programs",
    );
    let fault = "echo 'pg_dump: error: the disk is on fire' >&2; echo half; exit 1";
    fails(&mut with(&place.instead_of_pg_dump("99.1", fault)), "the disk is on fire");
    assert!(place.names("kept").is_empty(), "{:?}", place.names("kept"));

    // A backup that is killed while it writes: nobody else can see the arguments of `pg_dump`.
    let reported = place.join("reported");
    let half =
        format!("echo \"$@\" >'{}'; while echo half; do sleep 0.1; done", reported.display());
    let programs = place.instead_of_pg_dump("99.1", &half);
    let mut running = Running::start(&mut with(&programs));
    until("pg_dump is not run", || {
        fs::read_to_string(&reported).is_ok_and(|reported| reported.ends_with('\n'))
    });
    let reported = fs::read_to_string(&reported).expect("arguments");
    assert!(reported.contains("--snapshot=") && !reported.contains("s3cr3t"), "{reported}");
    fails(&mut command("make-backup", url, &[&kept]), "another backup is being made");
    running.0.kill().expect("killed");
    let _ = running.0.wait();
    let names = place.names("kept");
    assert!(names.len() == 1 && names[0].ends_with(".partial"), "{names:?}");
    let half = kept.join(&names[0]);
    fails(&mut command("restore-backup", url, &[&half]), "is not a complete backup");

    let mut again = command("make-backup", url, &[&kept]);
    let _running = Running::start(again.args(["--every", "1s", "--keep", "2"]));
    let mut seen = std::collections::BTreeSet::new();
    until("no third backup", || {
        seen.extend(place.names("kept").into_iter().filter(|name| !name.ends_with(".partial")));
        seen.len() > 2
    });
    until("more than two are kept", || place.names("kept").len() == 2);
}

#[tokio::test]
async fn the_systems_authorities_count_for_a_backup_as_for_every_other_program() {
    let (world, _turn) = World::take().await;
    let place = Place::new();
    let (url, _) = world.secured.database_url.split_once('?').expect("options");
    let url = format!("{url}?sslmode=require");
    let make = || command("make-backup", &url, &[&place.join("kept")]);
    fails(&mut make(), "UnknownIssuer");
    succeeds(make().env("SSL_CERT_FILE", &world.secured.authority));
}

#[tokio::test]
async fn a_restore_leaves_other_roles_what_they_may_by_default_and_no_more() {
    let (world, _turn) = World::take().await;
    let place = Place::new();
    let psql = |statements: &str| world.databases.psql(statements).expect("psql");
    // The role that restores, and then owns everything.
    let (_, address) = world.secured.database_url.split_once("://").expect("an address");
    let owner = address.split([':', '@']).next().expect("a role");
    let role = format!("reporting_{}", fastrand::u32(..));
    let _ = psql(&format!(
        "CREATE ROLE {role}; \
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON TABLES TO {role}; \
         GRANT INSERT ON boards TO {role}"
    ));
    let backup = back_up(&world.secured.database_url, &place.join("kept"));
    let _ = succeeds(
        command("restore-backup", &world.secured.database_url, &[&backup]).arg("--replace"),
    );
    let may = psql(&format!(
        "SELECT has_table_privilege('{role}', 'boards', 'SELECT'), \
         has_table_privilege('{role}', 'boards', 'INSERT')"
    ));
    let _ = psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    assert_eq!(may.trim(), "t|f");
}

#[tokio::test]
async fn an_address_that_is_none_is_told_by_its_variable() {
    let place = Place::new();
    let folder = place.join("kept");
    let programs: [(&str, &[&Path]); 6] = [
        ("make-backup", &[&folder]),
        ("restore-backup", &[&folder]),
        ("make-admin", &[Path::new("ada")]),
        ("make-reset-link", &[Path::new("ada")]),
        ("database-restored", &[]),
        ("migrate", &[]),
    ];
    for (name, arguments) in programs {
        let malformed = &mut command(name, "db.example:5432", arguments);
        fails(malformed, "DATABASE_URL is not of the form postgres://");
        if name != "restore-backup" {
            let nobody = &mut command(name, "postgres://u:secret@127.0.0.1:1/db", arguments);
            fails(nobody, "the database at DATABASE_URL cannot be reached");
        }
    }
}
