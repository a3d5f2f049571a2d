//! The host of the functions: an installed Spin, or local-host, which has to be built first.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::{NAMES, Ports};
use crate::console::{Colour, say};
use crate::program;
use crate::program::has_program;
use crate::service::{Output, Service};
use crate::workspace::Workspace;

/// Spin's program.
const SPIN: &str = "spin";

/// The oldest Spin with all interfaces that the functions import, as major and minor version.
const OLDEST: (u64, u64) = (4, 1);

/// How long Spin may take to print its version.
const VERSION_LIMIT: Duration = Duration::from_secs(30);

/// What runs the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Host {
    /// The `spin` in the search path, 4.1 or later
    Spin,
    /// local-host, which is built from this workspace
    Local,
}

impl Host {
    /// The requested one; without a request, Spin if a suitable one is installed.
    ///
    /// # Errors
    /// If Spin is requested and no suitable one is installed.
    pub(super) fn choose(asked: Option<Self>) -> Result<Self> {
        if asked == Some(Self::Local) {
            return Ok(Self::Local);
        }
        if asked.is_none() && !has_program(SPIN) {
            return Ok(Self::Local);
        }
        match (version_of_spin(), asked) {
            (Ok(version), _) => {
                say(format!("Spin {version} runs the functions"));
                Ok(Self::Spin)
            }
            (Err(error), Some(_)) => Err(error),
            (Err(error), None) => {
                say(format!("{error:#}: local-host runs the functions"));
                Ok(Self::Local)
            }
        }
    }

    /// The workspace's program that it needs.
    pub(super) fn program(self) -> Option<&'static str> {
        match self {
            Self::Spin => None,
            Self::Local => Some("local-host"),
        }
    }

    /// The service that runs the functions: these components, or all if no id is given.
    pub(super) fn service(
        self,
        root: &Path,
        workspace: &Workspace,
        ports: Ports,
        components: &[String],
    ) -> Service {
        let mut environment = vec![
            ("SPIN_VARIABLE_RELAY_URL".to_owned(), ports.relay_url()),
            // The page's own host, under the name in the address bar, since cookies belong to a
            // name.
            ("SPIN_VARIABLE_RELAY_PUBLIC_URL".to_owned(), format!(":{}", ports.relay)),
            ("SPIN_VARIABLE_CORS_ORIGINS".to_owned(), ports.origins()),
            // Browsers allow passkeys only for names, and for this one without TLS.
            (
                "SPIN_VARIABLE_PUBLIC_ORIGIN".to_owned(),
                format!("http://localhost:{}", ports.functions),
            ),
        ];
        let mut command = match self {
            Self::Spin => {
                let mut command = program::tether(Signal::TERM, None);
                let listen = ports.functions_address().to_string();
                command.extend([SPIN, "up", "--from", "spin.toml"].map(str::to_owned));
                command.extend(["--runtime-config-file", "runtime-config.toml"].map(str::to_owned));
                command.extend(["--listen".to_owned(), listen]);
                command
            }
            Self::Local => {
                let [metrics, _] = ports.metrics();
                environment.push(("LOCAL_HOST_ALLOWED_HOSTS".to_owned(), NAMES.to_owned()));
                let mut command =
                    super::listening(workspace, "local-host", ports.functions_address());
                command.extend(["--metrics-listen".to_owned(), metrics.to_string()]);
                command
            }
        };
        for id in components {
            command.extend(["--component-id".to_owned(), id.clone()]);
        }
        Service {
            name: "functions",
            output: Output::Terminal(Colour::Cyan),
            command,
            environment,
            folder: root.to_owned(),
            stop_signal: Signal::TERM,
            after_restart: "runs again; the boards that it held in memory are gone",
        }
    }
}

/// The version of the installed Spin.
///
/// # Errors
/// If there is none, it does not print its version, or that is too old.
fn version_of_spin() -> Result<String> {
    if !has_program(SPIN) {
        bail!(
            "there is no `{SPIN}` in PATH: install Spin {} or later \
             (https://spinframework.dev/install), or use --host local",
            oldest()
        );
    }
    let mut command = Command::new(SPIN);
    command.arg("--version");
    let (status, output) = program::capture(command, VERSION_LIMIT)?;
    let line = output.lines().find(|line| line.starts_with("spin ")).filter(|_| status.success());
    let line = line.with_context(|| {
        let first = output.lines().next().unwrap_or_default();
        format!("`{SPIN} --version` gives no version of Spin ({status}): {first}")
    })?;
    check(line)
}

/// Parses the output of `spin --version`, such as `spin 4.1.0 (2be4034 2026-09-01)`. A pre-release,
/// such as `4.1.0-pre0`, counts as the release.
fn check(line: &str) -> Result<String> {
    let version = line.split_whitespace().nth(1).unwrap_or_default();
    let mut numbers = version.split('.').map(|number| number.parse::<u64>().ok());
    let (Some(Some(major)), Some(Some(minor))) = (numbers.next(), numbers.next()) else {
        bail!("`{SPIN} --version` gives no version of Spin: {line}");
    };
    if (major, minor) < OLDEST {
        bail!("the `{SPIN}` in PATH is {version}, and the functions need {} or later", oldest());
    }
    Ok(version.to_owned())
}

fn oldest() -> String {
    format!("{}.{}", OLDEST.0, OLDEST.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spin_from_4_1_on_runs_the_functions() {
        for (line, version) in [
            ("spin 4.1.0 (2be4034 2026-09-01)", "4.1.0"),
            ("spin 4.1.0-pre0 (94a8fc8 2026-08-21)", "4.1.0-pre0"),
            ("spin 4.10.2", "4.10.2"),
            ("spin 5.0.0-rc.1 (0000000 2027-01-01)", "5.0.0-rc.1"),
        ] {
            assert_eq!(check(line).unwrap(), version);
        }
    }

    #[test]
    fn an_older_spin_is_refused_with_its_version_and_the_one_that_is_needed() {
        for version in ["4.0.2", "3.6.3", "0.1.0"] {
            let error = check(&format!("spin {version} (2be4034 2026-01-01)")).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(version) && error.contains("4.1 or later"), "{error}");
        }
    }

    #[test]
    fn what_tells_no_version_is_shown_as_it_is() {
        for line in ["spin", "spin version four", "spin 4", "spin -1.2"] {
            let error = check(line).unwrap_err().to_string();
            assert!(error.contains("no version of Spin") && error.contains(line), "{error}");
        }
    }
}
