//! What PostgreSQL's error codes mean to the caller: the one place where they are told apart.

use shared::problem::ProblemKind;

use crate::Failure;

/// The failure that an error of this code (SQLSTATE) is. `cause` goes to the log only.
#[must_use]
pub fn failure(code: &str, cause: &str) -> Failure {
    let cause = format!("postgresql {code}: {cause}");
    match code {
        // Two transactions were in each other's way; the same again will succeed.
        "40001" | "40P01" | "55P03" => {
            Failure::unavailable("Too much is happening at once. Please try again.", cause)
        }
        // Connections: lost, refused, too many; the server stops, starts, or only reads.
        code if code.starts_with("08") => away(cause),
        "53300" | "57P01" | "57P02" | "57P03" | "57P05" | "25006" => away(cause),
        // A character that PostgreSQL cannot store: only U+0000.
        "22021" | "22P05" => Failure::refused(
            ProblemKind::Validation,
            "The request holds a character that cannot be stored (U+0000).",
        ),
        _ => Failure::internal(cause),
    }
}

/// The database does not answer.
#[must_use]
pub fn away(cause: impl std::fmt::Display) -> Failure {
    Failure::unavailable("The database is away for now.", cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_503_when_postgresql_is_away_and_500_for_what_nobody_expected() {
        let status = |code| failure(code, "why").problem().kind.status();
        for code in ["08006", "08001", "57P01", "57P03", "53300", "40P01", "40001"] {
            assert_eq!(status(code), 503, "{code}");
        }
        assert_eq!(status("22021"), 422);
        for code in ["42P01", "23505", "XX000", ""] {
            assert_eq!(status(code), 500, "{code}");
        }
    }

    #[test]
    fn api_no_error_leaks_sql() {
        let failure = failure("42P01", "relation \"users\" does not exist");
        assert!(!failure.problem().to_json("r").contains("users"));
    }
}
