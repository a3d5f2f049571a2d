//! A user's passkeys, as far as no signature of one is looked at: what a new one is made for, another name, and its end
//! (docs/contract/api.md, API-PASSKEY).

use crate::checking::Factor;
use crate::managing::{shown, unread, wrong_code};
use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, own_password, passkeys,
    postgres, token_checker, variables,
};
use serde_json::json;
use shared::auth::{Claims, Code};
use shared::data::sql;
use shared::models::{DisplayName, PasswordGuess};
use shared::passkeys::Newcomer;

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

/// `{password?, code?}` → 200 `{public_key, expires_in}`: what the browser asks the user for.
async fn begin(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let party = passkeys::relying_party().await?;
    let owner = proved(call, &claims).await?;
    let credential_ids = serde_json::from_str(owner.text(2)?).map_err(Failure::internal)?;
    let newcomer = Newcomer {
        handle: owner.text(0)?,
        username: &claims.username,
        display_name: owner.text(1)?,
        credential_ids: &credential_ids,
    };
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
    let _ = proved(call, &claims).await?;
    let providers = shared::oidc::providers(&variables::get("oidc_providers").await?)
        .map_err(|fault| Failure::internal(format_args!("variable oidc_providers: {fault}")))?;
    let issuers: Vec<_> = providers.into_iter().map(|known| known.issuer).collect();
    let parameters = vec![
        postgres::text(&token_checker::asker(&claims).to_string()),
        postgres::number(passkey.get())?,
        postgres::text(&json!(issuers).to_string()),
    ];
    postgres::query(call, sql::PASSKEY_REMOVE, parameters).await?;
    token_checker::tell_relays(call, claims.user_id).await;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Makes sure of who asks, by their password (or a fresh log-in where they have none), and by a code where a log-in asks
/// for one: else a password alone would get past the codes. Gives the row of [`sql::FIND_PASSKEY_OWNER`].
async fn proved(call: &Call, claims: &Claims) -> Result<postgres::Row, Failure> {
    let mut fields = call.fields()?;
    let password: Option<PasswordGuess> = fields.optional("password");
    let code: Option<Code> = fields.optional("code");
    fields.finish()?;
    let wanted = ("/password", "is required");
    let _ = own_password::prove(call, claims, password.as_ref(), wanted).await?;
    let owner = token_checker::read_for(call, claims, sql::FIND_PASSKEY_OWNER, []).await?;
    if let Some(sealed) = owner.optional_text(3)? {
        let code = code.ok_or_else(|| {
            own_password::fault("/code", "is required, since your log-ins ask for one")
        })?;
        if !(Factor { user_id: claims.user_id, sealed }).use_up(call, &code).await? {
            return Err(wrong_code());
        }
    }
    Ok(owner)
}
