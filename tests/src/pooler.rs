//! PgBouncer in front of PostgreSQL, in transaction mode: each transaction may get another session.

use crate::databases::{Databases, as_postgres, give_to_postgres};
use crate::leash::Leash;
use crate::ports;
use std::fs::{self, File};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long it may take to start.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// So few sessions that they are switched between clients all the time.
const SESSIONS: usize = 4;

/// A running PgBouncer, which ends with this value.
#[derive(Debug)]
pub struct Pooler {
    port: u16,
    _process: Leash,
}

impl Pooler {
    /// Starts one in front of these databases.
    ///
    /// # Panics
    /// If it is not installed, or does not start.
    #[must_use]
    pub fn start(databases: &Databases) -> Self {
        let port = ports::free();
        let folder = &databases.folder;
        let (users, settings) = (folder.join("pooler-users"), folder.join("pooler.ini"));
        fs::write(&users, "\"taskboard\" \"\"\n").expect("a file");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}\n\
             pool_mode = transaction\ndefault_pool_size = {SESSIONS}\nmax_client_conn = 500\n",
            databases.postgres_port(),
            users.display()
        );
        fs::write(&settings, text).expect("a file");
        give_to_postgres(&users);
        give_to_postgres(&settings);
        let place = folder.join("pooler.log");
        let log = File::create(&place).expect("a log file");
        // Debian installs it among the administrators' programs.
        let program = Path::new("/usr/sbin/pgbouncer");
        let program = if program.exists() { program } else { Path::new("pgbouncer") };
        let mut pooler = as_postgres(program);
        pooler.arg(&settings).current_dir(folder);
        let process = Leash::start(&pooler, &log).expect("a shell");
        let deadline = Instant::now() + READY_LIMIT;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let reported = || fs::read_to_string(&place).unwrap_or_default();
            assert!(Instant::now() < deadline, "PgBouncer does not start: {}", reported());
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { port, _process: process }
    }

    /// PostgreSQL's address through the pooler.
    #[must_use]
    pub fn database_url(&self) -> String {
        format!("postgres://taskboard@127.0.0.1:{}/postgres", self.port)
    }

    /// The environment variables with which local-host and the relay use it.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("SPIN_VARIABLE_DATABASE_URL", self.database_url()),
            ("SPIN_VARIABLE_DATABASE_HOST", format!("postgres://127.0.0.1:{}", self.port)),
        ]
    }
}
