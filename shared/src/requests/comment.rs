//! Writing and changing a comment.

use crate::models::CommentText;
use crate::validation::{Fields, Invalid};

/// Reads `{body}`.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn new_comment(mut fields: Fields) -> Result<CommentText, Invalid> {
    let body = fields.required("body");
    fields.finish()?;
    body.ok_or_else(Invalid::default)
}

/// Reads a merge patch `{body?}`; `None` keeps the text.
///
/// # Errors
/// Every faulty field, with its pointer.
pub fn comment_patch(mut fields: Fields) -> Result<Option<CommentText>, Invalid> {
    let body = fields.replacement("body");
    fields.finish()?;
    Ok(body)
}
