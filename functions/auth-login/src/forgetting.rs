//! A forgotten password (docs/contract/api.md, API-FORGOT).

use platform::{Answer, Call, Failure, StatusCode, header, mailing, postgres};
use shared::data::sql;
use shared::models::{AccountGuess, Language};

/// `{account, language?}` → 202, whether there is such an account or not. Nobody looks before the relay does: the work
/// is the same.
pub(super) async fn ask(call: &Call) -> Result<Answer, Failure> {
    let mut fields = call.fields()?;
    let account: Option<AccountGuess> = fields.required("account");
    let language: Option<Language> = fields.optional("language");
    fields.finish()?;
    let account =
        account.ok_or_else(|| Failure::internal("a field that was neither read nor refused"))?;
    postgres::url().await?;
    mailing::ask(call).await?;
    let link = mailing::fresh_link().await?;
    let parameters = vec![
        postgres::text(account.as_str()),
        postgres::text(language.unwrap_or_default().tag()),
        postgres::text(&link.digest),
        postgres::text(&link.sealed),
    ];
    postgres::query(call, sql::MAIL_RESET, parameters).await?;
    mailing::tell_relays(call).await;
    Ok(Answer::empty(StatusCode::ACCEPTED).with(header::CACHE_CONTROL, "no-store"))
}
