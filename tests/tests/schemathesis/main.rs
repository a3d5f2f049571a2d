//! Requests that schemathesis generates from the API's description: valid and invalid ones, alone
//! and in sequences. Every answer must match the description.

use contract_tests::stack::workspace;
use contract_tests::{Databases, Stack, people};
use std::path::PathBuf;
use std::process::Command;

/// The maximum number of requests per operation in a phase.
const EXAMPLES: &str = "50";

/// The folder where xtask installed it.
fn folder() -> PathBuf {
    let chosen = std::env::var_os("TASKBOARD_SCHEMATHESIS").map(PathBuf::from);
    chosen.expect("TASKBOARD_SCHEMATHESIS, which `cargo xtask test schemathesis` sets")
}

/// Runs it on the operations that `which` selects.
fn ask(stack: &Stack, token: &str, which: &[&str]) {
    let (folder, settings) = (folder(), workspace().join("tests/schemathesis"));
    // It writes files into its working directory.
    let notes = workspace().join("target/schemathesis");
    std::fs::create_dir_all(&notes).expect("a folder");
    let status = Command::new(folder.join("bin/schemathesis"))
        .current_dir(&notes)
        .env("PYTHONPATH", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_TOKEN", token)
        .env("SCHEMATHESIS_HOOKS", settings.join("hooks.py"))
        .arg("--config-file")
        .arg(settings.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/openapi.json", stack.functions_url()))
        .args(["--no-color", "--max-examples", EXAMPLES])
        .args(which)
        .status()
        .expect("schemathesis");
    assert!(status.success(), "schemathesis has found something: {status}");
}

/// Operations that may end the token. (The last admin cannot delete their account.)
const LAST: [&str; 3] = ["deleteAccount", "revokeSession", "logOut"];

#[tokio::test]
#[ignore = "it takes minutes and a program of its own: `cargo xtask test schemathesis`"]
async fn api_openapi_quick_win_mode_answers_whatever_is_made_up_as_described() {
    let stack = Stack::start().await;
    ask(&stack, "none", &["--include-path-regex", "^/(api/quick-win/|api/openapi|healthz|readyz)"]);
}

#[tokio::test]
#[ignore = "it takes minutes and a program of its own: `cargo xtask test schemathesis`"]
async fn api_openapi_teams_mode_answers_whatever_is_made_up_as_described() {
    let databases = Databases::start();
    let environment = databases.environment();
    let mut environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // Without one, passkey operations are not exercised.
    environment.push(("SPIN_VARIABLE_PUBLIC_ORIGIN", "https://board.example"));
    let stack = Stack::start_with(&environment, &[]).await;
    let (token, _) = people::register(&stack, "schemathesis").await;
    // Operations that end the token come last.
    let mut others = vec!["--include-path-regex", "^/api/(auth|boards|invitations)"];
    for last in LAST {
        others.extend(["--exclude-operation-id", last]);
    }
    ask(&stack, &token, &others);
    let grant = "UPDATE users SET role = 'admin' WHERE username = 'schemathesis'";
    let _ = databases.psql(grant).expect("an admin");
    // Generated requests as admin would revoke each other's rights.
    let reads = ["--include-path-regex", "^/api/admin", "--include-method", "GET"];
    ask(&stack, &token, &reads);
    for last in LAST {
        ask(&stack, &token, &["--include-operation-id", last]);
    }
}
