//! The ids of the contract's rules.

/// The namespaces of ids. A rule's id is a namespace and a word; for real-time promises, a number.
const NAMESPACES: &[&str] = &["RT", "API-", "CLOSE-", "LIMIT-"];

/// The id at the beginning of a line of the contract, and the rest.
pub(super) fn definition(line: &str) -> Option<(&str, &str)> {
    let line = ["- ", "| "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    let (id, rest) = line.strip_prefix("**")?.split_once("**")?;
    is_id(id).then_some((id, rest))
}

/// Whether this looks like a rule's id: `RT6`, `RT-CURSOR`, `API-404`.
pub(super) fn is_id(word: &str) -> bool {
    let Some(rest) = NAMESPACES.iter().find_map(|space| word.strip_prefix(space)) else {
        return false;
    };
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    match word.strip_prefix("RT") {
        Some(rest) if !rest.starts_with('-') => {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => {
            !rest.trim_matches('-').is_empty() && !rest.ends_with('-') && rest.bytes().all(capital)
        }
    }
}
