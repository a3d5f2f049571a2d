//! The id of a request: the caller's where it sent a sane one, else one of our own.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries it.
pub(crate) const NAME: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are not taken over into our log.
const MAX_LENGTH: usize = 128;

/// Takes the request's id if it has one that is sane (1 to 128 letters, digits, `-`, `_` and `.`), else
/// makes one in its place, so that the guest sees the id that this host logs.
pub(crate) fn take_or_make(headers: &mut HeaderMap) -> Arc<str> {
    let mut given = headers.get_all(NAME).iter();
    let only = given.next().filter(|_| given.next().is_none());
    if let Some(id) = only.and_then(|value| value.to_str().ok()).filter(|id| is_sane(id)) {
        return id.into();
    }
    let id = make();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(NAME, value);
    }
    id.into()
}

fn is_sane(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_LENGTH).contains(&id.len()) && id.bytes().all(plain)
}

/// An id that no other process and no other request of this one has; it need not be secret.
fn make() -> String {
    /// The standard library seeds its hashers at random.
    static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:016x}-{:x}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{NAME, take_or_make};

    #[test]
    fn a_sane_id_is_taken_and_any_other_is_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(NAME, HeaderValue::from_static("abc-1"));
        assert_eq!(&*take_or_make(&mut headers), "abc-1");
        for bad in ["", "with space", "<b>", "x".repeat(129).as_str()] {
            headers.insert(NAME, HeaderValue::from_str(bad).unwrap());
            let made = take_or_make(&mut headers);
            assert_ne!(&*made, bad);
            assert_eq!(headers[NAME], *made);
        }
        headers.append(NAME, HeaderValue::from_static("abc-1"));
        let made = take_or_make(&mut headers);
        assert_eq!(headers.get_all(NAME).iter().collect::<Vec<_>>(), [&*made]);
    }

    #[test]
    fn made_ids_differ() {
        let mut headers = (HeaderMap::new(), HeaderMap::new());
        assert_ne!(take_or_make(&mut headers.0), take_or_make(&mut headers.1));
    }
}
