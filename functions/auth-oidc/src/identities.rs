//! By which providers one can log in.

use crate::providers;
use platform::{Answer, Call, Failure, StatusCode, header, postgres, token_checker};
use serde_json::{Value, json};
use shared::data::sql;

/// One's identities, oldest first, and whether one has a password.
pub(super) async fn list(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let providers = providers::all().await?;
    let row = token_checker::read_for(call, &claims, sql::LIST_IDENTITIES, []).await?;
    let mut items: Vec<Value> = serde_json::from_str(row.text(0)?).map_err(Failure::internal)?;
    for item in &mut items {
        let provider = providers.iter().find(|known| item["issuer"] == known.issuer.as_str());
        item["provider"] =
            provider.map_or(Value::Null, |known| json!({"id": known.id, "name": known.name}));
    }
    let json = json!({"items": items, "password": row.truth(1)?});
    Ok(Answer::json(StatusCode::OK, json.to_string()).with(header::CACHE_CONTROL, "no-store"))
}

/// 204: nobody logs in by it any more, and who did by it is logged out, but for the one that asks.
pub(super) async fn unlink(call: &Call) -> Result<Answer, Failure> {
    let identity = call.identity_id()?;
    let claims = token_checker::signed(call).await?;
    let issuers: Vec<_> = providers::all().await?.into_iter().map(|known| known.issuer).collect();
    let who = token_checker::asker(&claims).to_string();
    let parameters = vec![
        postgres::text(&who),
        postgres::number(identity.get())?,
        postgres::text(&json!(issuers).to_string()),
    ];
    postgres::query(call, sql::IDENTITY_UNLINK, parameters).await?;
    token_checker::tell_relays(call, claims.user_id).await;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
