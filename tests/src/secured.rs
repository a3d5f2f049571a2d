//! The same databases as managed providers offer them: over TLS, for a user with a password.

use crate::certificates::{Authority, Identity};
use crate::databases::{Databases, give_to_postgres};
use crate::ports;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long PostgreSQL may take to reload its settings.
const RELOAD_LIMIT: Duration = Duration::from_secs(20);

/// The user's name in both.
const USER: &str = "provided";

/// The password, which must never appear in a log: in plain text, and URL-encoded.
pub const PASSWORD: &str = "s3cr3t@provided";
const PASSWORD_IN_URLS: &str = "s3cr3t%40provided";

/// The user's rights in Redis: those that docs/operations.md lists as needed.
const RIGHTS: &str = "~* &* +@all -@dangerous +info +client|unblock";

/// The user's access to both. Both servers are called `localhost`.
#[derive(Debug)]
pub struct Secured {
    /// PostgreSQL's URL, for clients that trust the authority.
    pub database_url: String,
    pub redis_url: String,
    /// The file with the authority.
    pub authority: PathBuf,
    postgres: String,
    redis: String,
}

impl Databases {
    /// Gives the user access to both, only over TLS, with certificates from this authority.
    ///
    /// # Panics
    /// If a server refuses.
    #[must_use]
    pub fn secure(&self, authority: &Authority) -> Secured {
        let trusted = self.folder.join("authority.pem");
        fs::write(&trusted, authority.pem()).expect("a file");
        let access = self.data().join("pg_hba.conf");
        let everybody = fs::read_to_string(&access).expect("the access rules");
        let user = format!("hostssl all {USER} all scram-sha-256\nhost all {USER} all reject\n");
        fs::write(&access, user + &everybody).expect("written");
        let (certificate, key) = self.identity_files();
        for statement in [
            format!("CREATE ROLE {USER} SUPERUSER LOGIN PASSWORD '{PASSWORD}'"),
            format!("ALTER SYSTEM SET ssl_cert_file = '{}'", certificate.display()),
            format!("ALTER SYSTEM SET ssl_key_file = '{}'", key.display()),
            "ALTER SYSTEM SET ssl = on".to_owned(),
        ] {
            self.psql(&statement).expect("a setting");
        }
        self.show(&authority.identity("localhost", 2100));
        let secret = format!(">{PASSWORD}");
        let mut rule = vec!["ACL", "SETUSER", USER, "on", &secret];
        rule.extend(RIGHTS.split(' '));
        self.tell_redis(&rule);
        let port = ports::free();
        self.tell_redis(&["CONFIG", "SET", "tls-port", &port.to_string()]);
        let postgres = format!("localhost:{}", self.postgres_port());
        let redis = format!("localhost:{port}");
        let login = format!("{USER}:{PASSWORD_IN_URLS}");
        let tls = format!("sslmode=verify-full&sslrootcert={}", trusted.display());
        Secured {
            database_url: format!("postgresql://{login}@{postgres}/postgres?{tls}"),
            redis_url: format!("rediss://{login}@{redis}/0"),
            authority: trusted,
            postgres,
            redis,
        }
    }

    /// Makes both servers use this certificate from now on, and ends the user's connections.
    ///
    /// # Panics
    /// If a server refuses.
    pub fn show(&self, identity: &Identity) {
        let (certificate, key) = self.identity_files();
        fs::write(&certificate, &identity.certificate).expect("a certificate");
        fs::write(&key, &identity.key).expect("a key");
        fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("a private key");
        give_to_postgres(&key);
        let loaded = || self.psql("SELECT pg_conf_load_time()").expect("a time");
        let before = loaded();
        self.psql("SELECT pg_reload_conf()").expect("reloaded");
        let deadline = Instant::now() + RELOAD_LIMIT;
        while loaded() == before {
            assert!(Instant::now() < deadline, "PostgreSQL does not reload its settings");
        }
        let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
        self.tell_redis(&[
            "CONFIG",
            "SET",
            "tls-auth-clients",
            "no",
            "tls-cert-file",
            &certificate,
            "tls-key-file",
            &key,
        ]);
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = ";
        self.psql(&format!("{end}'{USER}'")).expect("ended");
        self.redis(&["CLIENT", "KILL", "USER", USER]).expect("an answer");
    }

    fn identity_files(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("server.crt"), self.folder.join("server.key"))
    }

    fn tell_redis(&self, words: &[&str]) {
        let answer = self.redis(words).expect("an answer");
        assert_eq!(answer, "+OK\r\n", "{}", words[0]);
    }
}

impl Secured {
    /// The environment variables with which local-host and the relay use them.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SPIN_VARIABLE_DATABASE_URL", self.database_url.clone()),
            ("SPIN_VARIABLE_DATABASE_HOST", format!("postgres://{}", self.postgres)),
            ("SPIN_VARIABLE_REDIS_URL", self.redis_url.clone()),
            ("SPIN_VARIABLE_REDIS_HOST", format!("rediss://{}", self.redis)),
            ("REDIS_CA_FILE", self.authority.display().to_string()),
        ]
    }
}
