//! Whether a code counts, and that it does so once.

use platform::token_checker::KnownCode;
use platform::{Call, Failure, host, login_attempts, postgres, variables};
use shared::auth::{Code, Sealer, TotpSecret};
use shared::data::sql;

/// What the codes of a user's app are made of, as it is kept.
pub(super) struct Factor<'a> {
    pub(super) user_id: u64,
    pub(super) sealed: &'a str,
}

impl Factor<'_> {
    /// Lets `use_up` use a code up. Gives what that gives: `None` if the code is not valid, which counts as a failure.
    ///
    /// # Errors
    /// 429 after too many that are not valid, 503 if a store is unavailable, 500 if no secret of ours opens what is kept;
    /// a recovery code is valid then as well. What `use_up` fails with.
    pub(super) async fn check<T>(
        &self,
        call: &Call,
        code: &Code,
        use_up: impl AsyncFnOnce(KnownCode<'_>) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        match code {
            Code::Totp(digits) => {
                let check = async || {
                    let (secret, anew) = self.open().await?;
                    let Some(step) = secret.step_of(digits, host::now()) else { return Ok(None) };
                    use_up(KnownCode::Totp { step, sealed: self.sealed, anew }).await
                };
                login_attempts::limit_codes(call, self.user_id, check).await
            }
            Code::Recovery(code) => {
                let check = async || use_up(KnownCode::Recovery(code.digest())).await;
                login_attempts::limit_recovery(call, check).await
            }
        }
    }

    /// Uses a code up for a change of the account. Gives whether it is valid.
    ///
    /// # Errors
    /// As [`Factor::check`].
    pub(super) async fn use_up(&self, call: &Call, code: &Code) -> Result<bool, Failure> {
        let use_up = async |code: KnownCode<'_>| {
            let user_id = postgres::number(self.user_id)?;
            let (statement, parameters) = match code {
                KnownCode::Recovery(digest) => {
                    (sql::USE_RECOVERY_CODE, vec![user_id, postgres::text(&digest)])
                }
                KnownCode::Totp { step, sealed, anew } => {
                    let (step, sealed) = (postgres::number(step)?, postgres::text(sealed));
                    let anew = postgres::optional_text(anew.as_deref());
                    (sql::USE_TOTP_CODE, vec![user_id, step, sealed, anew])
                }
            };
            postgres::query_one(call, statement, parameters).await
        };
        Ok(self.check(call, code, use_up).await?.is_some())
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
