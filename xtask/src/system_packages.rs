//! Installs system packages (Debian's) if that is allowed without a prompt.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::program::{self, has_program};

/// How long `apt-get` may take: it downloads.
const LIMIT: Duration = Duration::from_secs(900);

/// How a command is run as root.
#[derive(Clone, Copy)]
enum Privilege {
    Root,
    Sudo,
}

/// Whether this package is completely installed.
pub(crate) fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat", "${db:Status-Status}", package])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

/// The version of a package that is or would be installed; `None` if the package lists have none.
pub(crate) fn candidate(package: &str) -> Option<String> {
    let output = Command::new("apt-cache")
        .args(["policy", package])
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (version != "(none)").then(|| version.to_owned())
}

/// The package `<prefix><number>` with the highest number in the package lists.
pub(crate) fn newest_numbered(prefix: &str) -> Option<String> {
    let output = Command::new("apt-cache")
        .args(["pkgnames", prefix])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    highest_numbered(prefix, &String::from_utf8_lossy(&output.stdout))
}

fn highest_numbered(prefix: &str, names: &str) -> Option<String> {
    names
        .lines()
        .filter_map(|name| name.trim().strip_prefix(prefix)?.parse::<u32>().ok())
        .max()
        .map(|number| format!("{prefix}{number}"))
}

/// Fetches the package lists again.
///
/// # Errors
/// If there is no `apt-get`, no right to use it, or it fails.
pub(crate) fn update_lists() -> Result<()> {
    apt_get(&["update", "-qq"])
}

/// Installs packages without their recommendations.
///
/// # Errors
/// As [`update_lists`].
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    say(format!("installing {} from the system's packages", packages.join(", ")));
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    // A new machine's lists are empty or old: fetch them only if installing fails without.
    if apt_get(&arguments).is_ok() {
        return Ok(());
    }
    update_lists()?;
    apt_get(&arguments)
}

/// Installs pip if it is missing.
///
/// # Errors
/// As [`install`].
pub(crate) fn ensure_pip() -> Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "--version"]);
    let present = program::capture(pip, Duration::from_secs(30));
    if present.is_ok_and(|(status, _)| status.success()) {
        return Ok(());
    }
    install(&["python3-pip"])
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = match privilege()? {
        Privilege::Root => Command::new("apt-get"),
        Privilege::Sudo => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get"]);
            sudo
        }
    };
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        // In single-user mode no service is started: the tests start their own servers.
        .env("RUNLEVEL", "1")
        // Another run of the package manager may be in progress: wait for it.
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(arguments);
    let (status, output) = program::capture(command, LIMIT)?;
    if !status.success() {
        let tail: Vec<&str> = output.lines().rev().take(5).collect();
        let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
        bail!("`apt-get {}` failed:\n{tail}", arguments.join(" "));
    }
    Ok(())
}

fn privilege() -> Result<Privilege> {
    if !has_program("apt-get") {
        bail!("this system has no `apt-get`");
    }
    if rustix::process::geteuid().is_root() {
        return Ok(Privilege::Root);
    }
    let allowed = has_program("sudo")
        && Command::new("sudo")
            .args(["-n", "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("`sudo` cannot be started")?
            .success();
    if !allowed {
        bail!("packages can only be installed by root, or with a `sudo` that needs no password");
    }
    Ok(Privilege::Sudo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_number_wins_by_value_and_other_names_do_not_count() {
        let names = "lld-9\nlld-22\nlld-14\nlld-14-dbg\nlld\n";
        assert_eq!(highest_numbered("lld-", names).as_deref(), Some("lld-22"));
        assert_eq!(highest_numbered("lld-", "lld\n"), None);
    }
}
