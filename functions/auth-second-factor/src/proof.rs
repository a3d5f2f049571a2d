//! What changing a way to log in requires besides a token (docs/contract/api.md, API-PROOF).

use crate::checking::Factor;
use crate::managing::wrong_code;
use platform::{Call, Failure, own_password, postgres, token_checker};
use shared::auth::{Claims, Code};
use shared::data::sql;
use shared::http::problem::ProblemKind;
use shared::models::PasswordGuess;
use shared::validation::Fields;

/// Somebody who gave their password (or logged in just now, if they have none), and maybe a code. The code is not used
/// up yet: what cannot be done must not cost a recovery code.
pub(super) struct Asker {
    user_id: u64,
    code: Option<Code>,
    /// That of [`sql::FIND_PASSKEY_OWNER`].
    pub(super) row: postgres::Row,
}

impl Asker {
    /// Reads `password` and `code`, checks the password, and that a code is there if log-ins ask for one: otherwise a
    /// password alone would bypass it.
    ///
    /// # Errors
    /// As [`own_password::prove`]; 422 if the code is missing.
    pub(super) async fn prove(
        call: &Call,
        claims: &Claims,
        mut fields: Fields,
    ) -> Result<Self, Failure> {
        let password: Option<PasswordGuess> = fields.optional("password");
        let code: Option<Code> = fields.optional("code");
        fields.finish()?;
        let wanted = ("/password", "is required");
        let _ = own_password::prove(call, claims, password.as_ref(), wanted).await?;
        let row = token_checker::read_for(call, claims, sql::FIND_PASSKEY_OWNER, []).await?;
        if row.optional_text(3)?.is_some() && code.is_none() {
            return Err(own_password::fault(
                "/code",
                "is required, since your log-ins ask for one",
            ));
        }
        Ok(Self { user_id: claims.user_id, code, row })
    }

    /// Uses the code up, if log-ins ask for one.
    ///
    /// # Errors
    /// 422 if it is wrong; as [`Factor::use_up`].
    pub(super) async fn use_code(&self, call: &Call) -> Result<(), Failure> {
        if let (Some(sealed), Some(code)) = (self.row.optional_text(3)?, &self.code) {
            let factor = Factor { user_id: self.user_id, sealed };
            return if factor.use_up(call, code).await? { Ok(()) } else { Err(wrong_code()) };
        }
        Ok(())
    }

    /// Whether the ids in this column of the row (JSON) include this one.
    ///
    /// # Errors
    /// 404 if not.
    pub(super) fn owns(&self, column: usize, id: u64, missing: &str) -> Result<(), Failure> {
        let ids: Vec<u64> =
            serde_json::from_str(self.row.text(column)?).map_err(Failure::internal)?;
        if ids.contains(&id) {
            return Ok(());
        }
        Err(Failure::refused(ProblemKind::NotFound, missing))
    }
}
