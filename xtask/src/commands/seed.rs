//! `seed`: loads an example of boards through the HTTP API, as any client would.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::console::{self, Colour, say};
use crate::workspace;

/// The repository's example.
const EXAMPLE: &str = "examples/project-alpha.json";

/// How long one request may take.
const REQUEST_LIMIT: Duration = Duration::from_secs(15);

/// Loads boards and their tasks from a file into a running task board.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where the functions answer
    #[arg(long, default_value = "http://127.0.0.1:3000", env = "TASKBOARD_URL")]
    url: String,
    /// The file: {"boards": [{"name", "tasks": [{"title", …}]}]}. Ids, times and events in it are
    /// for reading: the server gives its own [default: examples/project-alpha.json]
    file: Option<PathBuf>,
}

/// The content of a file of boards; fields that the server decides itself are not read.
#[derive(Deserialize)]
struct Document {
    boards: Vec<Board>,
}

#[derive(Deserialize)]
struct Board {
    name: String,
    #[serde(default)]
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default = "first_status")]
    status: String,
    #[serde(default)]
    assigned_to: Option<String>,
}

fn first_status() -> String {
    "todo".to_owned()
}

/// Runs the command.
///
/// # Errors
/// If the file is not as expected, the server does not answer, or it refuses something.
pub(crate) fn run(options: &Options) -> Result<()> {
    let path = match &options.file {
        Some(path) => path.clone(),
        None => workspace::root()?.join(EXAMPLE),
    };
    let document = read(&path)?;
    let client = Client::new(&options.url);
    for board in &document.boards {
        let started = Instant::now();
        let id = client.add_board(board)?;
        let time = console::duration(started.elapsed());
        say(format!("board {id} \"{}\": {} tasks added in {time}", board.name, board.tasks.len()));
        for (status, count) in count_by_status(&board.tasks) {
            say(format!("  {count:>3} {status}"));
        }
        say(format!("  {}/api/quick-win/boards/{id}", client.url));
    }
    say(format!("see it at {}", console::paint(Colour::Bold, &format!("{}/", client.url))));
    Ok(())
}

fn read(path: &Path) -> Result<Document> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let document: Document = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a document of boards", path.display()))?;
    if document.boards.is_empty() {
        bail!("{} holds no board", path.display());
    }
    Ok(document)
}

fn count_by_status(tasks: &[Task]) -> Vec<(&str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for task in tasks {
        match counts.iter_mut().find(|(status, _)| *status == task.status) {
            Some((_, count)) => *count += 1,
            None => counts.push((&task.status, 1)),
        }
    }
    counts
}

/// A client of the functions.
struct Client {
    agent: ureq::Agent,
    url: String,
}

impl Client {
    fn new(url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(REQUEST_LIMIT))
            // A refusal has a document with the reason: it is an answer, not an error.
            .http_status_as_error(false)
            .build()
            .into();
        Self { agent, url: url.trim_end_matches('/').to_owned() }
    }

    /// Creates the board with all its tasks; returns its new id.
    fn add_board(&self, board: &Board) -> Result<u64> {
        let what = format!("board \"{}\"", board.name);
        let made = self.post("/api/quick-win/boards", &json!({ "name": board.name }), &what)?;
        let id = made["id"].as_u64().context("the new board has no id")?;
        for task in &board.tasks {
            let what = format!("task \"{}\"", task.title);
            let body = json!({
                "title": task.title,
                "description": task.description,
                "status": task.status,
                "assigned_to": task.assigned_to,
            });
            self.post(&format!("/api/quick-win/boards/{id}/tasks"), &body, &what)?;
        }
        Ok(id)
    }

    fn post(&self, path: &str, body: &Value, what: &str) -> Result<Value> {
        let url = format!("{}{path}", self.url);
        let mut answer = self.agent.post(&url).send_json(body).map_err(|error| {
            anyhow!("no server answers at {} ({error}): start `cargo xtask up` first", self.url)
        })?;
        let status = answer.status();
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        if !status.is_success() {
            bail!("{what} was refused with {status}{}", explain(&value));
        }
        Ok(value)
    }
}

/// A problem document's text, in lines below the status.
fn explain(problem: &Value) -> String {
    let mut text = String::new();
    for key in ["title", "detail"] {
        if let Some(line) = problem[key].as_str() {
            text.push_str("\n  ");
            text.push_str(line);
        }
    }
    for error in problem["errors"].as_array().into_iter().flatten() {
        let pointer = error["pointer"].as_str().unwrap_or_default();
        let detail = error["detail"].as_str().unwrap_or_default();
        text.push_str(&format!("\n  {pointer}: {detail}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_board_of_thirty_tasks_in_all_three_columns_with_dense_events() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(EXAMPLE);
        let document = read(&path).unwrap();
        assert_eq!(document.boards.len(), 1);
        assert_eq!(document.boards[0].tasks.len(), 30);
        let statuses: Vec<&str> = count_by_status(&document.boards[0].tasks)
            .into_iter()
            .map(|(status, _)| status)
            .collect();
        for status in ["todo", "in_progress", "finished"] {
            assert!(statuses.contains(&status), "{statuses:?}");
        }
        let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let events = value["boards"][0]["events"].as_array().unwrap();
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event["seq"].as_u64(), Some(index as u64 + 1));
        }
        // Each task has the state after its last event.
        for task in value["boards"][0]["tasks"].as_array().unwrap() {
            let last = events.iter().rev().find(|event| event["task"]["id"] == task["id"]).unwrap();
            assert_eq!(last["task"]["status"], task["status"]);
            assert_eq!(last["timestamp"], task["updated_at"]);
        }
    }

    #[test]
    fn a_refusal_is_explained_with_every_faulty_field() {
        let problem = json!({
            "title": "Validation failed",
            "errors": [{ "pointer": "/title", "detail": "must not be empty" }],
        });
        assert_eq!(explain(&problem), "\n  Validation failed\n  /title: must not be empty");
        assert_eq!(explain(&Value::Null), "");
    }

    #[test]
    fn nobody_at_the_address_is_said_with_what_to_start() {
        // Nothing listens on a port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let client = Client::new(&format!("http://127.0.0.1:{port}/"));
        let error = client.post("/x", &Value::Null, "board").unwrap_err().to_string();
        assert!(error.contains("cargo xtask up"), "{error}");
    }
}
