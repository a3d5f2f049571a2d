//! By which providers one can log in: the list. What changes it takes a proof, and is in `auth-second-factor`.

use platform::{Answer, Call, Failure, StatusCode, header, oidc, token_checker};
use serde_json::{Value, json};
use shared::data::sql;

/// One's identities, oldest first, and whether one has a password.
pub(super) async fn list(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let providers = oidc::providers().await?;
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
