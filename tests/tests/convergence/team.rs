//! The people of all histories, and the servers that they use.

use crate::request::Person;
use contract_tests::Api;
use contract_tests::api::{Mode, World, id};
use serde_json::{Value, json};
use std::sync::LazyLock;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

/// How many events a team's board begins with: the observer and two members join it.
pub(crate) const TEAM_BEGINS: u64 = 3;

/// The runtime of all this binary's tasks: connections outlive the test that opened them.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// The people of one mode.
pub(crate) struct Team {
    /// Whether the mode has no logins.
    pub(crate) quick_win: bool,
    /// The histories' people, by index, and last the observer, who may only read.
    apis: Vec<Api<'static>>,
    /// Their names and ids.
    pub(crate) people: Vec<Person>,
}

/// The same people in both modes.
pub(crate) struct Teams {
    pub(crate) quick_win: Team,
    pub(crate) full: Team,
}

/// Waits for a future.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.block_on(future)
}

impl Teams {
    /// The teams shared by all tests.
    pub(crate) async fn shared() -> &'static Self {
        static TEAMS: OnceCell<Teams> = OnceCell::const_new();
        TEAMS.get_or_init(Self::gather).await
    }

    async fn gather() -> Self {
        let world = World::shared().await;
        let mut apis = Vec::new();
        for _ in 0..5 {
            apis.push(world.somebody().await);
        }
        let person = |api: &Api<'_>| Person { id: api.user_id(), name: api.username().to_owned() };
        let people: Vec<Person> = apis.iter().map(person).collect();
        let guests = apis.iter().map(|api| api.in_mode(Mode::QUICK_WIN)).collect();
        Self {
            quick_win: Team { quick_win: true, apis: guests, people: people.clone() },
            full: Team { quick_win: false, apis, people },
        }
    }
}

impl Team {
    pub(crate) fn api(&self, who: usize) -> &Api<'static> {
        &self.apis[who]
    }

    /// The index of the observer.
    pub(crate) fn observer(&self) -> usize {
        self.apis.len() - 1
    }

    /// The number of a board's initial events.
    pub(crate) fn begins(&self) -> u64 {
        if self.quick_win { 0 } else { TEAM_BEGINS }
    }

    /// Creates a board of the first person on which the second and third may write and which the
    /// observer may read; returns its id, and the board before any event.
    pub(crate) async fn board(&self, name: &str, roles: [&str; 2]) -> (u64, Value) {
        let owner = self.api(0);
        let made = owner.post(owner.mode.boards, &json!({"name": name})).send().await.expect(201);
        let board = id(&made.json());
        if self.quick_win {
            return (board, made.json());
        }
        for (person, role) in [(self.observer(), "viewer"), (1, roles[0]), (2, roles[1])] {
            let path = format!("{}/members/{}", owner.board_path(board), self.people[person].name);
            let put = owner.request("PUT", &path).json(&json!({"role": role}));
            let _ = put.send().await.expect(201);
        }
        let observer = self.api(self.observer());
        let path = format!("{}?at=0", observer.board_path(board));
        (board, observer.get(&path).send().await.expect(200).json())
    }
}
