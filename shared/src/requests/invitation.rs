//! Making a link by which people come in.

use crate::models::BoardRole;
use crate::validation::{Fields, FromField, Invalid, Patch, whole_number};
use serde::Serialize;
use serde_json::Value;

/// For how many days it counts at most, and where nobody says.
const DAYS: std::ops::RangeInclusive<u64> = 1..=30;
const USUAL_DAYS: Days = Days(7);

/// An invitation to be made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewInvitation {
    /// On the board; none where it is to an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<BoardRole>,
    expires_in_days: Days,
    /// `None` is as many as wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<Once>,
}

/// Reads `{role, expires_in_days?, uses?}`, of a link to a board.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_board_invitation(mut fields: Fields) -> Result<NewInvitation, Invalid> {
    let role = fields.required("role");
    if role == Some(BoardRole::Owner) {
        fields.fault("role", "must be one of: editor, viewer");
    }
    rest(fields, role)
}

/// Reads `{expires_in_days?, uses?}`, of a link to an account.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_account_invitation(fields: Fields) -> Result<NewInvitation, Invalid> {
    rest(fields, None)
}

fn rest(mut fields: Fields, role: Option<BoardRole>) -> Result<NewInvitation, Invalid> {
    let days: Option<Days> = fields.replacement("expires_in_days");
    let uses: Patch<Once> = fields.patch("uses");
    fields.finish()?;
    let uses = if uses == Patch::Remove { None } else { Some(Once) };
    Ok(NewInvitation { role, expires_in_days: days.unwrap_or(USUAL_DAYS), uses })
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Days(u64);

impl FromField for Days {
    fn from_field(value: Value) -> Result<Self, String> {
        let days = whole_number(&value).filter(|days| DAYS.contains(days)).map(Self);
        days.ok_or_else(|| format!("must be a number from {} to {}", DAYS.start(), DAYS.end()))
    }
}

/// One use. (`null` is as many as wanted.)
#[derive(Clone, Copy, Debug, PartialEq)]
struct Once;

impl Serialize for Once {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(1)
    }
}

impl FromField for Once {
    fn from_field(value: Value) -> Result<Self, String> {
        (value == 1).then_some(Self).ok_or_else(|| "must be 1 or null".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::read;
    use super::*;
    use serde_json::json;

    #[test]
    fn api_invitation_is_for_7_days_and_one_use_unless_it_says_otherwise() {
        let usual = json!({"role": "editor", "expires_in_days": 7, "uses": 1});
        assert_eq!(read(new_board_invitation, &json!({"role": "editor"})), Ok(usual));
        let many = json!({"expires_in_days": 30, "uses": null});
        assert_eq!(read(new_account_invitation, &many), Ok(json!({"expires_in_days": 30})));
        let spelled = json!({"expires_in_days": 30.0, "uses": null});
        assert_eq!(read(new_account_invitation, &spelled), Ok(json!({"expires_in_days": 30})));
        for days in [json!(0), json!(-1), json!(1.5), json!(1e300), json!("7")] {
            let read = read(new_account_invitation, &json!({"expires_in_days": days}));
            assert!(read.is_err(), "{days}");
        }
        let faulty = json!({"role": "owner", "expires_in_days": 31, "uses": 2, "board": 1});
        let pointers = ["/role", "/expires_in_days", "/uses", "/board"].map(str::to_owned);
        assert_eq!(read(new_board_invitation, &faulty), Err(pointers.to_vec()));
        let pointers = ["/expires_in_days", "/role"].map(str::to_owned);
        let faulty = json!({"role": "viewer", "expires_in_days": null});
        assert_eq!(read(new_account_invitation, &faulty), Err(pointers.to_vec()));
    }
}
