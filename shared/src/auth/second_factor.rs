//! Second factors: codes of an authenticator app (TOTP, RFC 6238) and recovery codes for users who lost it
//! (docs/contract/api.md, API-TOTP).

use crate::models::{MAX_GUESS, Timestamp};
use crate::validation::FromField;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// How many digits a code has, how long it is shown in seconds, and how many of them it counts sooner and
/// later: what every app takes.
const DIGITS: u8 = 6;
const STEP: u64 = 30;
const SKEW: u16 = 1;

/// Whose codes they are, as apps show it.
const ISSUER: &str = "Taskboard";

/// How many characters a recovery code has, each of five bits.
const RECOVERY: usize = 16;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What an authenticator app makes codes of: 160 bits. It never prints.
#[derive(Clone)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// A secret of these random bits.
    #[must_use]
    pub fn new(bits: [u8; 20]) -> Self {
        Self(bits)
    }

    /// One that was kept.
    #[must_use]
    pub fn from_kept(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// What is kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As people type it into an app: base32, 32 characters.
    #[must_use]
    pub fn reveal(&self) -> String {
        Secret::new_stack(self.0).to_base32()
    }

    /// As an app reads it from a QR code. Nothing in a username needs an escape.
    #[must_use]
    pub fn uri(&self, username: &str) -> String {
        let secret = self.reveal();
        format!(
            "otpauth://totp/{ISSUER}:{username}?secret={secret}&issuer={ISSUER}\
             &algorithm=SHA1&digits={DIGITS}&period={STEP}"
        )
    }

    /// The step, in 30 seconds since 1970, of which this code is: the present one, the one before or the
    /// next one.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<u64> {
        let seconds = u64::try_from(now.milliseconds() / 1_000).ok()?;
        self.totp().check(code, seconds)
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP)
            .with_secret(Secret::new_stack(self.0))
            .build_noncompliant()
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TotpSecret(…)")
    }
}

/// What replaces a code of the app, once: 80 bits as 16 letters and digits. It never prints.
#[derive(Clone, Eq, PartialEq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// One of these random bits.
    #[must_use]
    pub fn new(bits: [u8; 10]) -> Self {
        let wide = bits.iter().fold(0_u128, |wide, byte| (wide << 8) | u128::from(*byte));
        let letter = |place: usize| {
            let index = usize::try_from((wide >> (5 * place)) & 31).unwrap_or_default();
            char::from(ALPHABET[index])
        };
        Self((0..RECOVERY).rev().map(letter).collect())
    }

    /// As it is shown, in groups of four.
    #[must_use]
    pub fn reveal(&self) -> String {
        let groups: Vec<&str> = (0..RECOVERY).step_by(4).map(|at| &self.0[at..at + 4]).collect();
        groups.join("-")
    }

    /// What is kept of it: SHA-256 in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(&self.0).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RecoveryCode(…)")
    }
}

/// What somebody gives as their second factor: any text of up to 1,024 characters, of which spaces, hyphens
/// and the case do not matter. It never prints.
#[derive(Clone)]
pub enum Code {
    /// It looks like a code of an app.
    Totp(String),
    /// Everything else may be a recovery code.
    Recovery(RecoveryCode),
}

impl std::fmt::Debug for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Code(…)")
    }
}

impl FromField for Code {
    fn from_field(value: Value) -> Result<Self, String> {
        let Value::String(text) = value else { return Err("must be a string".to_owned()) };
        if text.chars().count() > MAX_GUESS {
            return Err(format!("must have at most {MAX_GUESS} characters"));
        }
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let of_an_app =
            plain.len() == usize::from(DIGITS) && plain.bytes().all(|byte| byte.is_ascii_digit());
        Ok(if of_an_app {
            Self::Totp(plain)
        } else {
            Self::Recovery(RecoveryCode(plain.to_ascii_lowercase()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(seconds * 1_000)
    }

    #[test]
    fn api_totp_codes_are_those_of_rfc_6238_and_count_a_step_sooner_and_later() {
        // RFC 6238, appendix B: eight digits, of which six are shown here.
        let secret = TotpSecret::new(*b"12345678901234567890");
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let step = u64::try_from(time / 30).expect("positive");
            for near in [-30, 0, 30] {
                assert_eq!(secret.step_of(code, at(time + near)), Some(step), "{code}");
            }
            assert_eq!(secret.step_of(code, at(time + 60)), None);
            assert_eq!(secret.step_of(code, at(time - 60)), None);
        }
        for none in ["", "28708", "2870820", "+28708", "28708x", "２８７０８２"] {
            assert_eq!(secret.step_of(none, at(59)), None, "{none}");
        }
        assert_eq!(secret.step_of("287082", at(-59)), None);
    }

    #[test]
    fn api_totp_an_app_reads_the_secret_from_a_uri() {
        let secret = TotpSecret::new(*b"12345678901234567890");
        assert_eq!(secret.reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            secret.uri("ada"),
            "otpauth://totp/Taskboard:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Taskboard&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
        let kept = TotpSecret::from_kept(secret.as_bytes()).expect("20 bytes");
        assert_eq!(kept.reveal(), secret.reveal());
        assert!(TotpSecret::from_kept(b"short").is_none());
    }

    #[test]
    fn api_totp_a_recovery_code_counts_however_it_is_written() {
        let code = RecoveryCode::new([0, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code.reveal(), "abcd-efgh-ijkl-mnop");
        for written in ["abcd-efgh-ijkl-mnop", " ABCDEFGH ijkl\tmnop", "abcdefghijklmnop"] {
            match Code::from_field(json!(written)) {
                Ok(Code::Recovery(read)) => assert_eq!(read.digest(), code.digest()),
                other => panic!("{other:?}"),
            }
        }
        for written in ["123456", "123 456", "123-456"] {
            let read = Code::from_field(json!(written));
            assert!(matches!(read, Ok(Code::Totp(code)) if code == "123456"), "{written}");
        }
        for written in ["", "12345", "1234567", "１２３４５６"] {
            let read = Code::from_field(json!(written));
            assert!(matches!(read, Ok(Code::Recovery(_))), "{written}");
        }
        assert!(Code::from_field(json!(123_456)).is_err());
        assert!(Code::from_field(json!("x".repeat(1_025))).is_err());
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    }
}
