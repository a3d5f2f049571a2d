//! The head of a request: its method, its path and query, and its headers.

use http::Method;

/// A request without its body.
#[derive(Debug)]
pub struct Head {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Headers,
}

impl Head {
    /// One of this method, this path with its query, and these headers.
    #[must_use]
    pub fn new(method: Method, target: String, headers: Headers) -> Self {
        let (mut path, mut query) = (target, String::new());
        if let Some(mark) = path.find('?') {
            query = path.split_off(mark + 1);
            path.truncate(mark);
        }
        if path.is_empty() {
            path.push('/');
        }
        Self { method, path, query, headers }
    }

    /// How many bytes the body has, where the client says so.
    #[must_use]
    pub fn announced_length(&self) -> Option<u64> {
        self.headers.values("content-length").find_map(text)?.parse().ok()
    }

    /// Whether a body may follow. No host says that it comes in chunks, so where no length is
    /// the method decides: what means nothing (RFC 9110, section 9.3) is left alone.
    #[must_use]
    pub fn may_have_body(&self) -> bool {
        match self.announced_length() {
            Some(length) => length > 0,
            None => {
                !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
                    || self.headers.values("transfer-encoding").next().is_some()
            }
        }
    }
}

/// The headers of a request, in the order in which the host gives them.
#[derive(Debug, Default)]
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// Those of these names and values.
    #[must_use]
    pub fn new(fields: Vec<(String, Vec<u8>)>) -> Self {
        Self(fields)
    }

    /// Adds one.
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.as_bytes().to_vec()));
    }

    /// The name of each.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The values of all that have this name.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        // A handful: walking over them costs less than a map of them.
        let named = self.0.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_slice())
    }
}

/// A value that is text: visible ASCII, spaces and tabs. `None` for any other.
pub(crate) fn text(value: &[u8]) -> Option<&str> {
    let plain = value.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    if plain { std::str::from_utf8(value).ok() } else { None }
}

#[cfg(test)]
impl From<http::request::Parts> for Head {
    fn from(parts: http::request::Parts) -> Self {
        let target = parts.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
        let mut headers = Headers::default();
        if let Some(authority) = parts.uri.authority()
            && !parts.headers.contains_key("host")
        {
            headers.push("host", authority.as_str());
        }
        let fields = parts.headers.iter();
        let field = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (name.to_string(), value.as_bytes().to_vec())
        };
        headers.0.extend(fields.map(field));
        Self::new(parts.method, target.to_owned(), headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(method: Method, fields: &[(&str, &str)]) -> Head {
        let mut headers = Headers::default();
        fields.iter().for_each(|(name, value)| headers.push(name, value));
        Head::new(method, "/".to_owned(), headers)
    }

    #[test]
    fn a_target_is_a_path_and_a_query() {
        for (target, path, query) in [
            ("/api/boards/7?at=3", "/api/boards/7", "at=3"),
            ("/a?b?c", "/a", "b?c"),
            ("/a?", "/a", ""),
            ("?b", "/", "b"),
            ("", "/", ""),
            ("*", "*", ""),
        ] {
            let head = Head::new(Method::GET, target.to_owned(), Headers::default());
            assert_eq!((head.path.as_str(), head.query.as_str()), (path, query), "{target}");
        }
    }

    #[test]
    fn a_body_is_looked_for_where_one_may_be() {
        let length = |length| [("content-length", length)];
        for method in [Method::POST, Method::PATCH, Method::PUT, Method::DELETE] {
            assert!(head(method.clone(), &[]).may_have_body(), "{method}: it may come in chunks");
            assert!(head(method.clone(), &length("1")).may_have_body());
            assert!(!head(method, &length("0")).may_have_body());
        }
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(!head(method.clone(), &[]).may_have_body());
            assert!(head(method.clone(), &length("1")).may_have_body());
            assert!(head(method, &[("Transfer-Encoding", "chunked")]).may_have_body());
        }
    }

    #[test]
    fn a_header_is_found_in_any_case_with_all_of_its_values_in_their_order() {
        let head = head(Method::GET, &[("Accept", "a"), ("host", "h"), ("accept", "b")]);
        let values: Vec<_> = head.headers.values("accept").collect();
        assert_eq!(values, [b"a", b"b"]);
        assert_eq!(text(b"a\tb ~"), Some("a\tb ~"));
        for wrong in [&b"\xe4"[..], b"a\nb", b"\x7f", "ä".as_bytes()] {
            assert_eq!(text(wrong), None, "{wrong:?}");
        }
    }
}
