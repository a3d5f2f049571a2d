//! Where the next page of a list begins: numbers, hidden so that nobody makes up any.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Numbers as a cursor.
pub(crate) fn hide(numbers: &str) -> String {
    URL_SAFE_NO_PAD.encode(numbers)
}

/// The numbers of a cursor, if it has this many.
pub(crate) fn open<const N: usize>(cursor: &str) -> Option<[u64; N]> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let numbers =
        text.split('.').map(|number| number.parse().ok().filter(|n| *n <= shared::models::MAX_ID));
    numbers.collect::<Option<Vec<u64>>>()?.try_into().ok()
}
