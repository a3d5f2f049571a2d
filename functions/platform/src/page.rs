//! A stretch of a list: `{"items": […], "next_cursor": …}` with a cursor that hides what it is.

use crate::Answer;
use crate::cursor::hide;
use http::StatusCode;

/// The least and the most that `?limit=` may ask for.
pub const LIMITS: (u64, u64) = (1, 200);

/// How much a page holds where nobody asks.
pub const DEFAULT_LIMIT: u64 = 50;

/// A page: its items as a JSON array, and the numbers, with dots between, that the next one begins
/// after.
#[must_use]
pub fn page(items: &str, next: Option<&str>) -> Answer {
    let next = next.map_or_else(|| "null".to_owned(), |next| format!("\"{}\"", hide(next)));
    Answer::json(StatusCode::OK, format!("{{\"items\":{items},\"next_cursor\":{next}}}"))
}

/// The page in a row of the items (JSON) and the number that the next page begins after, or null.
/// Where there are no items, `missing` is why.
///
/// # Errors
/// `missing`; 500 if it is something else.
#[cfg(target_arch = "wasm32")]
pub fn of_row(
    row: &crate::postgres::Row,
    missing: fn() -> crate::Failure,
) -> Result<Answer, crate::Failure> {
    let items = row.optional_text(0)?.ok_or_else(missing)?;
    let next = row.optional_number(1)?.map(|next| next.to_string());
    Ok(page(items, next.as_deref()))
}
