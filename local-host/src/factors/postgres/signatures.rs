//! What parameters statements have: learned once for all connections of a pool, so that a statement needs no
//! name, which a pooler in between would hand to the next who comes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_postgres::types::Type;

use super::effect::Effect;

/// The most prepared statements of a connection. An application has a fixed set of them; SQL that
/// is put together at run time would otherwise fill the memory of the server.
pub(super) const MAX_STATEMENTS: usize = 256;

/// What is known of a statement.
pub(super) struct Signature {
    /// The types of its parameters, as the database infers them.
    pub(super) types: Vec<Type>,
    pub(super) effect: Effect,
}

/// What is known of the statements of an address.
#[derive(Default)]
pub(super) struct Signatures(Mutex<HashMap<String, Arc<Signature>>>);

impl Signatures {
    /// What is known of this one.
    pub(super) fn get(&self, text: &str) -> Option<Arc<Signature>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key(text)).cloned()
    }

    /// Remembers what was learned of it.
    pub(super) fn insert(&self, text: &str, signature: Arc<Signature>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_STATEMENTS {
            known.clear();
        }
        known.insert(key(text).to_owned(), signature);
    }

    /// It may have other parameters now.
    pub(super) fn forget(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key(text));
    }
}

/// The statement without a comment at its end, as it has one that names its trace to the database
/// (sqlcommenter): each would be another statement. Where the comment may be a part of a string, or of another
/// comment, it stays.
fn key(text: &str) -> &str {
    let Some(statement) = text.trim_end().strip_suffix("*/") else { return text };
    let Some((statement, _)) = statement.rsplit_once("/*") else { return text };
    let is_plain = !["--", "/*", "\"", "$$"].iter().any(|mark| statement.contains(mark))
        && statement.matches('\'').count() % 2 == 0;
    if is_plain { statement.trim_end() } else { text }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn only_a_comment_that_surely_is_one_is_left_out() {
        assert_eq!(key("SELECT $1 /*traceparent='00-1'*/ "), "SELECT $1");
        assert_eq!(key("SELECT 'a', $1/**/"), "SELECT 'a', $1");
        for whole in [
            "SELECT $1",
            "SELECT '/*', $1 -- */",
            "SELECT $1 -- /* */",
            "SELECT $$/*$$, $1 -- */",
            "/* a /* b */ */",
            "SELECT \"/*\", $1 -- */",
            "*/",
        ] {
            assert_eq!(key(whole), whole);
        }
    }
}
