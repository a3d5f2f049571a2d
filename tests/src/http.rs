//! An HTTP client that checks the rules of docs/contract/api.md that apply to every answer.

use crate::{openapi, problem};
use ::http::request::Builder;
use ::http::{HeaderMap, Method, Request, header};
use bytes::Bytes;
use flate2::read::GzDecoder;
use futures::stream;
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper_util::client::legacy::{Client as HyperClient, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::convert::Infallible;
use std::io::Read as _;
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Why there was no answer: the server is unavailable, or closed the connection.
pub type NoAnswer = Box<dyn std::error::Error + Send + Sync>;

/// A client of one server. Its connections live in the runtime that first used it: make one for
/// each test.
#[derive(Clone, Debug)]
pub struct Client {
    hyper: HyperClient<HttpConnector, Body>,
    base: String,
    token: Option<String>,
}

/// A request being built.
#[derive(Debug)]
pub struct Call<'client> {
    client: &'client Client,
    builder: Builder,
    body: Body,
    title: String,
}

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The request's method and path, for messages.
    title: String,
}

impl Client {
    /// A client of the server at this address, such as `http://127.0.0.1:3000`.
    #[must_use]
    pub fn new(base: String) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let hyper = HyperClient::builder(TokioExecutor::new()).build(connector);
        Self { hyper, base, token: None }
    }

    /// The same with this token, which is sent with every request.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The token that is sent with every request.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request of any method. The path is sent unchanged, without normalization.
    ///
    /// # Panics
    /// If the method is not valid.
    #[must_use]
    pub fn request(&self, method: &str, path: &str) -> Call<'_> {
        let parsed = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut builder = Request::builder().method(parsed).uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = Full::default().boxed_unsync();
        Call { client: self, builder, body, title: format!("{method} {path}") }
    }

    /// A GET request.
    #[must_use]
    pub fn get(&self, path: &str) -> Call<'_> {
        self.request("GET", path)
    }

    /// A POST request with a JSON body.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Call<'_> {
        self.request("POST", path).json(body)
    }

    /// A PATCH request with a JSON Merge Patch.
    #[must_use]
    pub fn patch(&self, path: &str, body: &Value) -> Call<'_> {
        self.request("PATCH", path)
            .header("content-type", "application/merge-patch+json")
            .body(body.to_string())
    }

    /// A DELETE request.
    #[must_use]
    pub fn delete(&self, path: &str) -> Call<'_> {
        self.request("DELETE", path)
    }
}

impl Call<'_> {
    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// The same with this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Full::new(body.into()).boxed_unsync();
        self
    }

    /// The same with this body as `application/json`.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// The same with a body of undeclared length.
    #[must_use]
    pub fn chunked(mut self, chunks: Vec<Bytes>) -> Self {
        let frames = chunks.into_iter().map(|chunk| Ok(Frame::data(chunk)));
        self.body = StreamBody::new(stream::iter(frames)).boxed_unsync();
        self
    }

    /// Sends it.
    ///
    /// # Panics
    /// If there is no answer, or one that breaks a rule for all answers.
    pub async fn send(self) -> Reply {
        let (title, client) = (self.title.clone(), self.client);
        match self.try_send().await {
            Ok(reply) => {
                problem::check_every_answer(&reply);
                openapi::check_described(client, &reply).await;
                reply
            }
            Err(error) => panic!("{title}: no answer: {error}"),
        }
    }

    /// Sends it to a server that may be unavailable.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn try_send(self) -> Result<Reply, NoAnswer> {
        let Self { client, builder, body, title } = self;
        let request = builder.body(body)?;
        let exchange = async {
            let (head, body) = client.hyper.request(request).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok(Reply { status: head.status.as_u16(), headers: head.headers, body, title })
        };
        tokio::time::timeout(PATIENCE, exchange).await?
    }
}

impl Reply {
    /// The request: method and path.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// A header's value; the first if it appears more than once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A required header.
    ///
    /// # Panics
    /// If it is missing.
    #[must_use]
    pub fn expect_header(&self, name: &str) -> &str {
        self.header(name).unwrap_or_else(|| panic!("{self}\nlacks the header {name}"))
    }

    /// The entity tag.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn tag(&self) -> String {
        self.expect_header("etag").to_owned()
    }

    /// The members of a header that is a list, such as `Allow`, sorted.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let mut members: Vec<String> = values
            .flat_map(|value| value.split(','))
            .map(|member| member.trim().to_owned())
            .collect();
        members.sort_unstable();
        members
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut text = Vec::new();
        let body = if self.header("content-encoding") == Some("gzip") {
            let _ = GzDecoder::new(&self.body[..]).read_to_end(&mut text).expect("gzip");
            &text[..]
        } else {
            &self.body[..]
        };
        serde_json::from_slice(body).unwrap_or_else(|error| panic!("{self}\n{error}"))
    }

    /// The same answer, if it has this status.
    ///
    /// # Panics
    /// If it has another.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "{self}\nexpected {status}");
        self
    }

    /// The problem document, if it is one of this status and type (without `/problems/`).
    ///
    /// # Panics
    /// If it is not one, or another.
    #[must_use]
    #[track_caller]
    pub fn problem(self, status: u16, slug: &str) -> Value {
        let reply = self.expect(status);
        let document = reply.json();
        assert_eq!(document["type"], format!("/problems/{slug}"), "{reply}");
        document
    }

    /// The pointers of a 422, sorted.
    ///
    /// # Panics
    /// If it is not a 422.
    #[must_use]
    #[track_caller]
    pub fn pointers(self) -> Vec<String> {
        let problem = self.problem(422, "validation");
        let errors = problem["errors"].as_array().expect("`errors`");
        let mut pointers: Vec<String> = errors
            .iter()
            .map(|error| error["pointer"].as_str().expect("a pointer").to_owned())
            .collect();
        pointers.sort_unstable();
        pointers
    }

    /// Whether it is JSON of any kind.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let media_type = self.headers.get(header::CONTENT_TYPE);
        media_type.is_some_and(|value| value.as_bytes().ends_with(b"json"))
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let body: String = body.chars().take(2_000).collect();
        write!(formatter, "{} -> {} {:?}\n{body}", self.title, self.status, self.headers)
    }
}
