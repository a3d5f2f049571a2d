//! The opening handshake (RFC 6455, section 4.2): what a request must bring, and the answer's key.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version, header};
use sha1::{Digest as _, Sha1};

/// The fixed text of section 1.3.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why a request is no opening handshake.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// An ordinary request: 426 with `Upgrade: websocket`.
    #[error("this address speaks WebSocket: send `Connection: Upgrade` and `Upgrade: websocket`")]
    NotAnUpgrade,
    /// Another version than 13: 426 with `Sec-WebSocket-Version: 13`.
    #[error("only version 13 of WebSocket is supported here (header `Sec-WebSocket-Version`)")]
    Version,
    /// No key of 16 bytes, or two: 400.
    #[error("the header `Sec-WebSocket-Key` must appear exactly once: 16 bytes in base64")]
    Key,
    /// Not one `Host`: 400 (RFC 9112, section 3.2).
    #[error("the header `Host` must appear exactly once")]
    Host,
    /// A body, behind which the frames would begin: 400.
    #[error("a handshake has no body")]
    Body,
}

/// The `Sec-WebSocket-Accept` that answers this handshake.
///
/// # Errors
/// A [`Refusal`] says what is missing.
pub fn accept_key(
    method: &Method,
    version: Version,
    headers: &HeaderMap,
) -> Result<String, Refusal> {
    if method != Method::GET
        || version != Version::HTTP_11
        || !has_token(headers, &header::CONNECTION, "upgrade")
        || !has_token(headers, &header::UPGRADE, "websocket")
    {
        return Err(Refusal::NotAnUpgrade);
    }
    once(headers, &header::HOST).ok_or(Refusal::Host)?;
    if has_body(headers) {
        return Err(Refusal::Body);
    }
    if once(headers, &header::SEC_WEBSOCKET_VERSION).is_none_or(|value| value != "13") {
        return Err(Refusal::Version);
    }
    let key = once(headers, &header::SEC_WEBSOCKET_KEY).ok_or(Refusal::Key)?.as_bytes();
    if STANDARD.decode(key).map_or(true, |nonce| nonce.len() != 16) {
        return Err(Refusal::Key);
    }
    Ok(STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize()))
}

/// The value of a header that may be given once (section 11.3); `None` if it is not.
fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get_all(header::CONTENT_LENGTH).iter().any(|length| length != "0")
}

/// Whether a comma-separated header, given once or more often, holds this token in any case.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handshake() -> HeaderMap {
        HeaderMap::from_iter(
            [
                (header::HOST, "relay.example"),
                (header::CONNECTION, "keep-alive, Upgrade"),
                (header::UPGRADE, "WebSocket"),
                (header::SEC_WEBSOCKET_VERSION, "13"),
                (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
            ]
            .map(|(name, value)| (name, HeaderValue::from_static(value))),
        )
    }

    fn answer(headers: &HeaderMap) -> Result<String, Refusal> {
        accept_key(&Method::GET, Version::HTTP_11, headers)
    }

    #[test]
    fn rfc_6455_1_3_the_example_key_gets_the_example_answer() {
        assert_eq!(answer(&handshake()), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".to_owned()));
    }

    #[test]
    fn rfc_6455_4_2_1_an_incomplete_handshake_is_refused_with_what_is_missing() {
        for (name, refusal) in [
            (header::HOST, Refusal::Host),
            (header::CONNECTION, Refusal::NotAnUpgrade),
            (header::UPGRADE, Refusal::NotAnUpgrade),
            (header::SEC_WEBSOCKET_VERSION, Refusal::Version),
            (header::SEC_WEBSOCKET_KEY, Refusal::Key),
        ] {
            let mut headers = handshake();
            headers.remove(&name);
            assert_eq!(answer(&headers), Err(refusal), "without {name}");
        }
        for (name, refusal) in [
            (header::HOST, Refusal::Host),
            (header::SEC_WEBSOCKET_VERSION, Refusal::Version),
            (header::SEC_WEBSOCKET_KEY, Refusal::Key),
        ] {
            let mut headers = handshake();
            headers.append(&name, headers[&name].clone());
            assert_eq!(answer(&headers), Err(refusal), "twice {name}");
        }
        let mut headers = handshake();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("5"));
        assert_eq!(answer(&headers), Err(Refusal::Body));
        let mut headers = handshake();
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static("c2hvcnQ="));
        assert_eq!(answer(&headers), Err(Refusal::Key));
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("8"));
        assert_eq!(answer(&headers), Err(Refusal::Version));
    }
}
