//! Making a token for a program.

use crate::auth::Scope;
use crate::models::{ApiTokenName, BoardId};
use crate::validation::{Fields, FromField, Invalid, Patch, whole_number};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// For how many days it counts at most, and where nobody says.
const DAYS: std::ops::RangeInclusive<u64> = 1..=365;
const USUAL_DAYS: Days = Days(90);

/// For how many boards it is at most, where it is not for all.
const MOST_BOARDS: usize = 20;

/// A token to be made.
#[derive(Debug, Serialize)]
pub struct NewApiToken {
    name: ApiTokenName,
    /// What it is for.
    pub scope: Scope,
    /// `None` is all of its maker's, or of a board's token that board.
    #[serde(skip_serializing_if = "Option::is_none")]
    boards: Option<Boards>,
    /// `None` is for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_days: Option<Days>,
    /// Whether it is for some boards only.
    #[serde(skip)]
    pub some_boards: bool,
}

/// Reads `{name, scope, boards?, expires_in_days?}`, of a personal token.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_api_token(mut fields: Fields) -> Result<NewApiToken, Invalid> {
    let boards: Option<Boards> = fields.optional("boards");
    let some_boards = boards.is_some();
    rest(fields, boards, some_boards)
}

/// Reads `{name, scope, expires_in_days?}`, of a board's token.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_board_api_token(fields: Fields) -> Result<NewApiToken, Invalid> {
    rest(fields, None, true)
}

fn rest(
    mut fields: Fields,
    boards: Option<Boards>,
    some_boards: bool,
) -> Result<NewApiToken, Invalid> {
    let name: Option<ApiTokenName> = fields.required("name");
    let scope: Option<Scope> = fields.required("scope");
    let expires_in_days = match fields.patch("expires_in_days") {
        Patch::Keep => Some(USUAL_DAYS),
        Patch::Remove => None,
        Patch::Set(days) => Some(days),
    };
    fields.finish()?;
    let (name, scope) = name.zip(scope).ok_or_else(Invalid::default)?;
    Ok(NewApiToken { name, scope, boards, expires_in_days, some_boards })
}

#[derive(Debug, Serialize)]
struct Days(u64);

impl FromField for Days {
    fn from_field(value: Value) -> Result<Self, String> {
        let days = whole_number(&value).filter(|days| DAYS.contains(days)).map(Self);
        let range = (DAYS.start(), DAYS.end());
        days.ok_or_else(|| {
            format!("must be a whole number from {} to {}, or null", range.0, range.1)
        })
    }
}

#[derive(Debug, Serialize)]
struct Boards(BTreeSet<BoardId>);

impl FromField for Boards {
    fn from_field(value: Value) -> Result<Self, String> {
        let fault = || format!("must be an array of 1 to {MOST_BOARDS} board ids, or null");
        let ids = value.as_array().filter(|ids| (1..=MOST_BOARDS).contains(&ids.len()));
        let id = |id: &Value| whole_number(id).and_then(BoardId::new);
        let ids: Option<BTreeSet<BoardId>> = ids.ok_or_else(fault)?.iter().map(id).collect();
        ids.map(Self).ok_or_else(fault)
    }
}

impl FromField for Scope {
    fn from_field(value: Value) -> Result<Self, String> {
        let scope = Self::ALL.into_iter().find(|scope| value == scope.as_str());
        scope.ok_or_else(|| "must be one of: read, write, admin".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::read;
    use super::*;
    use serde_json::json;

    #[test]
    fn api_tokens_are_for_90_days_and_all_boards_unless_they_say_otherwise() {
        let usual = json!({"name": "CI", "scope": "read", "expires_in_days": 90});
        assert_eq!(
            read(new_api_token, &json!({"name": " CI ", "scope": "read"})),
            Ok(usual.clone())
        );
        assert_eq!(read(new_board_api_token, &json!({"name": "CI", "scope": "read"})), Ok(usual));
        let asked =
            json!({"name": "CI", "scope": "admin", "boards": [7, 3, 7], "expires_in_days": null});
        let read_so = json!({"name": "CI", "scope": "admin", "boards": [3, 7]});
        assert_eq!(read(new_api_token, &asked), Ok(read_so));
        for (days, boards) in [
            (json!(0), json!(null)),
            (json!(366), json!(null)),
            (json!("7"), json!(null)),
            (json!(7), json!([])),
            (json!(7), json!([0])),
            (json!(7), json!(vec![1; 21])),
        ] {
            let body =
                json!({"name": "CI", "scope": "read", "expires_in_days": days, "boards": boards});
            assert_eq!(
                read(new_api_token, &body).map_err(|pointers| pointers.len()),
                Err(1),
                "{body}"
            );
        }
        let faulty = json!({"name": "", "scope": "root", "boards": [1]});
        let pointers = ["/name", "/scope", "/boards"].map(str::to_owned);
        assert_eq!(read(new_board_api_token, &faulty), Err(pointers.to_vec()));
    }
}
