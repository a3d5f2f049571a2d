//! PostgreSQL and Redis of state-of-the-art mode: those given by the user, or private servers.

mod address;
mod folder;
mod leftover;
mod postgres;
mod redis;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::address::{Address, Store};
pub(crate) use self::folder::FOLDER;
use self::folder::Folder;
use crate::console::{self, say};
use crate::secrets::Secrets;
use crate::service::{Service, Supervised};
use crate::{program, system_packages};

/// How long a server may take to answer; one that was killed reads its logs first.
const READY_LIMIT: Duration = Duration::from_secs(120);

/// The polling interval.
const TICK: Duration = Duration::from_millis(25);

/// Both stores, and the servers started for them, which end with this value.
pub(crate) struct Stores {
    pub(crate) database: Address,
    pub(crate) redis: Address,
    servers: Vec<Supervised>,
    /// The private servers' folder, if there are any; last, so that it is released last.
    folder: Option<Folder>,
}

impl Stores {
    /// Finds the addresses of both stores, and starts private servers for those not given.
    ///
    /// # Errors
    /// If a server is needed and not installed, the folder is in use, or a server does not start.
    pub(crate) fn start(secrets: &Secrets, path: &Path) -> Result<Self> {
        Self::with(given(Store::Database, secrets)?, given(Store::Redis, secrets)?, path)
    }

    /// Always private servers: for commands that alter and empty them.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub(crate) fn private(path: &Path) -> Result<Self> {
        Self::with(None, None, path)
    }

    fn with(database: Option<Address>, redis: Option<Address>, path: &Path) -> Result<Self> {
        if let (Some(database), Some(redis)) = (&database, &redis) {
            let (database, redis) = (database.clone(), redis.clone());
            return Ok(Self { database, redis, servers: Vec::new(), folder: None });
        }
        install_missing(database.is_none(), redis.is_none())?;
        let folder = Folder::take(path)?.with_context(|| {
            let path = path.display();
            format!(
                "{path} is in use, by another `up --full` it seems: stop that one, or choose \
                 another folder with --data"
            )
        })?;
        let mut servers = Vec::new();
        let database = match database {
            Some(database) => database,
            None => start_database(&folder, &mut servers)?,
        };
        let redis = match redis {
            Some(redis) => redis,
            None => start_redis(&folder, &mut servers)?,
        };
        Ok(Self { database, redis, servers, folder: Some(folder) })
    }

    /// The environment variables with which the functions and the relay use the stores.
    pub(crate) fn environment(&self, secrets: &Secrets) -> Vec<(String, String)> {
        let mut environment = vec![
            ("SPIN_VARIABLE_DATABASE_URL".to_owned(), self.database.url().to_owned()),
            ("SPIN_VARIABLE_REDIS_URL".to_owned(), self.redis.url().to_owned()),
        ];
        if self.is_private(Store::Database) {
            // There is no pooler.
            let own = ("LOCAL_HOST_POSTGRES_SESSIONS".to_owned(), "own".to_owned());
            environment.push(own);
        }
        for (name, value) in [
            ("SPIN_VARIABLE_DATABASE_HOST", self.database.host()),
            ("SPIN_VARIABLE_REDIS_HOST", self.redis.host()),
            // Browsers in a home network use plain HTTP.
            ("SPIN_VARIABLE_COOKIE_SECURE", "false"),
        ] {
            if secrets.get(name).is_none() {
                environment.push((name.to_owned(), value.to_owned()));
            }
        }
        environment
    }

    /// Supervises the private servers, like every service.
    pub(crate) fn look_after(&mut self) {
        self.servers.iter_mut().for_each(Supervised::look_after);
    }

    /// Ends the private servers.
    pub(crate) fn stop(mut self) {
        self.servers.iter_mut().for_each(Supervised::stop);
    }

    /// Describes each store without its password: lines of name and address.
    pub(crate) fn describe(&self) -> String {
        let of = |store: Store, address: &Address| {
            let place = address.host();
            match &self.folder {
                Some(folder) if self.is_private(store) => {
                    format!("{place} (private, its data in {})", folder.path().display())
                }
                _ => format!("{place} (yours, from {})", store.variable()),
            }
        };
        format!(
            "  postgres  {}\n  redis     {}",
            of(Store::Database, &self.database),
            of(Store::Redis, &self.redis)
        )
    }

    fn is_private(&self, store: Store) -> bool {
        let name = service_name(store);
        self.servers.iter().any(|server| server.name() == name)
    }
}

/// Only the database, for commands that need nothing else; a server started for it ends with this
/// value.
pub(crate) struct Database {
    pub(crate) address: Address,
    /// The address of its Redis, if it is known and running.
    pub(crate) redis: Option<Address>,
    _servers: Vec<Supervised>,
    _folder: Option<Folder>,
}

impl Database {
    /// The given database, else the private one, started temporarily if it is not running.
    ///
    /// # Errors
    /// If none is given and there is no private one, or it does not start.
    pub(crate) fn find(secrets: &Secrets, path: &Path) -> Result<Self> {
        let redis = given(Store::Redis, secrets)?;
        let running = |address, redis| Self { address, redis, _servers: Vec::new(), _folder: None };
        if let Some(address) = given(Store::Database, secrets)? {
            return Ok(running(address, redis));
        }
        let Some(address) = folder::remembered(path, Store::Database)? else {
            bail!(
                "there is no database: give one with DATABASE_URL, or start `cargo xtask up \
                 --full` once, which makes a private one"
            );
        };
        let Some(folder) = Folder::take(path)? else {
            let private = folder::remembered(path, Store::Redis)?;
            return Ok(running(address, redis.or(private)));
        };
        let mut servers = Vec::new();
        let address = start_database(&folder, &mut servers)?;
        Ok(Self { address, redis, _servers: servers, _folder: Some(folder) })
    }
}

/// The user's address of a store. The variable that the programs read themselves takes precedence
/// over the short name, since they would use it.
fn given(store: Store, secrets: &Secrets) -> Result<Option<Address>> {
    let short = store.variable();
    let own = format!("SPIN_VARIABLE_{short}");
    let value = |name: &str, value: Option<String>| {
        value.filter(|value| !value.trim().is_empty()).map(|value| (name.to_owned(), value))
    };
    value(&own, std::env::var(&own).ok())
        .or_else(|| value(short, std::env::var(short).ok()))
        .or_else(|| value(&own, secrets.get(&own)))
        .map(|(name, url)| Address::parse(store, &name, &url))
        .transpose()
}

fn service_name(store: Store) -> &'static str {
    match store {
        Store::Database => "postgres",
        Store::Redis => "redis",
    }
}

fn install_missing(needs_database: bool, needs_redis: bool) -> Result<()> {
    let mut missing = Vec::new();
    if needs_database && !postgres::is_installed() {
        missing.push("postgresql");
    }
    if needs_redis && !redis::is_installed() {
        missing.push("redis-server");
    }
    if missing.is_empty() {
        return Ok(());
    }
    system_packages::install(&missing).with_context(|| {
        let packages = missing.join(" and ");
        format!(
            "`up --full` starts private servers from the system's packages, and {packages} could \
             not be installed. Install {packages} (PostgreSQL 15 or later), or give the addresses \
             of servers that you have in DATABASE_URL and REDIS_URL"
        )
    })
}

fn start_database(folder: &Folder, servers: &mut Vec<Supervised>) -> Result<Address> {
    postgres::end_leftover(folder)?;
    let address = folder.address(Store::Database, postgres::has_data(folder))?;
    let service = postgres::service(folder, &address)?;
    let ready = |id| postgres::is_ready(folder, id);
    servers.push(start_and_wait(service, &postgres::log(folder), &ready)?);
    Ok(address)
}

fn start_redis(folder: &Folder, servers: &mut Vec<Supervised>) -> Result<Address> {
    redis::end_leftover(folder)?;
    // Its password is in its settings, which are rewritten at each start.
    let address = folder.address(Store::Redis, false)?;
    let service = redis::service(folder, &address)?;
    let ready = |_| redis::is_ready(&address);
    servers.push(start_and_wait(service, &redis::log(folder), &ready)?);
    Ok(address)
}

fn start_and_wait(
    service: Service,
    log: &Path,
    is_ready: &dyn Fn(u32) -> bool,
) -> Result<Supervised> {
    let name = service.name;
    say(format!("starting a private {name}"));
    let mut server = Supervised::start(service)?;
    let deadline = Instant::now() + READY_LIMIT;
    loop {
        let ended = server.ended();
        if server.id().is_some_and(is_ready) {
            return Ok(server);
        }
        if program::interrupted() {
            bail!("interrupted");
        }
        let tail = || last_lines(log);
        if let Some(status) = ended {
            bail!("{name} ended before it was ready ({status}):\n{}", tail());
        }
        if Instant::now() > deadline {
            let time = console::duration(READY_LIMIT);
            bail!("{name} was not ready after {time}:\n{}", tail());
        }
        std::thread::sleep(TICK);
    }
}

/// The end of a log, and its path.
fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines[lines.len().saturating_sub(10)..].join("\n");
    format!("{tail}\n(from {})", log.display())
}
