//! Runs `cargo xtask up --full` as a person would: an account that survives a crash, an admin, own
//! stores, and no program left running.

use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::Place;
use super::running::{Host, child_named};
use super::step::Step;
use super::suites::this_program;
use crate::console;
use crate::secrets;

/// The password of the user who registers.
const PASSWORD: &str = "correct horse battery";

pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    let folder = place.workspace.target.join("up-full");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    // PostgreSQL's user cannot enter it, as with many home folders.
    std::fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    let data = folder.join("data");

    let started = Instant::now();
    let first = start(place, &data, &[])?;
    let time = console::duration(started.elapsed());
    step.notes.push(format!("ready after {time} with fresh private stores"));
    let outcome = Account::register(&first).and_then(|account| {
        enter_without_password(place, &data, step)?;
        make_admin(place, &first, &data, step)?;
        bring_own_stores(place, &account, &folder, step)?;
        begin_new_epoch(place, &first, &account, &data, step)?;
        redis(&data, &["XADD", "kept", "1-0", "event", "{}"])?;
        Ok(account)
    });
    // Like a crash of its terminal.
    kill_process(id(&first)?, Signal::KILL)?;
    first.end(step);
    let account = outcome?;

    let started = Instant::now();
    let mut second = start(place, &data, &[])?;
    let time = console::duration(started.elapsed());
    step.notes.push(format!("ready after {time} the second time, after it was killed"));
    let outcome = come_back(&second, &account, &data, step)
        .and_then(|()| revoke_admin(place, &second, &account, &data, step))
        .and_then(|()| stop_everything(&mut second, &data, step));
    second.end(step);
    outcome
}

fn start(place: &Place, data: &Path, stores: &[(String, String)]) -> Result<Host> {
    let mut command = this_program(place, &["up", "--full", "--host", "local"]);
    command.args(["--port", "0", "--relay-port", "0"]);
    command.arg("--data").arg(data);
    without_stores(&mut command);
    command.envs(stores.iter().map(|(name, value)| (name, value)));
    Host::start(command, "  page ")
}

/// Hides the tests' environment variables about stores from a command.
fn without_stores(command: &mut Command) {
    for name in ["DATABASE_URL", "REDIS_URL"] {
        command.env_remove(name).env_remove(format!("SPIN_VARIABLE_{name}"));
    }
}

/// A user, and their first token.
struct Account {
    token: String,
}

impl Account {
    fn register(host: &Host) -> Result<Self> {
        let person = json!({"username": "ada", "password": PASSWORD});
        let (status, answer) = post(host, "/api/auth/register", &person)?;
        ensure!(status == 201, "registering gives {status}: {answer}");
        let token = answer["token"].as_str().context("no token")?.to_owned();
        Ok(Self { token })
    }

    fn ask_who_i_am(&self, host: &Host) -> Result<()> {
        let me = self.get(host, "/api/auth/me")?;
        ensure!(me["username"] == "ada", "it answers with another user: {me}");
        Ok(())
    }

    fn get(&self, host: &Host, path: &str) -> Result<Value> {
        let url = format!("{}{path}", host.url());
        let mut answer = agent()
            .get(&url)
            .header("Authorization", self.bearer())
            .call()
            .with_context(|| format!("GET {url}"))?;
        let (status, body) = (answer.status(), answer.body_mut().read_json::<Value>()?);
        ensure!(status == 200, "{url} gives {status}: {body}");
        Ok(body)
    }

    fn make_board(&self, host: &Host) -> Result<Value> {
        let url = format!("{}/api/boards", host.url());
        let mut answer = agent()
            .post(&url)
            .header("Authorization", self.bearer())
            .send_json(json!({"name": "Restored"}))
            .with_context(|| format!("POST {url}"))?;
        let (status, body) = (answer.status(), answer.body_mut().read_json::<Value>()?);
        ensure!(status == 201, "a board gives {status}: {body}");
        Ok(body)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

/// Checks that the servers require passwords, and that only the owner can read the files with them.
fn enter_without_password(place: &Place, data: &Path, step: &mut Step) -> Result<()> {
    let mode = |path: &Path| path.metadata().map(|metadata| metadata.permissions().mode() & 0o777);
    ensure!(mode(data)? == 0o700, "others can enter {}", data.display());
    for file in ["stores.env", "redis/redis.conf"] {
        ensure!(mode(&data.join(file))? == 0o600, "others can read {file}");
    }
    let port = port(data, "REDIS_URL")?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let answer = ask(&mut stream, &["PING"])?;
    ensure!(answer.starts_with("-NOAUTH"), "Redis answers anybody: {answer}");

    let port = self::port(data, "DATABASE_URL")?;
    let output = Command::new(place.workspace.target.join("debug/migrate"))
        .env("DATABASE_URL", format!("postgres://taskboard:wrong@127.0.0.1:{port}/postgres"))
        .output()?;
    ensure!(!output.status.success(), "PostgreSQL lets a wrong password in");
    step.counts.passed += 1;
    Ok(())
}

fn make_admin(place: &Place, host: &Host, data: &Path, step: &mut Step) -> Result<()> {
    step.run(admin(place, data, "ADA"))?;
    let role = log_in(host)?["user"]["role"].clone();
    ensure!(role == "admin", "after `admin` a login gives the role {role}");
    let output = admin(place, data, "nobody").output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success() && said.contains("\"nobody\""), "of nobody it says: {said}");
    step.counts.passed += 1;
    Ok(())
}

/// Checks that a former admin has no token with that role left, and that the relays are notified.
fn revoke_admin(
    place: &Place,
    host: &Host,
    account: &Account,
    data: &Path,
    step: &mut Step,
) -> Result<()> {
    let mut command = admin(place, data, "ada");
    command.arg("--revoke");
    step.run(command)?;
    ensure!(account.ask_who_i_am(host).is_err(), "the token is still valid");
    let entries = redis(data, &["XLEN", "{control}:feed"])?;
    ensure!(entries == ":1\r\n", "the relays were not notified: {entries}");
    let role = log_in(host)?["user"]["role"].clone();
    ensure!(role == "user", "after `admin --revoke` a login gives the role {role}");
    step.counts.passed += 1;
    Ok(())
}

/// Checks that after restoring a backup boards have a new epoch, the one that the command prints.
fn begin_new_epoch(
    place: &Place,
    host: &Host,
    account: &Account,
    data: &Path,
    step: &mut Step,
) -> Result<()> {
    let board = account.make_board(host)?;
    let mut command = this_program(place, &["restored", "--data"]);
    command.arg(data);
    without_stores(&mut command);
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "it says {}", String::from_utf8_lossy(&output.stderr));
    let reported = said.lines().find_map(|line| line.strip_prefix("a new epoch has begun: "));
    let reported = reported.with_context(|| format!("it names no epoch: {said}"))?;
    ensure!(said.contains("has 1 boards") && said.contains("`reset`"), "it says {said}");
    // Until the relay has emptied it, the cache may have the previous board.
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let now = account.get(host, &format!("/api/boards/{}", board["id"]))?;
        if now["epoch"] == reported {
            break;
        }
        ensure!(
            Instant::now() < deadline,
            "boards show the epoch {}, not {reported}",
            now["epoch"]
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    ensure!(board["epoch"] != reported, "the epoch is the same as before");
    step.counts.passed += 1;
    Ok(())
}

fn admin(place: &Place, data: &Path, name: &str) -> Command {
    let mut command = this_program(place, &["admin", name, "--data"]);
    command.arg(data);
    without_stores(&mut command);
    command
}

/// Checks that with both addresses given, `up --full` uses them and starts no server.
fn bring_own_stores(
    place: &Place,
    account: &Account,
    folder: &Path,
    step: &mut Step,
) -> Result<()> {
    let stores = ["DATABASE_URL", "REDIS_URL"]
        .map(|name| setting(&folder.join("data"), name).map(|url| (name.to_owned(), url)));
    let stores = stores.into_iter().collect::<Result<Vec<_>>>()?;
    let data = folder.join("unused");
    let host = start(place, &data, &stores)?;
    let outcome = account.ask_who_i_am(&host).and_then(|()| {
        for server in ["postgres", "redis-server"] {
            ensure!(child_named(host.id(), server).is_err(), "it has started a {server}");
        }
        ensure!(!data.exists(), "it has made {}", data.display());
        Ok(())
    });
    host.end(step);
    outcome?;
    step.counts.passed += 1;
    Ok(())
}

fn come_back(host: &Host, account: &Account, data: &Path, step: &mut Step) -> Result<()> {
    account.ask_who_i_am(host)?;
    log_in(host)?;
    step.counts.passed += 1;
    let length = redis(data, &["XLEN", "kept"])?;
    ensure!(length == ":1\r\n", "the stream in Redis has lost its entry: {length}");
    step.counts.passed += 1;
    Ok(())
}

fn stop_everything(host: &mut Host, data: &Path, step: &mut Step) -> Result<()> {
    let files = [data.join("postgres/data/postmaster.pid"), data.join("redis/redis.pid")];
    let servers = files.map(|file| process_in(&file)).into_iter().collect::<Result<Vec<_>>>()?;
    let status = host.interrupt_and_wait()?;
    ensure!(status.success(), "it stopped with {status}");
    for server in servers {
        ensure!(!server.exists(), "{} keeps running", server.display());
    }
    let mut ports = vec![port(data, "DATABASE_URL")?, port(data, "REDIS_URL")?];
    ports.push(host.url().rsplit(':').next().unwrap_or_default().parse()?);
    for port in ports {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} is not free again"))?;
    }
    step.counts.passed += 1;
    Ok(())
}

fn process_in(file: &Path) -> Result<PathBuf> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Path::new("/proc").join(text.lines().next().unwrap_or_default().trim()))
}

fn id(host: &Host) -> Result<Pid> {
    Pid::from_raw(host.id().try_into()?).context("no process id")
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .build()
        .into()
}

fn post(host: &Host, path: &str, body: &Value) -> Result<(u16, Value)> {
    let url = format!("{}{path}", host.url());
    let mut answer = agent().post(&url).send_json(body).with_context(|| format!("POST {url}"))?;
    Ok((answer.status().as_u16(), answer.body_mut().read_json()?))
}

fn log_in(host: &Host) -> Result<Value> {
    let person = json!({"username": "ada", "password": PASSWORD});
    let (status, answer) = post(host, "/api/auth/login", &person)?;
    ensure!(status == 200, "logging in gives {status}: {answer}");
    Ok(answer)
}

fn setting(data: &Path, name: &str) -> Result<String> {
    let text = std::fs::read_to_string(data.join("stores.env"))?;
    let value = secrets::parse("stores.env", &text)?.remove(name);
    value.with_context(|| format!("stores.env has no {name}"))
}

fn port(data: &Path, name: &str) -> Result<u16> {
    let url = setting(data, name)?;
    let place = url.rsplit('@').next().and_then(|place| place.split(['/', '?']).next());
    let port = place.and_then(|place| place.rsplit(':').next()).unwrap_or_default();
    port.parse().with_context(|| format!("{name} has no port"))
}

/// The private Redis's answer to a command.
fn redis(data: &Path, words: &[&str]) -> Result<String> {
    let url = setting(data, "REDIS_URL")?;
    let password = url.split('@').next().and_then(|user| user.rsplit(':').next());
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port(data, "REDIS_URL")?))?;
    ask(&mut stream, &["AUTH", password.unwrap_or_default()])?;
    ask(&mut stream, words)
}

fn ask(stream: &mut TcpStream, words: &[&str]) -> Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    stream.write_all(request.as_bytes())?;
    let mut answer = [0; 1_000];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}
