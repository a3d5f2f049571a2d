//! The one error boundary: what a handler may fail with, and the problem document it becomes.

use serde::Serialize;
use shared::http::problem::{Problem, ProblemKind};
use shared::quick_win::{NotABoard, Refusal};
use shared::validation::{Invalid, Unreadable};

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The caller can do something about it.
    Refused(Problem),
    /// The caller cannot: the problem says so, and the cause goes to the log, never to the caller.
    Fault {
        /// What the caller gets.
        problem: Problem,
        /// What is logged.
        cause: String,
    },
}

impl Failure {
    /// A refusal of this kind.
    #[must_use]
    pub fn refused(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self::Refused(Problem::new(kind, detail))
    }

    /// There is nothing at this path, or nothing for this caller (404).
    #[must_use]
    pub fn nothing_at(path: &str) -> Self {
        Self::refused(ProblemKind::NotFound, format!("There is nothing at {path}."))
    }

    /// A fault of ours (500).
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let detail = "Something went wrong on our side. Nothing was changed. Quote the request_id \
                      if you report it.";
        Self::Fault {
            problem: Problem::new(ProblemKind::Internal, detail),
            cause: cause.to_string(),
        }
    }

    /// Something that is needed is unavailable for now (503, `Retry-After: 1`).
    #[must_use]
    pub fn unavailable(detail: impl Into<String>, cause: impl std::fmt::Display) -> Self {
        Self::Fault {
            problem: Problem::new(ProblemKind::Unavailable, detail),
            cause: cause.to_string(),
        }
    }

    /// State-of-the-art mode was asked for where it is not set up (503).
    #[must_use]
    pub fn not_configured(variable: &str) -> Self {
        let detail = format!(
            "This needs PostgreSQL and Redis, and the variable {variable} is not set here. Start the \
             server with `cargo xtask up --full`, which brings both along (or uses those at \
             DATABASE_URL and REDIS_URL). The boards under /api/quick-win need neither."
        );
        Self::refused(ProblemKind::NotConfigured, detail)
    }

    /// Tells the log alone, where the request goes on without what failed: another store is asked
    /// instead, or the relay finds itself what was not delivered.
    pub fn log(&self, request_id: &str) {
        if let Self::Fault { cause, .. } = self {
            eprintln!("{cause} (request_id {request_id})");
        }
    }

    /// What the caller gets.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        match self {
            Self::Refused(problem) | Self::Fault { problem, .. } => problem,
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Refused(invalid.into())
    }
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Malformed(why) => {
                Self::refused(ProblemKind::MalformedJson, format!("The body is not JSON: {why}."))
            }
            Unreadable::Invalid(invalid) => invalid.into(),
        }
    }
}

impl From<NotABoard> for Failure {
    fn from(error: NotABoard) -> Self {
        Self::internal(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let detail = sentence(&refusal.to_string());
        let problem = match refusal {
            Refusal::BoardNotFound | Refusal::TaskNotFound => {
                Problem::new(ProblemKind::NotFound, detail)
            }
            Refusal::VersionMismatch { current } => {
                Problem::new(ProblemKind::PreconditionFailed, detail)
                    .with("current_version", current)
            }
            Refusal::TooManyTasks => Problem::of_limit("tasks", detail),
            Refusal::TooMuchText => Problem::of_limit("board-text", detail),
            Refusal::KeyReused => Problem::new(ProblemKind::IdempotencyKeyReused, detail),
        };
        Self::Refused(problem)
    }
}

/// A value as JSON.
///
/// # Errors
/// 500 if it has none, which no model of ours can cause.
pub fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::internal)
}

/// An error's text as a sentence for people.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(characters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_412_tells_the_current_version() {
        let failure = Failure::from(Refusal::VersionMismatch { current: 4 });
        assert_eq!(failure.problem().kind.status(), 412);
        assert_eq!(failure.problem().members["current_version"], 4);
        assert_eq!(failure.problem().detail, "Somebody else changed it: it has version 4 now.");
    }

    #[test]
    fn api_problem_no_error_leaks_its_cause() {
        let failure = Failure::internal("redis://secret@host");
        assert!(!failure.problem().to_json("r").contains("secret"));
    }
}
