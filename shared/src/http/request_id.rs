//! Which request ids of callers are accepted in answers and logs
//! (docs/contract/api.md, API-REQUEST-ID).

/// The longest id that is taken over, in bytes.
pub const MAX_LENGTH: usize = 128;

/// The id among the values of a request's `X-Request-Id` headers: the only one, if it is sane, which is
/// 1 to [`MAX_LENGTH`] letters, digits, `-`, `_` and `.` of ASCII. So it is safe in a line of a log,
/// in JSON and in a command line as it is.
#[must_use]
pub fn sane<'a>(mut values: impl Iterator<Item = &'a [u8]>) -> Option<&'a str> {
    let only = values.next().filter(|_| values.next().is_none())?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let fits = (1..=MAX_LENGTH).contains(&only.len()) && only.iter().all(plain);
    std::str::from_utf8(only).ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(values: &[&'a str]) -> Option<&'a str> {
        sane(values.iter().map(|value| value.as_bytes()))
    }

    #[test]
    fn api_request_id_is_sane_where_it_can_stand_anywhere_as_it_is() {
        let longest = "a".repeat(MAX_LENGTH);
        for fine in ["1", "abc-1.2_3", "5f1C0A", &longest] {
            assert_eq!(of(&[fine]), Some(fine));
        }
        let too_long = "a".repeat(MAX_LENGTH + 1);
        for insane in ["", " ", "a b", "a\"b", "<b>", "a/b", "a,b", "\u{e9}", "a\n", &too_long] {
            assert_eq!(of(&[insane]), None, "{insane:?}");
        }
    }

    #[test]
    fn api_request_id_is_none_where_there_are_none_or_two() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["a", "a"]), None);
    }
}
