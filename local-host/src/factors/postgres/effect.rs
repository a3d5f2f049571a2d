//! What a statement may leave behind in its session.

/// What a statement may leave behind in its session, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    None,
    /// Something that a reset takes back: an open transaction, a setting, a lock, a temporary
    /// table.
    Session,
    /// Something that a reset leaves: names of prepared statements, or a half-done copy.
    Lasting,
}

/// Statements that begin with these leave nothing behind, unless a word below is in them.
const PLAIN: [&str; 9] =
    ["select", "insert", "update", "delete", "merge", "values", "table", "with", "explain"];

/// Statements that begin with these cannot be taken back by a reset.
const LASTING: [&str; 5] = ["prepare", "deallocate", "discard", "copy", "load"];

/// Words by which a plain statement touches its session after all: functions that change settings
/// or take locks beyond the transaction, and `SELECT … INTO TEMP`.
const TOUCHING: [&str; 11] = [
    "set_config",
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
    "setseed",
    "dblink_connect",
    "dblink_connect_u",
    "temp",
    "temporary",
    "pg_temp",
];

impl Effect {
    /// What `statement` may leave behind.
    ///
    /// Unknown statements count as touching the session, so that an error here costs a reset and
    /// no more. What a function does to its session is not seen.
    pub(super) fn of(statement: &str) -> Self {
        let statement = skip_comments(statement);
        let first = words(statement).next().unwrap_or_default();
        let is_first = |word: &&str| first.eq_ignore_ascii_case(word);
        if LASTING.iter().any(&is_first) {
            return Self::Lasting;
        }
        let starts_plainly = statement.starts_with(first) || statement.starts_with('(');
        if !starts_plainly || !PLAIN.iter().any(is_first) {
            return Self::Session;
        }
        let touches = |word: &str| TOUCHING.iter().any(|known| word.eq_ignore_ascii_case(known));
        if words(statement).any(touches) { Self::Session } else { Self::None }
    }
}

/// The words of a statement, those inside of strings and comments too.
fn words(statement: &str) -> impl Iterator<Item = &str> {
    let is_separator = |letter: char| !letter.is_alphanumeric() && letter != '_';
    statement.split(is_separator).filter(|word| !word.is_empty())
}

/// The statement without the space and comments before it.
fn skip_comments(mut statement: &str) -> &str {
    loop {
        statement = statement.trim_start();
        if let Some(comment) = statement.strip_prefix("--") {
            // The database takes either as the end of a line.
            let Some(end) = comment.find(['\n', '\r']) else { return "" };
            statement = &comment[end..];
        } else if let Some(comment) = statement.strip_prefix("/*") {
            let Some(end) = end_of_block_comment(comment) else { return "" };
            statement = &comment[end..];
        } else {
            return statement;
        }
    }
}

/// Where a block comment ends, in which others may be nested; none where it does not.
fn end_of_block_comment(comment: &str) -> Option<usize> {
    let mut depth = 1;
    let mut from = 0;
    loop {
        let found = from + comment[from..].find(['/', '*'])?;
        from = match comment.get(found..found + 2) {
            Some("/*") => {
                depth += 1;
                found + 2
            }
            Some("*/") => {
                depth -= 1;
                found + 2
            }
            _ => found + 1,
        };
        if depth == 0 {
            return Some(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Effect;

    #[test]
    fn reading_and_writing_rows_leaves_nothing_behind() {
        for statement in [
            "SELECT 1",
            "  select task_add($1, $2)",
            "-- who calls this\nSELECT 1",
            "/* a /* nested */ comment */ insert into t values ($1)",
            "/**/WITH x AS (SELECT 1) UPDATE t SET a = 1",
            "(SELECT 1) UNION (SELECT 2)",
            "DELETE FROM temperatures",
            "SELECT pg_advisory_xact_lock(7)",
        ] {
            assert_eq!(Effect::of(statement), Effect::None, "{statement}");
        }
    }

    #[test]
    fn transactions_and_settings_touch_the_session() {
        for statement in [
            "BEGIN",
            "start transaction",
            "-- select\nBEGIN",
            "-- a\rBEGIN --\nSELECT 1",
            "/* select */ SET search_path = x",
            ";BEGIN",
            "SELECT set_config('a.b', 'c', false)",
            "SELECT pg_advisory_lock(7)",
            "SELECT 1 INTO TEMP t",
            "CREATE TEMPORARY TABLE t ()",
            "LISTEN a",
            "DO $$ BEGIN END $$",
            "",
            "-- nothing",
            "/* open",
            "/*/ BEGIN",
            "\"select\" nonsense",
        ] {
            assert_eq!(Effect::of(statement), Effect::Session, "{statement}");
        }
    }

    #[test]
    fn what_a_reset_would_leave_is_known() {
        for statement in ["PREPARE a AS SELECT 1", "discard all", "COPY t FROM STDIN", "LOAD 'x'"] {
            assert_eq!(Effect::of(statement), Effect::Lasting, "{statement}");
        }
    }
}
