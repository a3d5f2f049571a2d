//! Finds a compiler for WebAssembly components: the toolchain's own target, or the system's packages.
//!
//! The first way is `rustup target add wasm32-wasip2`. Where that cannot be had, the system's
//! `rustc-web` with `rust-web-src` builds the standard library too, the C library comes from
//! `wasi-libc`, and only `wasm-component-ld` is taken from the toolchain, which ships it for the host.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::{say, warn};
use crate::{cargo, program, system_packages};

/// The target that every component is built for.
pub(crate) const TARGET: &str = "wasm32-wasip2";

/// How long `rustup` may try to fetch the target.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// How long a question to the compiler may take.
const QUESTION_LIMIT: Duration = Duration::from_secs(30);

/// The system's packages that build components, beside a numbered `lld`.
const PACKAGES: [&str; 4] = ["cargo-web", "rustc-web", "rust-web-src", "wasi-libc"];

/// Where the system's `wasi-libc` puts the C library.
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";

/// Which of the two ways a person asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Choice {
    /// The toolchain's own target; where it cannot be had, the system's packages
    #[default]
    Auto,
    /// Only the toolchain's own target, added by rustup where missing
    Rustup,
    /// Only the system's packages: builds the standard library
    System,
}

/// A compiler that makes components.
pub(crate) enum Toolchain {
    /// The one that runs this program, with the target installed.
    Installed,
    /// The system's packages.
    System(SystemToolchain),
}

/// What a build with the system's packages needs to know.
pub(crate) struct SystemToolchain {
    /// The folder of `wasm-component-ld` in the toolchain.
    tools: PathBuf,
    /// The path of `wasm-ld`, which has a number in its name.
    linker: PathBuf,
}

impl Toolchain {
    /// Finds a compiler and installs what it lacks.
    ///
    /// # Errors
    /// Where no way leads to one; the message says what to install.
    pub(crate) fn find(choice: Choice) -> Result<Self> {
        let from_rustup = match choice {
            Choice::Auto | Choice::Rustup => ensure_target(),
            Choice::System => Err(anyhow::anyhow!("not asked for")),
        };
        let reason = match (from_rustup, choice) {
            (Ok(()), _) => return Ok(Self::Installed),
            (Err(error), Choice::Rustup) => return Err(error).context(advice()),
            (Err(error), _) => error,
        };
        if choice == Choice::Auto {
            warn(format!("{reason:#}; building the standard library with the system's compiler"));
        }
        match SystemToolchain::ensure() {
            Ok(system) => Ok(Self::System(system)),
            Err(error) => Err(error.context(advice())),
        }
    }

    /// The `cargo build` of this compiler for `packages`, all in one.
    pub(crate) fn build(&self, root: &Path, target_folder: &Path, packages: &[&str]) -> Command {
        let mut command = match self {
            Self::Installed => cargo::command(),
            Self::System(system) => system.cargo(),
        };
        command.current_dir(root).env("CARGO_TARGET_DIR", target_folder).args([
            "build",
            "--release",
            "--target",
            TARGET,
        ]);
        if let Self::System(_) = self {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        for package in packages {
            command.args(["--package", package]);
        }
        command
    }

    /// Where this compiler's files go, so that the two never undo each other's work.
    pub(crate) fn target_folder(&self, usual: &Path) -> PathBuf {
        match self {
            Self::Installed => usual.to_owned(),
            Self::System(_) => usual.join("build-std"),
        }
    }

    /// One sentence for a person.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Installed => format!("the toolchain's {TARGET} target"),
            Self::System(system) => format!(
                "the system's rustc, its standard library's source and {}",
                system.linker.display()
            ),
        }
    }
}

fn advice() -> String {
    format!(
        "no compiler for WebAssembly components. Install one of these, then try again:\n  \
         rustup target add {TARGET}\n  \
         apt-get install {} lld-NN   (the newest NN that `apt-cache pkgnames lld-` lists)",
        PACKAGES.join(" ")
    )
}

/// Asks the compiler in the search path; the last line of its answer.
fn ask_rustc(arguments: &[&str]) -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let mut command = Command::new(rustc);
    command.args(arguments);
    let (status, output) = program::capture(command, QUESTION_LIMIT)?;
    if !status.success() {
        bail!("`rustc {}` failed:\n{output}", arguments.join(" "));
    }
    Ok(output)
}

/// Where the compiler in the search path has its libraries.
///
/// # Errors
/// When there is no compiler.
pub(crate) fn sysroot() -> Result<PathBuf> {
    let output = ask_rustc(&["--print", "sysroot"])?;
    let path = output.lines().last().context("`rustc --print sysroot` printed nothing")?;
    Ok(PathBuf::from(path))
}

fn host() -> Result<String> {
    let output = ask_rustc(&["--version", "--verbose"])?;
    let host = output.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

/// Whether the toolchain in use has the target.
///
/// # Errors
/// When there is no compiler.
pub(crate) fn has_target() -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// Makes sure that the toolchain in use has the target.
///
/// # Errors
/// When it has not and `rustup` cannot add it in time.
fn ensure_target() -> Result<()> {
    if has_target()? {
        return Ok(());
    }
    say(format!("adding the {TARGET} target to the toolchain"));
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]);
    let (status, output) = program::capture(command, RUSTUP_LIMIT)?;
    if !status.success() {
        let last = output.lines().last().unwrap_or("it said nothing").trim().to_owned();
        bail!("`rustup target add {TARGET}` failed ({last})");
    }
    if !has_target()? {
        bail!("rustup added {TARGET} to another toolchain than the one in use");
    }
    Ok(())
}

impl SystemToolchain {
    /// Finds the system's compiler, installing the packages that are missing.
    fn ensure() -> Result<Self> {
        let tools = sysroot()?.join("lib/rustlib").join(host()?).join("bin");
        if !tools.join("wasm-component-ld").is_file() {
            bail!("{} has no wasm-component-ld: use rustup's toolchain", tools.display());
        }
        let mut missing: Vec<&str> = PACKAGES
            .into_iter()
            .filter(|package| !system_packages::is_installed(package))
            .collect();
        let mut linker = newest_linker();
        let lld;
        if linker.is_none() {
            lld = find_lld()?;
            missing.push(&lld);
        }
        if !missing.is_empty() {
            // Lists without the security updates know of a compiler that is too old.
            system_packages::update_lists()?;
            system_packages::install(&missing)?;
            linker = newest_linker();
        }
        let linker = linker.context("no /usr/bin/wasm-ld-NN although lld is installed")?;
        Ok(Self { tools, linker })
    }

    /// The system's Cargo with the system's compiler and the linkers of both.
    fn cargo(&self) -> Command {
        let mut command = Command::new("/usr/bin/cargo");
        let mut flags = OsString::from("-Lnative=");
        flags.push(WASI_LIBC);
        flags.push("\u{1f}-Clink-arg=--wasm-ld-path=");
        flags.push(&self.linker);
        let mut path = self.tools.clone().into_os_string();
        path.push(":/usr/bin:/bin");
        for (name, _) in std::env::vars_os() {
            // The other toolchain's variables would mislead this one.
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_") && text != "CARGO_HOME" && !text.starts_with("CARGO_NET_")
                || text.starts_with("RUST")
                || text == "CARGO"
                || text == "LD_LIBRARY_PATH"
            {
                command.env_remove(&name);
            }
        }
        command
            .env("PATH", path)
            .env("RUSTC", "/usr/bin/rustc")
            // The standard library's own build is not for the stable compiler otherwise.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_WASIP2_LINKER", self.tools.join("wasm-component-ld"))
            .env("CARGO_ENCODED_RUSTFLAGS", flags);
        command
    }
}

/// The newest numbered `lld` to install; new machines have no package lists yet.
fn find_lld() -> Result<String> {
    if let Some(name) = system_packages::newest_numbered("lld-") {
        return Ok(name);
    }
    system_packages::update_lists()?;
    system_packages::newest_numbered("lld-").context("the package lists know no lld-NN")
}

/// The installed `wasm-ld-NN` with the highest number.
fn newest_linker() -> Option<PathBuf> {
    let entries = std::fs::read_dir("/usr/bin").ok()?;
    entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.strip_prefix("wasm-ld-")?.parse::<u32>().ok()
        })
        .max()
        .map(|number| PathBuf::from(format!("/usr/bin/wasm-ld-{number}")))
}
