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
    role: Option<RoleByLink>,
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
    rest(fields, role)
}

/// Reads `{expires_in_days?, uses?}`, of a link to an account.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_account_invitation(fields: Fields) -> Result<NewInvitation, Invalid> {
    rest(fields, None)
}

fn rest(mut fields: Fields, role: Option<RoleByLink>) -> Result<NewInvitation, Invalid> {
    let days: Patch<Days> = fields.patch("expires_in_days");
    if days == Patch::Remove {
        fields.fault("expires_in_days", Days::fault());
    }
    let uses: Patch<Once> = fields.patch("uses");
    fields.finish()?;
    let expires_in_days = if let Patch::Set(days) = days { days } else { USUAL_DAYS };
    let uses = if uses == Patch::Remove { None } else { Some(Once) };
    Ok(NewInvitation { role, expires_in_days, uses })
}

/// What a link makes of somebody: nobody becomes an owner by one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct RoleByLink(BoardRole);

impl FromField for RoleByLink {
    fn from_field(value: Value) -> Result<Self, String> {
        let role = BoardRole::from_field(value).ok().filter(|role| *role != BoardRole::Owner);
        role.map(Self).ok_or_else(|| "must be one of: editor, viewer".to_owned())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Days(u64);

impl FromField for Days {
    fn from_field(value: Value) -> Result<Self, String> {
        let days = whole_number(&value).filter(|days| DAYS.contains(days)).map(Self);
        days.ok_or_else(Self::fault)
    }
}

impl Days {
    fn fault() -> String {
        format!("must be a whole number from {} to {}", DAYS.start(), DAYS.end())
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
        (whole_number(&value) == Some(1))
            .then_some(Self)
            .ok_or_else(|| "must be 1 or null".to_owned())
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

    #[test]
    fn api_invitation_a_fault_names_exactly_what_is_accepted() {
        let told = |body: &Value| {
            let fields = Fields::read(body.to_string().as_bytes()).expect("an object");
            let Invalid(faults) = new_board_invitation(fields).expect_err("faulty");
            let told = faults.into_iter().map(|fault| (fault.pointer, fault.detail));
            told.collect::<Vec<(String, String)>>()
        };
        let one = |pointer: &str, detail: &str| vec![(pointer.to_owned(), detail.to_owned())];
        assert_eq!(told(&json!({})), one("/role", "is required"));
        for role in [json!("owner"), json!(null), json!("admin"), json!(7)] {
            let roles = one("/role", "must be one of: editor, viewer");
            assert_eq!(told(&json!({"role": role})), roles);
        }
        for days in [json!(null), json!(0), json!(31), json!(1.5), json!("7")] {
            let range = one("/expires_in_days", "must be a whole number from 1 to 30");
            assert_eq!(told(&json!({"role": "viewer", "expires_in_days": days})), range);
        }
        for uses in [json!(0), json!(2), json!("1"), json!(true)] {
            let once = one("/uses", "must be 1 or null");
            assert_eq!(told(&json!({"role": "viewer", "uses": uses})), once);
        }
        assert!(read(new_board_invitation, &json!({"role": "viewer", "uses": 1.0})).is_ok());
    }
}
