//! Runs a history against a mode and the model, and checks that all boards are equal in the
//! end.

use crate::client::Client;
use crate::command::{Role, Step, What};
use crate::compare::{self, covers};
use crate::model::{Answer, Model};
use crate::request::{Known, Request, Target};
use crate::tally;
use crate::team::{Team, Teams};
use contract_tests::Reply;
use contract_tests::replica::{Replica, canonical};
use serde_json::{Value, json};

/// How many clients follow a board.
const CLIENTS: usize = 3;

/// The result of a run: success, or the fault.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// Runs a whole history in state-of-the-art mode.
///
/// # Errors
/// What is wrong.
pub(crate) async fn in_a_team(history: &[Step]) -> Outcome {
    run(history, &Teams::shared().await.full).await.map(drop)
}

/// Runs the steps that both modes support in each of them, and compares the boards.
///
/// # Errors
/// What is wrong.
pub(crate) async fn in_both_modes(history: &[Step]) -> Outcome {
    let teams = Teams::shared().await;
    let common: Vec<Step> = history
        .iter()
        .filter(|step| match step {
            Step::Do(who, what) => *who < 3 && what.in_both_modes(),
            Step::Client(..) => true,
        })
        .copied()
        .collect();
    let runs = futures::join!(run(&common, &teams.full), run(&common, &teams.quick_win));
    let full = runs.0.map_err(|why| format!("state-of-the-art mode: {why}"))?;
    let quick_win = runs.1.map_err(|why| format!("quick-win mode: {why}"))?;
    compare::modes(&full, &quick_win)
}

/// The result of a history: the board, and its events without the initial ones.
pub(crate) struct Left {
    /// The observer's view of the board.
    pub(crate) document: Value,
    pub(crate) events: Vec<Value>,
}

/// Runs a history in one mode.
async fn run(history: &[Step], team: &Team) -> Outcome<Left> {
    let name = "A history";
    let (board, origin) = team.board(name, ["editor", "editor"]).await;
    let mut model = Model::new(team.quick_win, &team.people, name);
    if !team.quick_win {
        begin(&mut model, team);
    }
    let observer = team.api(team.observer());
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(Client::new(observer, board).await);
    }
    for (number, step) in history.iter().enumerate() {
        let done = match step {
            Step::Do(who, what) => command(team, board, &mut model, *who, what).await,
            Step::Client(index, fate) => clients[usize::from(*index)].suffer(*fate).await,
        };
        done.map_err(|why| format!("step {number}, {step:?}: {why}"))?;
    }
    let document = observer.document(board).await;
    compare::document(&document, &model)?;
    for (index, client) in clients.iter_mut().enumerate() {
        client.read_to(model.head()).await.map_err(|why| format!("client {index}: {why}"))?;
        compare::replica(&client.replica, &document)
            .map_err(|why| format!("client {index}: {why}"))?;
    }
    let events = observer.events(board, 0).await;
    compare::events(&events, &model)?;
    compare::replica(&replayed(origin, &events), &document)
        .map_err(|why| format!("the log, replayed from its first event: {why}"))?;
    if !team.quick_win {
        comments(team, board, &model).await?;
        checklists(team, board, &model).await?;
    } else {
        let _ = observer.delete(&observer.board_path(board)).send().await.expect(204);
    }
    let begins = usize::try_from(team.begins()).unwrap_or_default();
    Ok(Left { document, events: events[begins..].to_vec() })
}

/// The model of a new team's board.
fn begin(model: &mut Model, team: &Team) {
    for (person, role) in [(team.observer(), Role::Viewer), (1, Role::Editor), (2, Role::Editor)] {
        let _ = model.answer(
            &Request {
                who: 0,
                target: Target::Member(person),
                body: json!({"role": role.name()}),
                if_match: None,
                key: None,
            },
            None,
        );
    }
}

/// Sends a command, and compares the answer with the model's.
async fn command(team: &Team, board: u64, model: &mut Model, who: u8, what: &What) -> Outcome {
    let request = Request::new(who, what, model, &team.people, 1);
    let reply = request.send(team.api(request.who), board, &team.people).await;
    let body = if reply.is_json() { reply.json() } else { Value::Null };
    let place = body["position"].as_str().or(body["task"]["position"].as_str());
    let place = place.or(body["checklist_item"]["position"].as_str());
    let expected = model.answer(&request, place);
    let asked = format!("{:?}", request.target);
    let asked = asked.split('(').next().unwrap_or_default();
    let kind = expected.body["type"].as_str().unwrap_or_default();
    let again = if expected.replayed { " again" } else { "" };
    tally::count(format!("{asked} {}{again} {kind}", expected.status));
    if is_expected(&reply, &body, &expected) {
        return Ok(());
    }
    Err(format!("{request:?}\nexpected {expected:?}\ngot {reply}"))
}

fn is_expected(reply: &Reply, body: &Value, expected: &Answer) -> bool {
    let event = reply.header("event-seq").and_then(|seq| seq.parse().ok());
    let replayed = reply.header("idempotency-replayed") == Some("true");
    let mut body = body.clone();
    if body["type"] == "/problems/validation" {
        let errors = body["errors"].as_array_mut().into_iter().flatten();
        let mut pointers: Vec<Value> = errors.map(|error| error["pointer"].take()).collect();
        pointers.sort_by_key(Value::to_string);
        body["errors"] = json!(pointers);
    }
    reply.status == expected.status
        && event == expected.event
        && replayed == expected.replayed
        && (expected.body.is_null() || covers(&body, &expected.body))
}

/// The board rebuilt from its whole log.
pub(crate) fn replayed(origin: Value, events: &[Value]) -> Replica {
    let mut replica = Replica::new(origin);
    for event in events {
        replica.apply(event);
    }
    replica
}

/// Checks each task's comments against the model's.
async fn comments(team: &Team, board: u64, model: &Model) -> Outcome {
    let observer = team.api(team.observer());
    for task in model.task_ids() {
        let path = format!("{}/comments", observer.task_path(board, task));
        let comments = observer.get(&path).send().await.expect(200).json()["items"].take();
        let expected = json!(model.comments_of(task));
        if !covers(&comments, &expected) {
            return Err(format!(
                "the comments of task {task}:\nexpected {}\ngot {}",
                canonical(&expected),
                canonical(&comments)
            ));
        }
    }
    Ok(())
}

/// Checks each task's checklists against the model's.
async fn checklists(team: &Team, board: u64, model: &Model) -> Outcome {
    let observer = team.api(team.observer());
    for task in model.task_ids() {
        let path = format!("{}/checklists", observer.task_path(board, task));
        let checklists = observer.get(&path).send().await.expect(200).json()["items"].take();
        let expected = json!(model.checklists_of(task));
        if !covers(&checklists, &expected) {
            return Err(format!(
                "the checklists of task {task}:\nexpected {}\ngot {}",
                canonical(&expected),
                canonical(&checklists)
            ));
        }
    }
    Ok(())
}
