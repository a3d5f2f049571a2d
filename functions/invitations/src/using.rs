//! Looking at an invitation and using it, with its link.

use platform::invitation::{self, Registration};
use platform::{Answer, Call, Failure, StatusCode, change, header, postgres, token_checker};
use serde::Deserialize;
use serde_json::json;
use shared::auth::LinkToken;
use shared::data::sql;
use shared::models::BoardId;

/// `{token}` → where it leads, without a login as well.
pub(super) async fn preview(call: &Call) -> Result<Answer, Failure> {
    let token = token(call)?;
    let found = invitation::find(call, &token).await?;
    let document = json!({
        "board_name": found.board_name, "role": found.role, "invited_by": found.invited_by,
        "expires_at": found.expires_at, "registers": Registration::configured().await?.takes(&found),
    });
    let answer = Answer::json(StatusCode::OK, document.to_string());
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

/// `{token}` → 201 if that made a member, else 200, with the board and the role there.
pub(super) async fn accept(call: &Call) -> Result<Answer, Failure> {
    #[derive(Deserialize)]
    struct Joined {
        board_id: Option<BoardId>,
    }
    let claims = token_checker::signed(call).await?;
    let parameters = [postgres::text(&token(call)?.digest())];
    let changed = change::change(call, &claims, sql::INVITATION_ACCEPT, parameters).await?;
    if changed.event.is_none() {
        return changed.shown(StatusCode::OK);
    }
    let joined: Joined = serde_json::from_str(&changed.entity).map_err(Failure::internal)?;
    let board = joined.board_id.ok_or_else(|| Failure::internal("an event of no board"))?;
    let answer = changed.shown(StatusCode::CREATED)?;
    Ok(answer.with(header::LOCATION, &format!("/api/boards/{board}")))
}

fn token(call: &Call) -> Result<LinkToken, Failure> {
    let mut fields = call.fields()?;
    let token = fields.required("token");
    fields.finish()?;
    token.ok_or_else(|| Failure::internal("a field that was neither read nor refused"))
}
