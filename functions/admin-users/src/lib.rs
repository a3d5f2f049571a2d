//! `/api/admin/users`: everybody, and what they may do.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, header, host, page,
    postgres, token_checker,
};
use serde_json::{Value, json};
use shared::data::sql;
use shared::models::Role;
use shared::validation::Invalid;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    // The path of one user goes on after that of all.
    let path = request.path().trim_matches('/').to_owned();
    if path.ends_with("/reset-link") {
        let endpoint = Endpoint::of(&[Method::POST]).for_admins();
        endpoint.serve(request, async |call| make_reset_link(call).await).await
    } else if path.ends_with("admin/users") {
        let endpoint =
            Endpoint::of(&[Method::GET]).with_query(&["cursor", "disabled", "limit", "q", "role"]);
        endpoint.for_admins().serve(request, async |call| list(call).await).await
    } else {
        let endpoint = Endpoint::of(&[Method::PATCH]).for_admins();
        endpoint.serve(request, async |call| change(call).await).await
    }
}

/// A page of users by id, of those that every filter given lets through.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let [after] = call.cursor()?.unwrap_or_default();
    let query = call.query_text("q", 64)?;
    let role = call.query_text("role", 64)?;
    if role.as_deref().is_some_and(|role| Role::parse(role).is_none()) {
        return Err(Invalid::query("role", "must be one of: user, admin").into());
    }
    let disabled = match call.query_text("disabled", 64)?.as_deref() {
        None => postgres::Parameter::DbNull,
        Some(_) => postgres::Parameter::Boolean(call.query_switch("disabled")?),
    };
    let claims = token_checker::signed(call).await?;
    let mut rest = postgres::numbers([after, limit])?;
    rest.extend([query, role].iter().map(|text| postgres::optional_text(text.as_deref())));
    rest.push(disabled);
    let row = token_checker::read_for_admin(call, &claims, sql::LIST_USERS, rest).await?;
    let next = row.optional_number(2)?.map(|next| next.to_string());
    let answer = page::page(row.text(1)?, next.as_deref());
    Ok(answer.with(header::CACHE_CONTROL, "no-store").gzipped(call))
}

/// `{role?, disabled?}` → the user. The relays check the user's sockets then.
async fn change(call: &Call) -> Result<Answer, Failure> {
    let name = call.user()?;
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let role: Option<Role> = fields.replacement("role");
    let disabled: Option<bool> = fields.replacement("disabled");
    fields.finish()?;
    let who = token_checker::asker(&claims);
    let patch = json!({"role": role, "disabled": disabled});
    let rest = [&who.to_string(), name.as_str(), &patch.to_string()].map(postgres::text);
    let row = token_checker::read_for_admin(call, &claims, sql::USER_PATCH, rest).await?;
    if let Some(user) = row.optional_number(2)? {
        token_checker::tell_relays(call, user).await;
    }
    let answer = Answer::json(StatusCode::OK, row.text(1)?.to_owned());
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

/// 201 with a link for a new password; its token is not shown again.
async fn make_reset_link(call: &Call) -> Result<Answer, Failure> {
    let name = call.user()?;
    let claims = token_checker::signed(call).await?;
    let token = host::random_link();
    let who = token_checker::asker(&claims).to_string();
    let parameters = [&who, name.as_str(), &token.digest()].map(postgres::text).to_vec();
    let row = postgres::query_one(call, sql::RESET_LINK_CREATE, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("a link without an answer"))?;
    let mut made: Value = serde_json::from_str(row.text(0)?).map_err(Failure::internal)?;
    made["token"] = json!(token.reveal());
    let answer = Answer::json(StatusCode::CREATED, made.to_string());
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}
