//! What happened as a table for auditors.

use platform::Failure;
use serde::Deserialize;
use serde_json::value::RawValue;
use shared::csv::{harmless, push_row};

/// What the table shows of an event.
#[derive(Deserialize)]
struct Shown<'item> {
    timestamp: String,
    actor: Named,
    action: String,
    entity: String,
    board_id: Option<u64>,
    seq: u64,
    task: Option<Named>,
    board: Option<Named>,
    comment: Option<Named>,
    checklist: Option<Named>,
    checklist_item: Option<Named>,
    member: Option<Named>,
    user: Option<Named>,
    #[serde(borrow)]
    changes: Option<&'item RawValue>,
    undoes: Option<u64>,
}

/// What something is called, whichever way it says so.
#[derive(Deserialize)]
struct Named {
    #[serde(alias = "title", alias = "name", alias = "text")]
    username: Option<String>,
    id: Option<u64>,
    task_id: Option<u64>,
}

/// The table of these events, which are a JSON array.
pub(crate) fn of(items: &str) -> Result<String, Failure> {
    let items: Vec<Shown<'_>> = serde_json::from_str(items).map_err(Failure::internal)?;
    let mut table = String::new();
    push_row(
        &mut table,
        [
            "timestamp",
            "actor",
            "action",
            "entity",
            "board_id",
            "seq",
            "task_id",
            "title",
            "changes",
            "undoes",
        ],
    );
    let number = |number: Option<u64>| number.map(|it| it.to_string()).unwrap_or_default();
    for item in &items {
        let task = match item.entity.as_str() {
            "task" => item.task.as_ref().and_then(|task| task.id),
            _ => [&item.comment, &item.checklist, &item.checklist_item]
                .into_iter()
                .find_map(|about| about.as_ref()?.task_id),
        };
        let about = match item.entity.as_str() {
            "task" => item.task.as_ref(),
            "board" => item.board.as_ref(),
            "checklist" => item.checklist.as_ref(),
            "checklist_item" => item.checklist_item.as_ref(),
            "member" => item.member.as_ref(),
            "user" => item.user.as_ref(),
            _ => None,
        };
        push_row(
            &mut table,
            [
                &item.timestamp,
                &*harmless(item.actor.name()),
                &item.action,
                &item.entity,
                &number(item.board_id),
                &item.seq.to_string(),
                &number(task),
                &*harmless(about.map(Named::name).unwrap_or_default()),
                item.changes.map(RawValue::get).unwrap_or_default(),
                &number(item.undoes),
            ],
        );
    }
    Ok(table)
}

impl Named {
    fn name(&self) -> &str {
        self.username.as_deref().unwrap_or_default()
    }
}
