//! A user's passkeys, as far as no signature of one is looked at: what a new one is made for, another name, and its end
//! (docs/contract/api.md, API-PASSKEY).

use crate::managing::{shown, unread};
use crate::proof::Asker;
use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, oidc, passkeys,
    postgres, token_checker,
};
use serde_json::Value;
use shared::data::sql;
use shared::http::problem::{Problem, ProblemKind};
use shared::models::DisplayName;
use shared::passkeys::{MOST_PASSKEYS, Newcomer};

/// Answers at a path of passkeys.
pub(super) async fn handle(request: Request, path: &str) -> Response {
    let posts = Endpoint::of(&[Method::POST]);
    if path.ends_with("/options") {
        return posts.serve(request, async |call| begin(call).await).await;
    }
    if path.ends_with("/remove") {
        return posts.serve(request, async |call| remove(call).await).await;
    }
    let names = Endpoint::of(&[Method::PATCH]);
    names.serve(request, async |call| rename(call).await).await
}

/// `{name, password?, code?}` → 200 `{public_key, expires_in}`: what the browser asks the user for. The name and the limit
/// are checked here as well as when it is added: the browser's key would be left over if they were refused only then.
async fn begin(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let party = passkeys::relying_party().await?;
    let mut fields = call.fields()?;
    let _: Option<DisplayName> = fields.required("name");
    let asker = Asker::prove(call, &claims, fields).await?;
    let owner = &asker.row;
    let credential_ids: Value = serde_json::from_str(owner.text(2)?).map_err(Failure::internal)?;
    if credential_ids.as_array().is_some_and(|ids| ids.len() >= MOST_PASSKEYS) {
        let detail = format!("You have {MOST_PASSKEYS} passkeys: remove one first.");
        return Err(Problem::new(ProblemKind::LimitReached, detail)
            .with("limit", "passkeys")
            .into());
    }
    let newcomer = Newcomer {
        handle: owner.text(0)?,
        username: &claims.username,
        display_name: owner.text(1)?,
        credential_ids: &credential_ids,
    };
    asker.use_code(call).await?;
    let challenge = passkeys::challenge(Some(passkeys::own(&claims))).await?;
    Ok(passkeys::asked(&party.creation(&challenge, newcomer)))
}

/// `{name}` → 200 the passkey.
async fn rename(call: &Call) -> Result<Answer, Failure> {
    let passkey = call.passkey_id()?;
    let claims = token_checker::signed(call).await?;
    let mut fields = call.fields()?;
    let name: Option<DisplayName> = fields.required("name");
    fields.finish()?;
    let name = name.ok_or_else(unread)?;
    let parameters = vec![
        postgres::text(&token_checker::asker(&claims).to_string()),
        postgres::number(passkey.get())?,
        postgres::text(name.as_str()),
    ];
    let row = postgres::query_one(call, sql::PASSKEY_RENAME, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("passkey_rename gave no row"))?;
    shown(&serde_json::from_str(row.text(0)?).map_err(Failure::internal)?)
}

/// `{password?, code?}` → 204: nobody logs in by it any more, and who did by it is logged out, but for the one that asks.
async fn remove(call: &Call) -> Result<Answer, Failure> {
    let passkey = call.passkey_id()?;
    let claims = token_checker::signed(call).await?;
    let asker = Asker::prove(call, &claims, call.fields()?).await?;
    asker.owns(5, passkey.get(), "There is no such passkey.")?;
    let parameters = vec![
        postgres::text(&token_checker::asker(&claims).to_string()),
        postgres::number(passkey.get())?,
        postgres::text(&oidc::issuers().await?),
    ];
    asker.use_code(call).await?;
    postgres::query(call, sql::PASSKEY_REMOVE, parameters).await?;
    token_checker::tell_relays(call, claims.user_id).await;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
