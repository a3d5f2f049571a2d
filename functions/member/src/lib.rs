//! `/api/boards/:board_id/members/:username`: somebody's role on a board, given and taken.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, change, postgres, serve,
    token_checker,
};
use serde::Deserialize;
use shared::auth::Scope;
use shared::data::sql;
use shared::models::Action;
use shared::requests::member_role;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::PUT, Method::DELETE], async |call| match call.method() {
        Method::PUT => put(call).await,
        _ => remove(call).await,
    })
    .await
}

/// `{role}` → the member: 201 if they are new here, else 200.
async fn put(call: &Call) -> Result<Answer, Failure> {
    #[derive(Deserialize)]
    struct Event {
        action: Action,
    }
    let (board, name) = (call.board_id()?, call.username()?);
    let claims = token_checker::signed_for(call, Scope::Admin).await?;
    let role = member_role(call.fields()?)?;
    let parameters = [
        postgres::number(board.get())?,
        postgres::text(name.as_str()),
        postgres::text(role.as_str()),
    ];
    let changed = change::change(call, &claims, sql::MEMBER_PUT, parameters).await?;
    let event: Option<Event> = changed
        .event
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(Failure::internal)?;
    let is_new = event.is_some_and(|event| event.action == Action::Add);
    changed.shown(if is_new { StatusCode::CREATED } else { StatusCode::OK })
}

/// 204. Owners may remove anybody, and everybody themselves.
async fn remove(call: &Call) -> Result<Answer, Failure> {
    let (board, name) = (call.board_id()?, call.username()?);
    let claims = token_checker::signed_for(call, Scope::Admin).await?;
    let parameters = [postgres::number(board.get())?, postgres::text(name.as_str())];
    change::change(call, &claims, sql::MEMBER_DELETE, parameters).await?.without_content()
}
