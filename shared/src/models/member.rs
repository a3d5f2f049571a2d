//! What somebody is on a board.

use crate::validation::FromField;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A member's role; each may do what the ones before it may.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BoardRole {
    /// Sees everything.
    Viewer,
    /// Changes what is on the board, and its name.
    Editor,
    /// Decides about columns, members and the board itself.
    Owner,
}

impl BoardRole {
    /// The role's name, as the database writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }
}

impl FromField for BoardRole {
    fn from_field(value: Value) -> Result<Self, String> {
        serde_json::from_value(value)
            .map_err(|_| "must be one of: owner, editor, viewer".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in [BoardRole::Viewer, BoardRole::Editor, BoardRole::Owner] {
            assert_eq!(BoardRole::from_field(json!(role)), Ok(role));
            assert_eq!(json!(role), role.as_str());
        }
        assert!(BoardRole::from_field(json!("admin")).is_err());
    }
}
