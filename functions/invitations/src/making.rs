//! Making invitations, and taking them back: by a board's owners, or by admins.

use platform::{
    Answer, Call, Failure, StatusCode, header, host, mailing, page, postgres, token_checker,
};
use serde_json::{Value, json};
use shared::auth::{Claims, Scope};
use shared::data::sql;
use shared::models::{EmailAddress, Language};
use shared::requests::{new_account_invitation, new_board_invitation};

/// Who is asking, and about which board; none of the admins' own.
struct Asker {
    claims: Claims,
    board: Option<u64>,
}

impl Asker {
    async fn of(call: &Call, admins: bool) -> Result<Self, Failure> {
        if admins {
            return Ok(Self { claims: token_checker::signed(call).await?, board: None });
        }
        let board = Some(call.board_id()?.get());
        Ok(Self { claims: token_checker::signed_for(call, Scope::Admin).await?, board })
    }

    /// What each statement takes first: who, and the board.
    fn parameters(&self) -> Result<Vec<postgres::Parameter>, Failure> {
        let who = token_checker::asker(&self.claims).to_string();
        Ok(vec![postgres::text(&who), postgres::optional_number(self.board)?])
    }
}

/// `{role, expires_in_days?, uses?, email?, language?}`, of admins without the role → 201 with the invitation, and
/// the link's token, which is not shown again; only a mail to that address has it.
pub(super) async fn create(call: &Call, admins: bool) -> Result<Answer, Failure> {
    let asker = Asker::of(call, admins).await?;
    let mut fields = call.fields()?;
    let email: Option<EmailAddress> = fields.optional("email");
    let language: Option<Language> = fields.optional("language");
    let request =
        if admins { new_account_invitation(fields)? } else { new_board_invitation(fields)? };
    let token = host::random_link();
    let sealed = if email.is_some() {
        if let Err(failure) = mailing::ask(call).await {
            // A revoked token learns nothing else.
            token_checker::read_for(call, &asker.claims, sql::CHECK_TOKEN, []).await?;
            return Err(failure);
        }
        Some(mailing::seal(&token).await?.sealed)
    } else {
        None
    };
    let mut parameters = asker.parameters()?;
    parameters.extend([postgres::text(&token.digest()), postgres::json(&request)?]);
    parameters.extend([
        postgres::optional_text(email.as_ref().map(EmailAddress::as_str)),
        postgres::text(language.unwrap_or_default().tag()),
        postgres::optional_text(sealed.as_deref()),
    ]);
    let row = postgres::query_one(call, sql::INVITATION_CREATE, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("an invitation without an answer"))?;
    if email.is_some() {
        mailing::tell_relays(call).await;
    }
    let mut made: Value = serde_json::from_str(row.text(0)?).map_err(Failure::internal)?;
    let location = format!("{}/{}", call.path().trim_end_matches('/'), made["id"]);
    made["token"] = json!(token.reveal());
    Ok(Answer::json(StatusCode::CREATED, made.to_string())
        .with(header::LOCATION, &location)
        .with(header::CACHE_CONTROL, "no-store"))
}

/// A page of those that count, newest first.
pub(super) async fn list(call: &Call, admins: bool) -> Result<Answer, Failure> {
    let limit = call.query_number("limit", page::LIMITS, page::DEFAULT_LIMIT)?;
    let below = call.cursor()?.map(|[below]| below);
    let mut parameters = Asker::of(call, admins).await?.parameters()?;
    parameters.extend([postgres::optional_number(below)?, postgres::number(limit)?]);
    let row = postgres::query_one(call, sql::INVITATION_LIST, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("a page without an answer"))?;
    page::of_row(&row, || Failure::internal("a page without items"))
}

/// 204. The link is no longer valid.
pub(super) async fn remove(call: &Call, admins: bool) -> Result<Answer, Failure> {
    let invitation = call.invitation_id()?.get();
    let mut parameters = Asker::of(call, admins).await?.parameters()?;
    parameters.push(postgres::number(invitation)?);
    postgres::query(call, sql::INVITATION_DELETE, parameters).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
