//! `/api/boards/:board_id/tasks`: the tasks of a board, filtered, and a new one.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading, change,
    header, page, postgres, token_checker,
};
use serde::Deserialize;
use shared::auth::Scope;
use shared::data::sql;
use shared::models::{ColumnKey, DueAt, TaskId};
use shared::requests::new_task;

/// A page's place, and its filters.
const QUERY: [&str; 8] =
    ["assigned_to", "cursor", "due_before", "label", "limit", "q", "status", "updated_after"];

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET, Method::POST]).with_query(&QUERY);
    endpoint
        .serve(request, async |call| match call.method() {
            Method::GET => list(call).await,
            _ => add(call).await,
        })
        .await
}

/// A page of the board's tasks, of those that every filter given lets through: `status`, `assigned_to`,
/// `label`, `due_before`, `updated_after`. By id; with `q` those that it finds, best first.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let query = call.query_text("q", 1000)?;
    let [rank, after] = match query {
        Some(_) => call.cursor()?.unwrap_or_default(),
        None => [0, call.cursor()?.map_or(0, |[after]| after)],
    };
    let status: Option<ColumnKey> = call.query_value("status")?;
    let assigned_to = call.query_text("assigned_to", 64)?;
    let label = call.query_text("label", 64)?;
    let due_before: Option<DueAt> = call.query_value("due_before")?;
    let updated_after: Option<DueAt> = call.query_value("updated_after")?;
    let moment = |moment: Option<DueAt>| moment.map(|moment| moment.moment().to_string());
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let mut rest = postgres::numbers([board.get(), after, limit])?;
    rest.push(postgres::optional_text(status.as_ref().map(ColumnKey::as_str)));
    let filters = [assigned_to, label, moment(due_before), moment(updated_after)];
    rest.extend(filters.iter().map(|filter| postgres::optional_text(filter.as_deref())));
    let answer = if let Some(query) = query {
        rest.extend([postgres::number(rank)?, postgres::text(&query)]);
        let row = token_checker::read_for(call, &claims, sql::SEARCH_TASKS, rest).await?;
        let items = row.optional_text(0)?.ok_or_else(board_reading::unknown_board)?;
        page::page(items, row.optional_text(1)?)
    } else {
        let row = token_checker::read_for(call, &claims, sql::LIST_TASKS, rest).await?;
        page::of_row(&row, board_reading::unknown_board)?
    };
    Ok(answer.gzipped(call))
}

/// What a task is added with → 201 with the task.
async fn add(call: &Call) -> Result<Answer, Failure> {
    #[derive(Deserialize)]
    struct Added {
        id: TaskId,
    }
    let board = call.board_id()?;
    let claims = token_checker::signed_for(call, Scope::Write).await?;
    let request = new_task(call.fields()?)?;
    let [key, fingerprint] = change::idempotency(call)?;
    let parameters = [postgres::number(board.get())?, postgres::json(&request)?, key, fingerprint];
    let added = change::change(call, &claims, sql::TASK_ADD, parameters).await?;
    let Added { id } = serde_json::from_str(&added.entity).map_err(Failure::internal)?;
    let answer = added.shown(StatusCode::CREATED)?;
    Ok(answer.with(header::LOCATION, &format!("/api/boards/{board}/tasks/{id}")))
}
