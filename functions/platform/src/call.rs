//! A request as the handlers see it: its query, conditions and body, parsed.

use crate::Failure;
use crate::head::{Head, Headers, text};
use crate::weighted::weight;
use bytes::Bytes;
use http::{HeaderName, Method, header};
use sha2::{Digest as _, Sha256};
use shared::Traceparent;
use shared::http::problem::ProblemKind;
use shared::http::request_id;
use shared::preconditions::Condition;
use shared::quick_win::KeyedRequest;
use shared::validation::{FieldError, Fields, FromField, Invalid};
use std::cell::{OnceCell, RefCell};
use std::fmt::Write as _;
use std::str::FromStr;
use std::time::Duration;

/// The largest request body (docs/contract/api.md, API-413).
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// A request with its whole body.
#[derive(Debug)]
pub struct Call {
    head: Head,
    body: Bytes,
    request_id: String,
    timings: RefCell<Vec<(&'static str, Duration)>>,
    trace: OnceCell<Traceparent>,
}

impl Call {
    /// A call; `fresh_id` names it if the caller did not.
    #[must_use]
    pub fn new(head: Head, body: Bytes, fresh_id: impl FnOnce() -> String) -> Self {
        let request_id = request_id::sane(head.headers.values("x-request-id"))
            .map_or_else(fresh_id, str::to_owned);
        let (timings, trace) = (RefCell::default(), OnceCell::new());
        Self { head, body, request_id, timings, trace }
    }

    /// The method; HEAD is answered as GET.
    #[must_use]
    pub fn method(&self) -> Method {
        if self.head.method == Method::HEAD { Method::GET } else { self.head.method.clone() }
    }

    /// The path, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.head.path
    }

    /// Names this request in answers and logs.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Which trace the sender wants this request to be followed in, if any.
    #[must_use]
    pub fn traceparent(&self) -> Option<Traceparent> {
        Traceparent::sampled(self.head.headers.values("traceparent"))
    }

    /// From now on the request is followed in this trace.
    pub fn follow(&self, trace: Traceparent) {
        // It is followed in one.
        let _ = self.trace.set(trace);
    }

    /// The trace that it is followed in.
    #[must_use]
    pub fn trace(&self) -> Option<&Traceparent> {
        self.trace.get()
    }

    /// All headers, as they came.
    pub(crate) fn headers(&self) -> &Headers {
        &self.head.headers
    }

    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.head.headers.values(name.as_str()).next().and_then(text)
    }

    /// Every value of a header that is text.
    pub fn header_values(&self, name: &HeaderName) -> impl Iterator<Item = &str> {
        // A value that is not text reads as one that nobody means.
        self.head.headers.values(name.as_str()).map(|value| text(value).unwrap_or_default())
    }

    /// Whether the client takes gzip (RFC 9110, section 12.5.3).
    #[must_use]
    pub fn accepts_gzip(&self) -> bool {
        let gzip = weight(self.header_values(&header::ACCEPT_ENCODING), &["*", "gzip"]);
        gzip.is_some_and(|weight| weight > 0.0)
    }

    /// Whether a browser asks for a page, for a person to see.
    #[must_use]
    pub fn is_navigation(&self) -> bool {
        self.header_values(&header::ACCEPT).any(|accept| accept.contains("text/html"))
    }

    /// Whether the answer is to be CSV and not JSON: `?format=csv` or, without it, an `Accept` (RFC 9110,
    /// section 12.5.1) that prefers `text/csv`, or names it and takes it as gladly.
    ///
    /// # Errors
    /// 422 with the pointer `?format` where it is neither `json` nor `csv`.
    pub fn wants_csv(&self) -> Result<bool, Failure> {
        if let Some(format) = self.query_word("format", &["json", "csv"])? {
            return Ok(format == "csv");
        }
        let wanted =
            |ranges| weight(self.header_values(&header::ACCEPT), ranges).unwrap_or_default();
        let csv = wanted(&["*/*", "text/*", "text/csv"]);
        let json = wanted(&["*/*", "application/*", "application/json"]);
        Ok(csv > json || (csv == json && wanted(&["text/csv"]) > 0.0))
    }

    /// Host and port that the request was sent to.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        self.header(&header::HOST)
    }

    /// Ensures that the query of a path of the API holds these parameters only: one that is
    /// misspelled would count for nothing, and the answer be another than was asked for.
    ///
    /// # Errors
    /// 422 with a pointer `?name` for each other one.
    pub fn check_query(&self, known: &[&str]) -> Result<(), Failure> {
        let query = &self.head.query;
        if !self.path().starts_with("/api/") || query.is_empty() {
            return Ok(());
        }
        let mut errors: Vec<FieldError> = Vec::new();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            let pointer = format!("?{name}");
            let told = errors.iter().any(|error| error.pointer == pointer);
            if told || known.contains(&name.as_ref()) {
                continue;
            }
            let detail = if known.is_empty() {
                "is not a parameter of this request, which has none".to_owned()
            } else {
                let known = known.join(", ");
                format!("is not a parameter of this request; its parameters are: {known}")
            };
            errors.push(FieldError { pointer, detail });
        }
        if errors.is_empty() { Ok(()) } else { Err(Invalid(errors).into()) }
    }

    /// A whole number in the query, or `default` if it is absent.
    ///
    /// # Errors
    /// 422 with the pointer `?name` where it is not a number from `least` to `most`.
    pub fn query_number<T: FromStr + PartialOrd + std::fmt::Display>(
        &self,
        name: &str,
        (least, most): (T, T),
        default: T,
    ) -> Result<T, Failure> {
        let query = &self.head.query;
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        let Some((_, text)) = values.next() else { return Ok(default) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && values.next().is_none();
        let number = plain.then(|| text.parse().ok()).flatten();
        match number {
            Some(number) if number >= least && number <= most => Ok(number),
            _ => {
                let detail =
                    format!("must appear exactly once, as a whole number from {least} to {most}");
                Err(Invalid::query(name, detail).into())
            }
        }
    }

    /// A text in the query, if present.
    ///
    /// # Errors
    /// 422 with the pointer `?name` if it appears twice, is empty, has more than `most`
    /// characters, or holds control characters.
    pub fn query_text(&self, name: &str, most: usize) -> Result<Option<String>, Failure> {
        let query = &self.head.query;
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        let Some((_, text)) = values.next() else { return Ok(None) };
        let faulty = |detail: String| Err(Invalid::query(name, detail).into());
        if values.next().is_some() {
            return faulty("must appear exactly once".to_owned());
        }
        if text.trim().is_empty() || text.chars().count() > most {
            return faulty(format!("must have 1 to {most} characters"));
        }
        if text.chars().any(char::is_control) {
            return faulty("must not contain control characters".to_owned());
        }
        Ok(Some(text.into_owned()))
    }

    /// A value in the query, of up to 64 characters, if present.
    ///
    /// # Errors
    /// 422 with the pointer `?name` if it is not one.
    pub fn query_value<T: FromField>(&self, name: &str) -> Result<Option<T>, Failure> {
        let text = self.query_text(name, 64)?;
        let value = text.map(|text| T::from_field(text.into())).transpose();
        value.map_err(|detail| Invalid::query(name, detail).into())
    }

    /// One of these words in the query, if present.
    ///
    /// # Errors
    /// 422 with the pointer `?name` for anything else.
    pub fn query_word<'word>(
        &self,
        name: &str,
        words: &[&'word str],
    ) -> Result<Option<&'word str>, Failure> {
        let query = &self.head.query;
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        let Some((_, text)) = values.next() else { return Ok(None) };
        let known = words.iter().find(|word| **word == text).filter(|_| values.next().is_none());
        known.copied().map(Some).ok_or_else(|| {
            Invalid::query(
                name,
                format!("must appear exactly once, as one of {}", words.join(", ")),
            )
            .into()
        })
    }

    /// The numbers that a list goes on after (`?cursor=`), as [`crate::page`] hid them.
    ///
    /// # Errors
    /// 422 with the pointer `?cursor` for anything that no list of this kind has given.
    pub fn cursor<const N: usize>(&self) -> Result<Option<[u64; N]>, Failure> {
        let Some(cursor) = self.query_text("cursor", 100)? else { return Ok(None) };
        let numbers = crate::cursor::open(&cursor);
        numbers.map(Some).ok_or_else(|| {
            Invalid::query("cursor", "must be a next_cursor that this list returned").into()
        })
    }

    /// The `Idempotency-Key` header.
    ///
    /// # Errors
    /// 400 if it is not 1 to 255 visible characters of ASCII, once.
    pub fn idempotency_key(&self) -> Result<Option<String>, Failure> {
        let mut values = self.head.headers.values("idempotency-key");
        let Some(value) = values.next() else { return Ok(None) };
        let text = text(value).unwrap_or_default();
        let visible =
            (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || values.next().is_some() {
            let detail = "The header idempotency-key must appear exactly once, with 1 to 255 \
                          visible characters.";
            return Err(Failure::refused(ProblemKind::MalformedHeader, detail));
        }
        Ok(Some(text.to_owned()))
    }

    /// The `Idempotency-Key` header, and what distinguishes this request from every other one.
    ///
    /// # Errors
    /// As [`Self::idempotency_key`].
    pub fn keyed_request(&self) -> Result<Option<KeyedRequest>, Failure> {
        let key = self.idempotency_key()?;
        Ok(key.map(|key| KeyedRequest { key, fingerprint: self.fingerprint() }))
    }

    /// A digest of the method, the path and the body.
    fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for part in [self.head.method.as_str().as_bytes(), self.path().as_bytes(), &self.body] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }

    /// A switch in the query: `?name=true`, `?name=false`, or absent, which is `false`.
    ///
    /// # Errors
    /// 422 with the pointer `?name` for anything else.
    pub fn query_switch(&self, name: &str) -> Result<bool, Failure> {
        let query = &self.head.query;
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        match (values.next().as_ref().map(|(_, value)| value.as_ref()), values.next()) {
            (None | Some("false"), None) => Ok(false),
            (Some("true"), None) => Ok(true),
            _ => Err(Invalid::query(name, "must appear exactly once, as true or false").into()),
        }
    }

    /// The body as it was sent.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The fields of the body.
    ///
    /// # Errors
    /// 415 if it is not sent as JSON, 400 if it is not JSON, 422 if it is not an object.
    pub fn fields(&self) -> Result<Fields, Failure> {
        Ok(Fields::read(self.json()?)?)
    }

    /// The body, which is sent as JSON and may be something else all the same.
    ///
    /// # Errors
    /// 415 if it is not sent as JSON.
    pub fn json(&self) -> Result<&[u8], Failure> {
        let sent_as = self.header(&header::CONTENT_TYPE).unwrap_or_default();
        let essence = sent_as.split(';').next().unwrap_or_default().trim();
        let is_json = essence.eq_ignore_ascii_case("application/json");
        let is_patch = self.head.method == Method::PATCH
            && essence.eq_ignore_ascii_case("application/merge-patch+json");
        if !is_json && !is_patch {
            let detail = "The body must be sent with Content-Type: application/json.";
            return Err(Failure::refused(ProblemKind::UnsupportedMediaType, detail));
        }
        Ok(&self.body)
    }

    /// The `If-Match` header.
    ///
    /// # Errors
    /// 400 if it is malformed.
    pub fn if_match(&self) -> Result<Option<Condition>, Failure> {
        self.condition(&header::IF_MATCH)
    }

    /// The `If-None-Match` header.
    ///
    /// # Errors
    /// 400 if it is malformed.
    pub fn if_none_match(&self) -> Result<Option<Condition>, Failure> {
        self.condition(&header::IF_NONE_MATCH)
    }

    fn condition(&self, name: &HeaderName) -> Result<Option<Condition>, Failure> {
        let malformed = |why: &dyn std::fmt::Display| {
            Failure::refused(ProblemKind::MalformedHeader, format!("The header {name} {why}."))
        };
        let mut values = self.head.headers.values(name.as_str());
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(malformed(&"must appear exactly once"));
        }
        let text = text(value).ok_or_else(|| malformed(&"must be ASCII"))?;
        Condition::parse(text).map(Some).map_err(|error| malformed(&error))
    }

    /// Notes how long something took, for `Server-Timing`.
    pub fn took(&self, what: &'static str, time: Duration) {
        self.timings.borrow_mut().push((what, time));
    }

    /// The `Server-Timing` header: what the request spent where, in milliseconds.
    #[must_use]
    pub fn server_timing(&self) -> Option<String> {
        let mut text = String::new();
        for (what, time) in self.timings.borrow().iter() {
            let separator = if text.is_empty() { "" } else { ", " };
            let _ = write!(text, "{separator}{what};dur={:.3}", time.as_secs_f64() * 1e3);
        }
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(request: http::request::Builder, body: &'static str) -> Call {
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Call::new(parts.into(), Bytes::from_static(body.as_bytes()), || "fresh".to_owned())
    }

    fn status<T: std::fmt::Debug>(result: Result<T, Failure>) -> u16 {
        result.expect_err("a failure").problem().kind.status()
    }

    #[test]
    fn api_request_id_is_the_callers_if_it_sent_a_sane_one() {
        let with = |id: &str| call(http::Request::get("/").header("x-request-id", id), "");
        assert_eq!(with("abc-1.2_3").request_id(), "abc-1.2_3");
        for insane in ["", "a b", "a\"b", &"a".repeat(129)] {
            assert_eq!(with(insane).request_id(), "fresh", "{insane:?}");
        }
    }

    #[test]
    fn api_422_names_a_faulty_query_parameter() {
        let limit = |query: &str| {
            let uri = format!("/events?{query}");
            call(http::Request::get(uri), "").query_number("limit", (1, 200), 50)
        };
        assert_eq!(limit(""), Ok(50));
        assert_eq!(limit("limit=200"), Ok(200));
        assert_eq!(limit("other=1&limit=7"), Ok(7));
        for wrong in ["limit=0", "limit=201", "limit=x", "limit=", "limit=-1", "limit=1&limit=2"] {
            let failure = limit(wrong).expect_err(wrong);
            assert_eq!(failure.problem().kind.status(), 422, "{wrong}");
            assert_eq!(failure.problem().errors[0].pointer, "?limit");
        }
    }

    #[test]
    fn api_idempotency_a_key_is_1_to_255_visible_characters() {
        let key = |key: &str| {
            call(http::Request::post("/").header("idempotency-key", key), "").idempotency_key()
        };
        assert_eq!(key("a-1"), Ok(Some("a-1".to_owned())));
        assert_eq!(key(&"k".repeat(255)), Ok(Some("k".repeat(255))));
        for wrong in ["", "a b", "\u{fc}", &"k".repeat(256)] {
            assert_eq!(status(key(wrong)), 400, "{wrong:?}");
        }
        let body = |body: &'static str| call(http::Request::post("/"), body).fingerprint();
        assert_eq!(body("{}"), body("{}"));
        assert_ne!(body("{}"), body("[]"));
    }

    #[test]
    fn api_list_a_cursor_is_opaque_and_goes_on_where_the_page_ended() {
        let at =
            |query: &str| call(http::Request::get(format!("/tasks?{query}")), "").cursor::<2>();
        assert_eq!(at(""), Ok(None));
        let hidden = crate::cursor::hide("17.4");
        assert_eq!(at(&format!("cursor={hidden}")), Ok(Some([17, 4])));
        for wrong in ["17.4", "", "MTc", "%%", "MTcuNC41"] {
            assert_eq!(status(at(&format!("cursor={wrong}"))), 422, "{wrong:?}");
        }
    }

    #[test]
    fn api_422_names_each_query_parameter_that_does_not_exist() {
        let faulty = |uri: &str, known: &[&str]| {
            let call = call(http::Request::get(uri), "");
            let failure = call.check_query(known).err();
            let errors = failure.map(|failure| failure.problem().errors.clone());
            errors.into_iter().flatten().map(|error| error.pointer).collect::<Vec<_>>()
        };
        let known = ["limit", "cursor"];
        assert_eq!(faulty("/api/boards?limit=1&cursor=x", &known), [""; 0]);
        assert_eq!(
            faulty("/api/boards?limits=1&limit=1&limits=2&%C3%BC", &known),
            ["?limits", "?ü"]
        );
        assert_eq!(faulty("/api/boards?", &[]), [""; 0]);
        assert_eq!(faulty("/api/boards/7?at=1", &[]), ["?at"]);
        // Pages are opened by links of others.
        assert_eq!(faulty("/boards/7?utm_source=x", &[]), [""; 0]);
    }

    #[test]
    fn api_422_names_a_faulty_switch() {
        let switch = |query: &str| {
            call(http::Request::get(format!("/logout?{query}")), "").query_switch("everywhere")
        };
        assert_eq!(switch(""), Ok(false));
        assert_eq!(switch("everywhere=false"), Ok(false));
        assert_eq!(switch("everywhere=true"), Ok(true));
        for wrong in ["everywhere", "everywhere=1", "everywhere=true&everywhere=true"] {
            assert_eq!(status(switch(wrong)), 422, "{wrong}");
        }
    }

    #[test]
    fn api_422_names_a_faulty_word() {
        let order = |query: &str| {
            let call = call(http::Request::get(format!("/activity?{query}")), "");
            call.query_word("order", &["oldest", "newest"])
        };
        assert_eq!(order(""), Ok(None));
        assert_eq!(order("order=newest"), Ok(Some("newest")));
        for wrong in ["order", "order=Newest", "order=newest&order=newest"] {
            assert_eq!(status(order(wrong)), 422, "{wrong}");
        }
    }

    #[test]
    fn csv_is_given_to_who_asks_for_it_in_the_query_or_else_by_accept() {
        let csv = |query: &str, accept: &str| {
            let request = http::Request::get(format!("/analytics?{query}"));
            call(request.header("accept", accept), "").wants_csv()
        };
        for accept in [
            "text/csv",
            "application/xml, Text/CSV;q=0.9",
            "text/csv;Q=0.5, application/json;Q=0.25",
            "text/csv;q=0.1, text/csv, application/json;q=0.5",
            "text/csv, application/json",
            "text/csv, */*;q=0.1",
            "text/*",
        ] {
            assert_eq!(csv("", accept), Ok(true), "{accept}");
            assert_eq!(csv("format=json", accept), Ok(false), "{accept}");
        }
        for accept in [
            "*/*",
            "text/html, */*;q=0.8",
            "text/csv;q=0",
            "text/csv;q=0, */*",
            "application/json, text/csv; q=0.5",
            "application/json, text/csv; Q=0.5",
            "application/json;q=0, application/json, text/csv;q=0.5",
            "text/csv;q=0.5, */*",
            "text/csv;q=x",
        ] {
            assert_eq!(csv("", accept), Ok(false), "{accept}");
        }
        assert_eq!(csv("format=csv", "application/json"), Ok(true));
        assert_eq!(status(csv("format=xml", "*/*")), 422);
    }

    #[test]
    fn api_415_for_a_body_that_is_not_sent_as_json() {
        let send = |method: &str, media_type: &str| {
            let request =
                http::Request::builder().method(method).header("content-type", media_type);
            call(request, "{}").fields().map(drop)
        };
        assert_eq!(send("POST", "application/json"), Ok(()));
        assert_eq!(send("POST", "Application/JSON; charset=utf-8"), Ok(()));
        assert_eq!(send("PATCH", "application/merge-patch+json"), Ok(()));
        assert_eq!(status(send("POST", "application/merge-patch+json")), 415);
        assert_eq!(status(send("POST", "text/plain")), 415);
        assert_eq!(status(call(http::Request::post("/"), "{}").fields()), 415);
    }

    #[test]
    fn api_400_for_malformed_json_and_malformed_conditions() {
        let json = http::Request::post("/").header("content-type", "application/json");
        assert_eq!(status(call(json, "{").fields()), 400);
        assert_eq!(
            status(call(http::Request::get("/").header("if-match", "3"), "").if_match()),
            400
        );
    }

    #[test]
    fn api_timing_names_what_the_request_spent_where() {
        let call = call(http::Request::get("/"), "");
        assert_eq!(call.server_timing(), None);
        call.took("kv", Duration::from_micros(1_500));
        call.took("relay", Duration::from_millis(2));
        assert_eq!(call.server_timing().as_deref(), Some("kv;dur=1.500, relay;dur=2.000"));
    }
}
