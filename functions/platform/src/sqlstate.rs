//! What PostgreSQL's error codes mean to the caller: the one place that distinguishes them.

use crate::failure::{Failure, sentence};
use serde_json::{Map, Value};
use shared::http::problem::{LOGIN, Problem, ProblemKind};
use shared::validation::{FieldError, Invalid};

/// What is said of a link that is not valid, whatever is wrong with it.
pub(crate) const INVALID_LINK: &str =
    "This link is not valid: it was used, has expired, was revoked, or never existed.";

/// What is said of a first step that has led to a log-in, or no longer counts.
pub(crate) const LOGIN_EXPIRED: &str = "This log-in can no longer be completed: it was completed before, or too much time \
    has passed since the password. Please log in again.";

/// What PostgreSQL says of what a statement had looked up and is not there any more.
const GONE: [&str; 2] = ["cache lookup failed for ", "could not open relation with OID "];

/// The failure that an error of this code (SQLSTATE) is. `message` reaches the caller only from our
/// own refusals (`TB…`, migrations/README.md), whose `detail` is a JSON object; of everything else
/// it is logged.
#[must_use]
pub fn failure(code: &str, message: &str, detail: Option<&str>) -> Failure {
    if let Some(problem) = refusal(code, message, detail) {
        return problem.into();
    }
    let cause = format!("postgresql {code}: {message}");
    match code {
        // Two transactions were in each other's way; the same again will succeed.
        "40001" | "40P01" | "55P03" => {
            Failure::unavailable("Too much is happening at once. Please try again.", cause)
        }
        // Connections: lost, refused, too many; the server stops, starts, or only reads.
        code if code.starts_with("08") => unavailable(cause),
        "53300" | "57P01" | "57P02" | "57P03" | "57P05" | "25006" => unavailable(cause),
        // A table, a type or a function went while the statement waited: a backup was restored.
        "XX000" if GONE.iter().any(|words| message.starts_with(words)) => {
            Failure::unavailable("The database was restored just now. Please try again.", cause)
        }
        // A character that PostgreSQL cannot store: only U+0000.
        "22021" | "22P05" => Failure::refused(
            ProblemKind::Validation,
            "The request contains a character that cannot be stored (U+0000).",
        ),
        // A limit of the database's own, repeated from the API: the edge let something through. What
        // was sent is at fault all the same, and the log has which limit it was.
        "23514" | "23502" | "22P02" | "22003" | "22007" | "22008" => Failure::Fault {
            problem: Problem::new(
                ProblemKind::Validation,
                "The request contains a value that cannot be stored.",
            ),
            cause,
        },
        _ => Failure::internal(cause),
    }
}

/// The database does not answer.
#[must_use]
pub fn unavailable(cause: impl std::fmt::Display) -> Failure {
    Failure::unavailable("The database is unavailable for now.", cause)
}

/// A refusal of one of our SQL functions, with the members of its problem document.
fn refusal(code: &str, message: &str, detail: Option<&str>) -> Option<Problem> {
    let (kind, members): (_, &[(&str, &str)]) = match code {
        "TB401" => {
            let detail = "You have been logged out. Please log in again.";
            return Some(Problem::new(ProblemKind::Unauthorized, detail).with("login", LOGIN));
        }
        "TBSTP" => return Some(Problem::new(ProblemKind::LoginExpired, LOGIN_EXPIRED)),
        "TBLNK" => return Some(Problem::new(ProblemKind::LinkInvalid, INVALID_LINK)),
        "TB403" => (ProblemKind::Forbidden, &[("role", "role"), ("needed", "needed")]),
        "TB404" => (ProblemKind::NotFound, &[]),
        "TB412" => (ProblemKind::PreconditionFailed, &[("version", "current_version")]),
        "TB422" => (ProblemKind::Validation, &[]),
        "TB503" => (ProblemKind::Unavailable, &[]),
        "TB429" => (ProblemKind::RateLimited, &[("retry_after", "retry_after")]),
        "TBIDK" => (ProblemKind::IdempotencyKeyReused, &[]),
        "TBWIP" => (ProblemKind::WipLimit, &[("status", "column"), ("wip_limit", "wip_limit")]),
        "TBCOL" => (ProblemKind::ColumnInUse, &[("columns", "columns")]),
        "TBOWN" => (ProblemKind::LastOwner, &[]),
        "TBLIM" => (ProblemKind::LimitReached, &[("limit", "limit")]),
        "TBGON" => (ProblemKind::LineGone, &[]),
        "TBBRD" => (ProblemKind::BoardsOwned, &[("boards", "boards")]),
        "TBADM" => (ProblemKind::LastAdmin, &[]),
        "TBEML" => (ProblemKind::EmailTaken, &[]),
        "TBWAY" => (ProblemKind::LastWayIn, &[]),
        "TBUND" => (ProblemKind::UndoConflict, &[("events", "events"), ("fields", "fields")]),
        _ => return None,
    };
    let mut told: Map<String, Value> =
        detail.and_then(|detail| serde_json::from_str(detail).ok()).unwrap_or_default();
    if kind == ProblemKind::Validation {
        return Some(Invalid(faults(told.get("errors"))).into());
    }
    if told.get("entity").is_some_and(|entity| entity == "user") {
        return Some(Problem::new(kind, "There is no user with this name."));
    }
    let mut problem = match (kind, told.get("wip_limit").and_then(Value::as_u64)) {
        (ProblemKind::WipLimit, Some(1)) => {
            Problem::new(kind, sentence(message).replace("1 tasks", "1 task"))
        }
        _ => Problem::new(kind, sentence(message)),
    };
    for (name, member) in members {
        problem = problem.with(member, told.remove(*name).unwrap_or_default());
    }
    Some(problem)
}

/// The faulty fields of a refusal.
fn faults(errors: Option<&Value>) -> Vec<FieldError> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    let errors = errors.and_then(Value::as_array).into_iter().flatten();
    errors
        .map(|error| FieldError { pointer: text(error, "pointer"), detail: text(error, "detail") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(code: &str, message: &str, detail: &Value) -> Value {
        let failure = failure(code, message, Some(&detail.to_string()));
        let mut document: Value =
            serde_json::from_str(&failure.problem().to_json("r")).expect("JSON");
        let members = document.as_object_mut().expect("an object");
        for name in ["title", "request_id"] {
            members.remove(name);
        }
        document
    }

    #[test]
    fn api_503_when_postgresql_is_unavailable_and_500_for_what_nobody_expected() {
        let status = |code| failure(code, "why", None).problem().kind.status();
        for code in ["08006", "08001", "57P01", "57P03", "53300", "40P01", "40001"] {
            assert_eq!(status(code), 503, "{code}");
        }
        // Amid `restore-backup --replace`.
        for gone in ["cache lookup failed for type 16576", "could not open relation with OID 16500"]
        {
            assert_eq!(failure("XX000", gone, None).problem().kind.status(), 503, "{gone}");
        }
        assert_eq!(status("22021"), 422);
        for code in ["42P01", "23505", "XX000", "TB999", ""] {
            assert_eq!(status(code), 500, "{code}");
        }
    }

    #[test]
    fn api_422_without_a_pointer_where_only_a_constraint_of_the_database_noticed() {
        let message = "violates check constraint \"tasks_title_check\"";
        for code in ["23514", "23502", "22P02", "22003", "22007", "22008"] {
            let failure = failure(code, message, Some("Failing row contains (7)."));
            assert_eq!(failure.problem().kind, ProblemKind::Validation, "{code}");
            assert_eq!(document(code, message, &Value::Null)["errors"], Value::Null, "{code}");
            let told = failure.problem().to_json("r");
            assert!(!told.contains("tasks_title_check") && !told.contains("row"), "{told}");
            assert!(matches!(failure, Failure::Fault { cause, .. } if cause.contains(message)));
        }
    }

    #[test]
    fn api_404_of_an_unknown_user_says_that_nobody_has_this_name() {
        let told = document("TB404", "there is no such user", &json!({"entity": "user"}));
        assert_eq!(told["detail"], "There is no user with this name.");
        let told = document("TB404", "there is no such task", &json!({"entity": "task"}));
        assert_eq!(told["detail"], "There is no such task.");
    }

    #[test]
    fn api_problem_no_error_leaks_sql() {
        let failure = failure("42P01", "relation \"users\" does not exist", Some("SELECT"));
        let document = failure.problem().to_json("r");
        assert!(!document.contains("users") && !document.contains("SELECT"));
    }

    #[test]
    fn api_problem_every_refusal_of_the_database_is_the_problem_that_its_table_names() {
        let table = include_str!("../../../migrations/README.md");
        let mut rows = 0;
        for row in table.lines().filter(|line| line.starts_with("| TB")) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let problem = failure(cells[1], "why", Some("{}")).problem().clone();
            assert_eq!(problem.kind.status().to_string(), cells[2], "{row}");
            assert_eq!(problem.kind.reference(), format!("/problems/{}", cells[3]), "{row}");
            rows += 1;
        }
        assert!(rows >= 10, "{rows}");
    }

    #[test]
    fn api_problem_a_refusal_tells_what_stands_in_the_way() {
        assert_eq!(
            document(
                "TBWIP",
                "the column todo takes at most 3 tasks",
                &json!({"status": "todo", "wip_limit": 3})
            ),
            json!({"type": "/problems/wip-limit", "status": 409, "column": "todo", "wip_limit": 3,
                   "detail": "The column todo takes at most 3 tasks."})
        );
        let one = json!({"status": "todo", "wip_limit": 1});
        assert_eq!(
            document("TBWIP", "the column todo takes at most 1 tasks", &one)["detail"],
            "The column todo takes at most 1 task."
        );
        assert_eq!(
            document("TB412", "it has version 4 now", &json!({"version": 4}))["current_version"],
            4
        );
        let errors = json!([{"pointer": "/assigned_to", "detail": "is no member of this board"}]);
        assert_eq!(document("TB422", "x", &json!({"errors": errors}))["errors"], errors);
        assert_eq!(document("TB429", "x", &json!({"retry_after": 7}))["retry_after"], 7);
        assert_eq!(document("TB401", "x", &json!({"reason": "revoked"}))["login"], "/login");
    }
}
