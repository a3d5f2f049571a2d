//! Stores as managed providers offer them (docs/operations.md), behind the real servers.

mod backups;
mod failover;
mod pooled;
mod tls;
mod upgrade;

use contract_tests::certificates::Authority;
use contract_tests::secured::Secured;
use contract_tests::{Api, Databases, Stack, people};
use std::process::Output;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// Databases reached over TLS, and servers that use them.
struct World {
    databases: Databases,
    authority: Authority,
    secured: Secured,
    stack: Stack,
    /// Held by a test that needs the world unchanged, or that changes it.
    turn: Mutex<()>,
}

impl World {
    async fn start() -> Self {
        let databases = Databases::start_installed();
        let authority = Authority::new("the provider's");
        let secured = databases.secure(&authority);
        let environment = secured.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let stack = Stack::start_with(&environment, &environment).await;
        Self { databases, authority, secured, stack, turn: Mutex::default() }
    }

    /// The world, for one test at a time.
    async fn take() -> (&'static Self, MutexGuard<'static, ()>) {
        static WORLD: OnceCell<World> = OnceCell::const_new();
        let world = WORLD.get_or_init(Self::start).await;
        (world, world.turn.lock().await)
    }

    /// A new user.
    async fn somebody(&self) -> Api<'_> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("user-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (token, actor) = people::register(&self.stack, &name).await;
        Api::of_user(&self.stack, &token, actor)
    }
}

/// A command's whole output.
fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}
