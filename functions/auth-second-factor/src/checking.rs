//! Whether a code counts, and that it does so once.

use platform::{Call, Failure, host, login_attempts, postgres, variables};
use shared::auth::{Code, Sealer, TotpSecret};
use shared::data::sql;

/// What the codes of a user's app are made of, as it is kept.
pub(super) struct Factor<'a> {
    pub(super) user_id: u64,
    pub(super) sealed: &'a str,
}

impl Factor<'_> {
    /// Uses a code up. Gives whether it counts.
    ///
    /// # Errors
    /// 429 after too many that do not, 503 if a store is unavailable, 500 if no secret of ours opens what
    /// is kept; a recovery code counts then as well.
    pub(super) async fn use_up(&self, call: &Call, code: &Code) -> Result<bool, Failure> {
        let used = match code {
            Code::Totp(digits) => {
                let check = async || self.use_totp(call, digits).await;
                login_attempts::limit_codes(call, self.user_id, check).await?
            }
            Code::Recovery(code) => {
                let digest = code.digest();
                let check = async || {
                    let parameters = vec![postgres::number(self.user_id)?, postgres::text(&digest)];
                    postgres::query_one(call, sql::USE_RECOVERY_CODE, parameters).await
                };
                login_attempts::limit_recovery(call, check).await?
            }
        };
        Ok(used.is_some())
    }

    async fn use_totp(&self, call: &Call, digits: &str) -> Result<Option<postgres::Row>, Failure> {
        let (secret, anew) = self.open().await?;
        let Some(step) = secret.step_of(digits, host::now()) else { return Ok(None) };
        let parameters = vec![
            postgres::number(self.user_id)?,
            postgres::number(step)?,
            postgres::text(self.sealed),
            postgres::optional_text(anew.as_deref()),
        ];
        postgres::query_one(call, sql::USE_TOTP_CODE, parameters).await
    }

    /// The secret; and if it is sealed under the previous secret of tokens, it sealed again.
    pub(super) async fn open(&self) -> Result<(TotpSecret, Option<String>), Failure> {
        let sealer = sealer().await?;
        let opened = sealer.open(self.user_id, self.sealed);
        let secret = opened.as_ref().and_then(|opened| TotpSecret::from_kept(&opened.secret));
        let (Some(opened), Some(secret)) = (opened, secret) else {
            let cause = "a second factor's secret can be opened neither with jwt_secret nor with \
                         jwt_secret_previous";
            return Err(Failure::internal(cause));
        };
        let anew = opened.outdated.then(|| seal(&sealer, self.user_id, &secret));
        Ok((secret, anew))
    }
}

/// As it is kept.
pub(super) fn seal(sealer: &Sealer, user_id: u64, secret: &TotpSecret) -> String {
    sealer.seal(user_id, secret.as_bytes(), host::random_bytes())
}

/// What seals and opens them.
pub(super) async fn sealer() -> Result<Sealer, Failure> {
    let current = variables::get("jwt_secret").await?;
    let previous = variables::get("jwt_secret_previous").await?;
    Sealer::new(&current, &previous).map_err(|error| {
        Failure::internal(format_args!("jwt_secret or jwt_secret_previous {error}"))
    })
}
