//! Making and changing a board.

use super::Body;
use crate::models::{BoardName, Columns, Description};
use crate::validation::{Fields, Invalid, Patch};

/// Reads `{name, description?, columns?}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_board(mut fields: Fields) -> Result<String, Invalid> {
    let name: Option<BoardName> = fields.required("name");
    let description: Option<Description> = fields.optional("description");
    let columns: Patch<Columns> = fields.patch_with("columns", Columns::read);
    fields.finish()?;
    let columns = if let Patch::Set(columns) = columns { Some(columns) } else { None };
    Ok(Body::default()
        .with("name", name)
        .with("description", description)
        .with("columns", columns)
        .text())
}

/// Reads `{name?, description?, columns?, archived?}`, where `null` removes the description.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn board_patch(mut fields: Fields) -> Result<String, Invalid> {
    let name: Option<BoardName> = fields.replacement("name");
    let description: Patch<Description> = fields.patch("description");
    let columns: Patch<Columns> = fields.patch_with("columns", Columns::read);
    let archived: Option<bool> = fields.replacement("archived");
    if columns == Patch::Remove {
        fields.fault("columns", "cannot be removed");
    }
    fields.finish()?;
    Ok(Body::default()
        .with("name", name)
        .patched("description", description)
        .patched("columns", columns)
        .with("archived", archived)
        .text())
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
