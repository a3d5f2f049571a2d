//! Giving somebody a role on a board.

use crate::models::BoardRole;
use crate::validation::{Fields, Invalid};

/// Reads `{role}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn member_role(mut fields: Fields) -> Result<BoardRole, Invalid> {
    let role = fields.required("role");
    fields.finish()?;
    role.ok_or_else(Invalid::default)
}
