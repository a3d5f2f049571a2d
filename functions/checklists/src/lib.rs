//! `/api/boards/:board_id/tasks/:task_id/checklists`, `…/items` and `…/tick`: a task's checklists and their items, and
//! the task lists in its description (docs/contract/api.md, API-CHECKLIST, API-CONVERT, API-TICK).

#![cfg(target_arch = "wasm32")]

use platform::change::{self, Change};
use platform::postgres::{self, Parameter};
use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, board_reading, header,
    token_checker,
};
use serde::Deserialize;
use shared::auth::{Claims, Scope};
use shared::data::sql;
use shared::requests::{checklist_patch, item_patch, new_checklist, new_item, tick};

platform::http_service!(handle);

/// What follows the task in the path.
#[derive(Clone, Copy)]
enum Place {
    Checklists,
    Checklist,
    NewItem,
    Item,
    Convert,
    Tick,
}

impl Place {
    fn of(path: &str) -> Self {
        let segments: Vec<&str> = path.trim_matches('/').split('/').skip(5).collect();
        match segments.as_slice() {
            ["checklists"] => Self::Checklists,
            ["checklists", _] => Self::Checklist,
            ["checklists", ..] => Self::NewItem,
            ["items", _] => Self::Item,
            ["items", ..] => Self::Convert,
            _ => Self::Tick,
        }
    }

    fn methods(self) -> &'static [Method] {
        match self {
            Self::Checklists => &[Method::GET, Method::POST],
            Self::Checklist | Self::Item => &[Method::PATCH, Method::DELETE],
            Self::NewItem | Self::Convert | Self::Tick => &[Method::POST],
        }
    }
}

async fn handle(request: Request) -> Response {
    let place = Place::of(request.path());
    let handler = async |call: &Call| match (place, call.method()) {
        (Place::Checklists, Method::GET) => list(call).await,
        (Place::Checklists, _) => add(call).await,
        (Place::Checklist, Method::PATCH) => change(call).await,
        (Place::Checklist, _) => delete(call).await,
        (Place::NewItem, _) => add_item(call).await,
        (Place::Item, Method::PATCH) => change_item(call).await,
        (Place::Item, _) => delete_item(call).await,
        (Place::Convert, _) => convert(call).await,
        (Place::Tick, _) => tick_line(call).await,
    };
    Endpoint::of(place.methods()).serve(request, handler).await
}

/// The checklists with their items.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let (board, task) = (call.board_id()?, call.task_id()?);
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let rest = postgres::numbers([board.get(), task.get()])?;
    let row = token_checker::read_for(call, &claims, sql::LIST_CHECKLISTS, rest).await?;
    let found = row.optional_text(0)?.ok_or_else(board_reading::unknown_task)?;
    Ok(Answer::json(StatusCode::OK, found.to_owned()).gzipped(call))
}

/// `{title, before? | after?}` → 201 with the checklist.
async fn add(call: &Call) -> Result<Answer, Failure> {
    let (task, claims) = (ids(call, [])?, writer(call).await?);
    let request = new_checklist(call.fields()?)?;
    let parameters = keyed(call, task, [postgres::json(&request)?])?;
    let added = change::change(call, &claims, sql::CHECKLIST_ADD, parameters).await?;
    created(call, &added, "checklists")
}

/// `{title?, before? | after?}` → the checklist.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let list = ids(call, [call.checklist_id()?.get()])?;
    let claims = writer(call).await?;
    let patch = checklist_patch(call.fields()?)?;
    let parameters = expecting(call, list, [postgres::json(&patch)?])?;
    change::change(call, &claims, sql::CHECKLIST_PATCH, parameters).await?.shown(StatusCode::OK)
}

/// 204.
async fn delete(call: &Call) -> Result<Answer, Failure> {
    let list = ids(call, [call.checklist_id()?.get()])?;
    let claims = writer(call).await?;
    let parameters = expecting(call, list, [])?;
    change::change(call, &claims, sql::CHECKLIST_DELETE, parameters).await?.without_content()
}

/// `{text, done?, assigned_to?, due_at?, before? | after?}` → 201 with the item.
async fn add_item(call: &Call) -> Result<Answer, Failure> {
    let list = ids(call, [call.checklist_id()?.get()])?;
    let claims = writer(call).await?;
    let request = new_item(call.fields()?)?;
    let parameters = keyed(call, list, [postgres::json(&request)?])?;
    let added = change::change(call, &claims, sql::CHECKLIST_ITEM_ADD, parameters).await?;
    created(call, &added, "items")
}

/// `{text?, done?, assigned_to?, due_at?, checklist_id?, before? | after?}` → the item.
async fn change_item(call: &Call) -> Result<Answer, Failure> {
    let item = ids(call, [call.checklist_item_id()?.get()])?;
    let claims = writer(call).await?;
    let patch = item_patch(call.fields()?)?;
    let parameters = expecting(call, item, [postgres::json(&patch)?])?;
    let changed = change::change(call, &claims, sql::CHECKLIST_ITEM_PATCH, parameters).await?;
    changed.shown(StatusCode::OK)
}

/// 204.
async fn delete_item(call: &Call) -> Result<Answer, Failure> {
    let item = ids(call, [call.checklist_item_id()?.get()])?;
    let claims = writer(call).await?;
    let parameters = expecting(call, item, [])?;
    change::change(call, &claims, sql::CHECKLIST_ITEM_DELETE, parameters).await?.without_content()
}

/// 201 with the task that the item became.
async fn convert(call: &Call) -> Result<Answer, Failure> {
    let item = ids(call, [call.checklist_item_id()?.get()])?;
    let claims = writer(call).await?;
    let parameters = keyed(call, item, [])?;
    let made = change::change(call, &claims, sql::CHECKLIST_ITEM_CONVERT, parameters).await?;
    let location = format!("/api/boards/{}/tasks/{}", call.board_id()?, id(&made)?);
    Ok(made.shown(StatusCode::CREATED)?.with(header::LOCATION, &location))
}

/// `{line, nth?, done}` → the task.
async fn tick_line(call: &Call) -> Result<Answer, Failure> {
    let (task, claims) = (ids(call, [])?, writer(call).await?);
    let request = tick(call.fields()?)?;
    let asked = [
        postgres::text(request.line.as_str()),
        postgres::number(request.nth)?,
        Parameter::Boolean(request.done),
    ];
    let parameters = keyed(call, task, asked)?;
    change::change(call, &claims, sql::TASK_TICK, parameters).await?.shown(StatusCode::OK)
}

async fn writer(call: &Call) -> Result<Claims, Failure> {
    token_checker::signed_for(call, Scope::Write).await
}

/// Board and task, and what the path names on it.
fn ids<const N: usize>(call: &Call, more: [u64; N]) -> Result<Vec<Parameter>, Failure> {
    let ids = [call.board_id()?.get(), call.task_id()?.get()];
    ids.into_iter().chain(more).map(postgres::number).collect()
}

/// The parameters of a POST.
fn keyed<const N: usize>(
    call: &Call,
    mut ids: Vec<Parameter>,
    asked: [Parameter; N],
) -> Result<Vec<Parameter>, Failure> {
    ids.extend(asked);
    ids.extend(change::idempotency(call)?);
    Ok(ids)
}

/// The parameters of a PATCH or DELETE.
fn expecting<const N: usize>(
    call: &Call,
    mut ids: Vec<Parameter>,
    asked: [Parameter; N],
) -> Result<Vec<Parameter>, Failure> {
    ids.extend(asked);
    ids.push(change::expected(call)?);
    Ok(ids)
}

/// The id of what a write made.
fn id(made: &Change) -> Result<u64, Failure> {
    #[derive(Deserialize)]
    struct Made {
        id: u64,
    }
    let Made { id } = serde_json::from_str(&made.entity).map_err(Failure::internal)?;
    Ok(id)
}

/// 201, and where on the task it is.
fn created(call: &Call, made: &Change, collection: &str) -> Result<Answer, Failure> {
    let (board, task, id) = (call.board_id()?, call.task_id()?, id(made)?);
    let location = format!("/api/boards/{board}/tasks/{task}/{collection}/{id}");
    Ok(made.shown(StatusCode::CREATED)?.with(header::LOCATION, &location))
}
