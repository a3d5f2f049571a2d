//! Making and changing a board.

use crate::models::{BoardName, Columns, Description};
use crate::validation::{Fields, Invalid, Patch};
use serde::Serialize;

/// A board to be made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewBoard {
    name: BoardName,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Columns>,
}

/// A merge patch of a board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<BoardName>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    description: Patch<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Columns>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
}

/// Reads `{name, description?, columns?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_board(mut fields: Fields) -> Result<NewBoard, Invalid> {
    let name = fields.required("name");
    let description = fields.optional("description");
    let columns = fields.patch_with("columns", Columns::read).value();
    fields.finish()?;
    Ok(NewBoard { name: name.ok_or_else(Invalid::default)?, description, columns })
}

/// Reads `{name?, description?, columns?, archived?}`, where `null` removes the description.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn board_patch(mut fields: Fields) -> Result<BoardPatch, Invalid> {
    let name = fields.replacement("name");
    let description = fields.patch("description");
    let columns = fields.patch_with("columns", Columns::read);
    let archived = fields.replacement("archived");
    if columns == Patch::Remove {
        fields.fault("columns", "cannot be removed");
    }
    fields.finish()?;
    Ok(BoardPatch { name, description, columns: columns.value(), archived })
}

#[cfg(test)]
mod tests {
    use super::super::testing::read;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_new_board_has_a_name_and_maybe_more() {
        let only = json!({"name": " Plan ", "description": null, "columns": null});
        assert_eq!(read(new_board, &only), Ok(json!({"name": "Plan"})));
        let faulty = json!({"columns": [{"key": "a"}], "colour": 1});
        let pointers = ["/name", "/columns/0/name", "/colour"].map(str::to_owned).to_vec();
        assert_eq!(read(new_board, &faulty), Err(pointers));
    }

    #[test]
    fn api_patch_null_removes_the_description_only() {
        let patch = json!({"description": null, "archived": true});
        assert_eq!(read(board_patch, &patch), Ok(patch));
        let pointers = ["/name", "/archived", "/columns"].map(str::to_owned).to_vec();
        let faulty = json!({"name": null, "columns": null, "archived": 1});
        assert_eq!(read(board_patch, &faulty), Err(pointers));
    }
}
