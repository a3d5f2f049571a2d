//! `up`: builds and starts the functions' host and the relay, and keeps both running; with `--full`
//! on top of PostgreSQL and Redis.

mod host;
mod welcome;

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rustix::process::Signal;

use self::host::Host;
use crate::commands::build_components::{self, ToolchainOption};
use crate::commands::migrate;
use crate::console::{self, Colour, say};
use crate::manifest::Manifest;
use crate::secrets::Secrets;
use crate::service::{Output, Service, Supervised};
use crate::stores::{self, Stores};
use crate::workspace::{self, Workspace};
use crate::{cargo, program};

/// How long both programs may take to answer; the first start compiles the components.
const READY_LIMIT: Duration = Duration::from_secs(300);

/// The supervisor's polling interval.
const TICK: Duration = Duration::from_millis(100);

/// The components that work without stores: the others would only report that there are none, and
/// take most of the time of a first build.
const QUICK_WIN: [&str; 11] = [
    "web",
    "docs",
    "openapi",
    "health",
    "api-not-found",
    // It tells the page that nobody can log in.
    "auth-me",
    "quick-win-boards",
    "quick-win-board",
    "quick-win-tasks",
    "quick-win-task",
    "quick-win-events",
];

/// The host names that both programs accept, besides their addresses. Quick-win boards have no
/// login, so a stranger's page must not reach them under its own name.
const NAMES: &str = "localhost";

/// Builds everything, starts it, and stops it on Ctrl-C.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where the page and the API answer (0: any free port)
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where the relay's WebSockets answer (0: any free port)
    #[arg(long, default_value_t = 3001)]
    relay_port: u16,
    /// The address of this machine to listen on: one that a phone in the same network reaches, or
    /// 127.0.0.1, which only this machine does
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// What runs the functions [default: spin where 4.1 or later is installed, else local]
    #[arg(long, value_enum, value_name = "HOST")]
    host: Option<Host>,
    /// State-of-the-art mode: with PostgreSQL and Redis, those at DATABASE_URL and REDIS_URL, else
    /// private servers from the system's packages, which are installed where they are missing
    #[arg(long)]
    full: bool,
    /// Where private servers have their data [default: .taskboard]
    #[arg(long, value_name = "FOLDER", requires = "full")]
    data: Option<PathBuf>,
    #[command(flatten)]
    toolchain: ToolchainOption,
}

/// The ports of the two programs.
#[derive(Clone, Copy)]
struct Ports {
    address: IpAddr,
    functions: u16,
    relay: u16,
    /// Any free ports: only people open these addresses.
    functions_metrics: u16,
    relay_metrics: u16,
}

impl Ports {
    fn functions_address(self) -> SocketAddr {
        SocketAddr::new(self.address, self.functions)
    }

    fn functions_url(self) -> String {
        format!("http://{}", self.functions_address())
    }

    fn relay_url(self) -> String {
        format!("http://{}", SocketAddr::new(self.address, self.relay))
    }

    /// The addresses of the metrics of the functions' host and the relay: always on this machine
    /// only.
    fn metrics(self) -> [SocketAddr; 2] {
        [self.functions_metrics, self.relay_metrics]
            .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    /// The origins of pages that may use them.
    fn origins(self) -> String {
        let local = format!("http://localhost:{0},http://127.0.0.1:{0}", self.functions);
        if self.address.is_loopback() { local } else { format!("{local},{}", self.functions_url()) }
    }
}

/// Runs the command until a person or a signal stops it.
///
/// # Errors
/// If a port is taken, something does not compile, or a program does not become ready.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = workspace::root()?;
    // Printed before the build, which takes minutes the first time.
    check_ports(options)?;
    let host = Host::choose(options.host)?;
    let components = components(options);
    // If all were built before, all are kept up to date: for only a few Cargo would compile shared
    // dependencies again.
    let all_are_there = build_components::all_are_built(&root)?;
    let needed = if all_are_there { &[][..] } else { &components };
    build_components::build(&root, needed, false, options.toolchain)?;
    let workspace = Workspace::load(&root)?;
    let mut programs: Vec<&str> = host.program().into_iter().collect();
    programs.push("realtime-relay");
    say(format!("building {} (the first time takes some minutes)", programs.join(" and ")));
    programs.extend(options.full.then_some(migrate::PROGRAM));
    let build = cargo::build_of_programs(&root, workspace.native_packages(), &programs);
    cargo::build(build, "one of the programs")?;
    let secrets = Secrets::load_or_make(&root, &Manifest::load(&root)?)?;
    let ports = check_ports(options)?;

    // Dropped in reverse order, also after a failure: the stores end last.
    let mut stores = start_stores(options, &root, &workspace, &secrets)?;
    let mut services = Vec::new();
    let functions = host.service(&root, &workspace, ports, &components);
    for service in [functions, relay(&root, &workspace, ports)] {
        let service = with_environment(service, &secrets, stores.as_ref());
        services.push(Supervised::start(service)?);
    }
    if wait_until_ready(&mut services, ports)? {
        say(welcome::text(host, ports, stores.as_ref(), options.data.as_deref()));
        keep_running(&mut services, stores.as_mut());
    }
    say("stopping");
    // The relay first: it asks its clients to reconnect, and stops using the functions.
    while let Some(mut service) = services.pop() {
        service.stop();
    }
    if let Some(stores) = stores {
        stores.stop();
    }
    say("stopped");
    Ok(())
}

/// The ids of the components that run; none means all.
fn components(options: &Options) -> Vec<String> {
    let has_stores = options.full || std::env::var_os("SPIN_VARIABLE_DATABASE_URL").is_some();
    if has_stores { Vec::new() } else { QUICK_WIN.map(str::to_owned).to_vec() }
}

/// Starts the stores if they are requested, with the newest schema.
fn start_stores(
    options: &Options,
    root: &Path,
    workspace: &Workspace,
    secrets: &Secrets,
) -> Result<Option<Stores>> {
    if !options.full {
        return Ok(None);
    }
    let data = options.data.clone().unwrap_or_else(|| root.join(stores::FOLDER));
    let stores = Stores::start(secrets, &data)?;
    migrate::apply(workspace, stores.database.url())?;
    Ok(Some(stores))
}

/// Supervises everything until a person or a signal stops it.
fn keep_running(services: &mut [Supervised], mut stores: Option<&mut Stores>) {
    while !program::interrupted() {
        if let Some(stores) = &mut stores {
            stores.look_after();
        }
        services.iter_mut().for_each(Supervised::look_after);
        std::thread::sleep(TICK);
    }
}

/// Checks that both ports are free, and chooses one where any may be used.
fn check_ports(options: &Options) -> Result<Ports> {
    if options.port == options.relay_port && options.port != 0 {
        bail!("--port and --relay-port are both {}: give them different ones", options.port);
    }
    let address = options.address;
    if address.is_unspecified() {
        bail!(
            "--address {address} means every address: give the one at which others reach this \
             machine"
        );
    }
    // Both are held at the same time, so that two choices differ.
    let functions = claim(address, options.port, "--port")?;
    let relay = claim(address, options.relay_port, "--relay-port")?;
    let any = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let (functions_metrics, relay_metrics) = (any()?, any()?);
    Ok(Ports {
        address,
        functions: functions.local_addr()?.port(),
        relay: relay.local_addr()?.port(),
        functions_metrics: functions_metrics.local_addr()?.port(),
        relay_metrics: relay_metrics.local_addr()?.port(),
    })
}

fn claim(address: IpAddr, port: u16, flag: &str) -> Result<TcpListener> {
    TcpListener::bind((address, port)).map_err(|error| match error.kind() {
        ErrorKind::AddrNotAvailable => {
            anyhow::anyhow!("{address} is not an address of this machine (--address)")
        }
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {port} is taken by another program: end it, or choose another with {flag} NUMBER"
        ),
        ErrorKind::PermissionDenied => {
            anyhow::anyhow!("port {port} is for root only: choose another with {flag} NUMBER")
        }
        _ => anyhow::Error::new(error).context(format!("port {port} cannot be used ({flag})")),
    })
}

fn relay(root: &Path, workspace: &Workspace, ports: Ports) -> Service {
    let mut command =
        listening(workspace, "realtime-relay", SocketAddr::new(ports.address, ports.relay));
    let [_, metrics] = ports.metrics();
    command.extend(["--metrics-listen".to_owned(), metrics.to_string()]);
    Service {
        name: "relay",
        output: Output::Terminal(Colour::Magenta),
        command,
        environment: vec![
            ("RELAY_FUNCTIONS_URL".to_owned(), ports.functions_url()),
            ("SPIN_VARIABLE_CORS_ORIGINS".to_owned(), ports.origins()),
            ("RELAY_ALLOWED_HOSTS".to_owned(), NAMES.to_owned()),
        ],
        folder: root.to_owned(),
        stop_signal: Signal::TERM,
        after_restart: "runs again; its clients come back by themselves",
    }
}

/// One of our programs, with its address. It ends with this process: otherwise its ports would
/// stay taken if this process is killed.
fn listening(workspace: &Workspace, program: &str, address: SocketAddr) -> Vec<String> {
    let mut command = program::tether(Signal::TERM, None);
    command.push(workspace.target.join("debug").join(program).to_string_lossy().into_owned());
    command.extend(["--listen".to_owned(), address.to_string()]);
    command
}

fn with_environment(mut service: Service, secrets: &Secrets, stores: Option<&Stores>) -> Service {
    // The user's environment takes precedence over this command's choices.
    service.environment.retain(|(name, _)| std::env::var_os(name).is_none());
    for (name, value) in secrets.environment() {
        service.environment.push((name.to_owned(), value.to_owned()));
    }
    // These already consider both.
    service
        .environment
        .extend(stores.map(|stores| stores.environment(secrets)).unwrap_or_default());
    service
}

/// Waits until both programs answer; false when a person interrupts before that.
fn wait_until_ready(services: &mut [Supervised], ports: Ports) -> Result<bool> {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(2))).build().into();
    let deadline = Instant::now() + READY_LIMIT;
    for url in [ports.functions_url(), ports.relay_url()] {
        while agent.get(format!("{url}/healthz")).call().is_err() {
            if program::interrupted() {
                return Ok(false);
            }
            for service in services.iter_mut() {
                if let Some(status) = service.ended() {
                    bail!("{} ended before it was ready ({status}): see above", service.name());
                }
            }
            if Instant::now() > deadline {
                let time = console::duration(READY_LIMIT);
                bail!("{url}/healthz did not succeed within {time}: see above");
            }
            std::thread::sleep(TICK);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(port: u16, relay_port: u16) -> Options {
        Options {
            port,
            relay_port,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            host: None,
            full: false,
            data: None,
            toolchain: ToolchainOption::default(),
        }
    }

    #[test]
    fn a_taken_port_is_named_with_the_flag_that_chooses_another() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = check_ports(&options(port, 0)).err().unwrap().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--port"), "{error}");
        let error = check_ports(&options(0, port)).err().unwrap().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--relay-port"), "{error}");
    }

    #[test]
    fn an_address_that_nobody_can_be_told_is_refused() {
        let error = |address: &str| {
            let options = Options { address: address.parse().unwrap(), ..options(0, 0) };
            check_ports(&options).err().unwrap().to_string()
        };
        assert!(error("0.0.0.0").contains("--address"), "{}", error("0.0.0.0"));
        // From TEST-NET-1 (RFC 5737): no machine has it.
        assert!(
            error("192.0.2.1").contains("not an address of this machine"),
            "{}",
            error("192.0.2.1")
        );
    }

    #[test]
    fn one_port_cannot_serve_both() {
        let error = check_ports(&options(3999, 3999)).err().unwrap().to_string();
        assert!(error.contains("different"), "{error}");
        let ports = check_ports(&options(0, 0)).unwrap();
        assert_ne!(ports.functions, ports.relay);
    }
}
