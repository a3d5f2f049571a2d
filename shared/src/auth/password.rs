//! Hashing passwords with argon2id, and checking them against a hash.

use crate::models::{Password, PasswordGuess};
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc};
use argon2::{Algorithm, Argon2, Params, Version};

/// How much memory a hash takes, in KiB (docs/contract/api.md, API-USER: at least so much).
const MEMORY: u32 = 19_456;

/// How often it goes over it.
const PASSES: u32 = 2;

/// How many lanes it has.
const LANES: u32 = 1;

/// The hash that a password is checked against where there is no user: of no password that
/// anybody knows. Checking it takes as long as any other.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmUuLg\
                         $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A salt: 128 random bits.
pub type Salt = [u8; 16];

/// The hash of a password, as a PHC string (`$argon2id$v=19$m=…`).
///
/// # Errors
/// Where memory for it cannot be had.
pub fn hash(password: &Password, salt: &Salt) -> Result<String, password_hash::Error> {
    let hash: phc::PasswordHash =
        hasher()?.hash_password_with_salt(password.as_bytes(), salt.as_slice())?;
    Ok(hash.to_string())
}

/// Whether a hash is the password's. Without a hash (there is no such user) it is not, and finding
/// that out takes as long.
///
/// # Errors
/// Where the hash is malformed, or memory for checking it cannot be had.
pub fn verify(password: &PasswordGuess, hash: Option<&str>) -> Result<bool, password_hash::Error> {
    match hasher()?.verify_password(password.as_bytes(), hash.unwrap_or(OF_NOBODY)) {
        Ok(()) => Ok(hash.is_some()),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

fn hasher() -> Result<Argon2<'static>, password_hash::Error> {
    let params = Params::new(MEMORY, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::FromField;
    use serde_json::json;

    fn password(text: &str) -> Password {
        Password::from_field(json!(text)).expect("valid")
    }

    fn guess(text: &str) -> PasswordGuess {
        PasswordGuess::from_field(json!(text)).expect("valid")
    }

    #[test]
    fn api_user_a_password_is_hashed_with_argon2id_and_the_costs_of_the_contract() {
        let hash = hash(&password("correct horse"), &[7; 16]).expect("hashed");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"),
            "{hash}"
        );
        assert_eq!(verify(&guess("correct horse"), Some(&hash)), Ok(true));
        assert_eq!(verify(&guess("Correct horse"), Some(&hash)), Ok(false));
    }

    #[test]
    fn two_salts_make_two_hashes_of_one_password() {
        let of = |salt| hash(&password("correct horse"), &[salt; 16]).expect("hashed");
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn api_login_an_unknown_user_takes_as_long_as_a_wrong_password() {
        let real = hash(&password("correct horse"), &[7; 16]).expect("hashed");
        let params = |hash: &str| {
            let hash = phc::PasswordHash::new(hash).expect("a PHC string");
            (hash.algorithm.to_string(), hash.version, hash.params.to_string())
        };
        assert_eq!(params(OF_NOBODY), params(&real), "the same work");
        assert_eq!(verify(&guess("correct horse"), None), Ok(false));
    }

    #[test]
    fn a_malformed_hash_is_an_error_and_no_refusal() {
        assert!(verify(&guess("correct horse"), Some("plain")).is_err());
        assert!(verify(&guess("correct horse"), Some("")).is_err());
    }

    #[test]
    fn a_hash_is_checked_with_the_costs_it_was_made_with() {
        let params = Params::new(8, 1, 1, None).expect("params");
        let cheap: phc::PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_with_salt(b"correct horse", &[7; 16])
            .expect("hashed");
        assert_eq!(verify(&guess("correct horse"), Some(&cheap.to_string())), Ok(true));
    }
}
