//! From the previous release to this one and back (docs/backup.md), on a database with content.

use super::World;
use super::backups::{Place, back_up, command, succeeds};
use contract_tests::api::seq;
use contract_tests::{Api, Stack, people};
use serde_json::{Value, json};

/// The previous release's schema version. No release was tagged yet: it is the version before
/// accounts were managed.
const BEFORE: &str = "25";

/// A database of the world's PostgreSQL.
struct Base<'a> {
    world: &'a World,
    url: String,
}

impl<'a> Base<'a> {
    fn new(world: &'a World, name: &str) -> Self {
        world.databases.psql(&format!("CREATE DATABASE {name}")).expect("a database");
        let url = world.databases.database_url().replace("/postgres?", &format!("/{name}?"));
        Self { world, url }
    }

    fn sql(&self, statement: &str) -> String {
        let output = std::process::Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", statement])
            .arg(&self.url)
            .output()
            .expect("psql");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    /// The entity that a write function of the database returns.
    fn write(&self, call: &str) -> Value {
        let text = self.sql(&format!("SELECT entity FROM {call}"));
        serde_json::from_str(&text).expect("an entity")
    }

    fn migrate(&self, target: Option<&str>) -> String {
        let mut migrate = command("migrate", &self.url, &[]);
        if let Some(target) = target {
            migrate.args(["--target", target]);
        }
        String::from_utf8(succeeds(&mut migrate).stdout).expect("UTF-8")
    }

    fn version(&self) -> String {
        self.sql("SELECT max(version) FROM refinery_schema_history")
    }

    /// Everything that people wrote.
    fn content(&self) -> String {
        self.sql(
            "SELECT json_build_array( \
                (SELECT json_agg(event ORDER BY board_id, seq) FROM events), \
                (SELECT json_agg(json_build_array(id, name, columns, archived, deleted_at, seq, version) ORDER BY id) FROM boards), \
                (SELECT json_agg(json_build_array(board_id, id, title, description, status, position, labels, fields, version) \
                    ORDER BY board_id, id) FROM tasks), \
                (SELECT json_agg(json_build_array(board_id, id, body, version) ORDER BY board_id, id) FROM comments), \
                (SELECT json_agg(json_build_array(board_id, user_id, role) ORDER BY board_id, user_id) FROM board_members), \
                (SELECT json_agg(json_build_array(id, username, display_name, password_hash, role) ORDER BY id) FROM users))",
        )
    }

    /// Adds people, boards, tasks and comments with the database's functions.
    async fn fill(&self) {
        // Only the programs can hash a password.
        let _ = people::register(&self.world.stack, "ada-of-before").await;
        let hash = "SELECT password_hash FROM users WHERE username = 'ada-of-before'";
        let hash = self.world.databases.psql(hash).expect("a hash");
        for name in ["ada", "bob"] {
            self.sql(&format!(
                "INSERT INTO users (username, display_name, password_hash) VALUES ('{name}', 'Of before', '{}')",
                hash.trim()
            ));
        }
        let (ada, bob) = (r#"'{"user_id": 1}'"#, r#"'{"user_id": 2}'"#);
        let _ = self.write(&format!(r#"board_create({ada}, '{{"name": "Kept"}}', NULL, NULL)"#));
        let _ =
            self.write(&format!(r#"board_create({bob}, '{{"name": "Thrown away"}}', NULL, NULL)"#));
        self.sql(&format!("SELECT event FROM member_put({ada}, 1, 'bob', 'editor')"));
        for title in ["Überfällig", "two", "three"] {
            let _ = self.write(&format!(
                r#"task_add({ada}, 1, '{{"title": "{title}", "labels": ["a"], "fields": {{"n": 1}}}}', NULL, NULL)"#
            ));
        }
        let _ = self.write(&format!(
            r#"task_patch({bob}, 1, 1, '{{"status": "finished", "assigned_to": "bob"}}', NULL)"#
        ));
        let _ = self.write(&format!("comment_add({bob}, 1, 2, 'words', NULL, NULL)"));
        self.sql(&format!("SELECT event FROM task_delete({ada}, 1, 3, NULL)"));
        self.sql(&format!("SELECT event FROM board_delete({bob}, 2, NULL)"));
    }
}

/// An existing user logs in with the existing password.
async fn log_in<'a>(stack: &'a Stack, name: &str, id: u64) -> Api<'a> {
    let body = json!({"username": name, "password": people::PASSWORD});
    let reply = Api::new(stack).post("/api/auth/login", &body).send().await.expect(200);
    let actor = json!({"id": id, "username": name});
    Api::of_user(stack, reply.json()["token"].as_str().expect("a token"), actor)
}

#[tokio::test]
async fn all_of_the_release_before_is_there_after_the_upgrade_and_its_backup_is_the_way_back() {
    let (world, _turn) = World::take().await;
    let (base, place) = (Base::new(world, "upgraded"), Place::new());
    assert!(base.migrate(Some(BEFORE)).contains(&format!("applied V{BEFORE} ")));
    base.fill().await;
    let before = base.content();
    let backup = back_up(&base.url, &place.join("kept"));

    let reported = base.migrate(None);
    assert!(reported.contains("applied V26 ") && reported.contains("make-backup"), "{reported}");
    assert_eq!(base.content(), before, "migrations change nothing that people wrote");

    let mut environment = world.databases.environment();
    environment.retain(|(name, _)| *name != "SPIN_VARIABLE_DATABASE_URL");
    environment.push(("SPIN_VARIABLE_DATABASE_URL", base.url.clone()));
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stack = Stack::start_with(&environment, &environment).await;
    let ada = log_in(&stack, "ada", 1).await;
    let board = ada.document(1).await;
    let titles = board["tasks"].as_array().expect("tasks").iter().map(|task| &task["title"]);
    let mut titles: Vec<&str> = titles.filter_map(Value::as_str).collect();
    titles.sort_unstable();
    assert_eq!((board["name"].as_str(), titles), (Some("Kept"), vec!["two", "Überfällig"]));
    let events: Vec<Value> = serde_json::from_str(
        &base.sql("SELECT json_agg(event ORDER BY seq) FROM events WHERE board_id = 1"),
    )
    .expect("events");
    assert_eq!(ada.events(1, 0).await, events);
    let found = ada.get("/api/boards/1/tasks?q=uberfallig").send().await.expect(200).json();
    assert_eq!(found["items"][0]["id"], 1, "{found}");
    let past = ada.get("/api/boards/1?at=2").send().await.expect(200).json();
    assert_eq!(past["tasks"].as_array().map(Vec::len), Some(1), "{past}");
    let bob = log_in(&stack, "bob", 2).await;
    let trash = bob.get("/api/boards?deleted=true").send().await.expect(200).json();
    assert_eq!(trash["items"][0]["name"], "Thrown away", "{trash}");
    let _ = bob.post("/api/boards/2/restore", &json!({})).send().await.expect(200);
    let undone = ada.post(&format!("/api/boards/1/events/{}/undo", seq(&board)), &json!({}));
    assert!(undone.send().await.status < 300, "what was deleted before comes back");

    // Back: as it was before the upgrade, for the previous programs.
    let mut restore = command("restore-backup", &base.url, &[&backup]);
    let reported = String::from_utf8(succeeds(restore.arg("--replace")).stdout).expect("UTF-8");
    assert!(reported.contains("run `migrate` next"), "{reported}");
    assert_eq!((base.version().as_str(), base.content()), (BEFORE, before.clone()));
    assert!(base.migrate(Some(BEFORE)).contains("nothing to apply"));
    let _ = base.write(r#"task_add('{"user_id": 1}', 1, '{"title": "of before"}', NULL, NULL)"#);

    // And forward once more; programs that kept running continue.
    let _ = base.migrate(None);
    let now = ada.document(1).await;
    assert_eq!(seq(&now), seq(&board) + 1);
    assert_ne!(now["epoch"], board["epoch"]);
}
