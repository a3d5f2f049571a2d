//! An OpenTelemetry collector: accepts spans over OTLP/HTTP as protobuf, or never answers.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use prost::Message as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How long expected spans may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A received span.
#[derive(Clone, Debug)]
pub struct Span {
    pub service: String,
    pub name: String,
    /// Trace, span and parent, in hexadecimal digits; empty if there is no parent.
    pub trace: String,
    /// See above.
    pub id: String,
    /// See above.
    pub parent: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
    /// Its duration.
    pub took: Duration,
}

#[derive(Debug)]
pub struct Collector {
    /// The address for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// Starts one that accepts everything.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start() -> Self {
        Self::listen(true).await
    }

    /// Starts one that accepts connections and never answers.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn silent() -> Self {
        Self::listen(false).await
    }

    async fn listen(answers: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let spans = Arc::<Mutex<Vec<Span>>>::default();
        let kept = Arc::clone(&spans);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answers, Arc::clone(&kept)));
            }
        });
        Self { url, spans }
    }

    /// All spans so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A span with this service and name within a trace, once it has arrived.
    ///
    /// # Panics
    /// If it does not come.
    pub async fn span(&self, service: &str, name: &str, trace: &str) -> Span {
        let fits =
            |span: &Span| (&*span.service, &*span.name, &*span.trace) == (service, name, trace);
        let span = self.find(PATIENCE, fits).await;
        span.unwrap_or_else(|| panic!("no {name:?} of {service}: {:#?}", self.spans()))
    }

    /// The first such span; `None` if there is none within this time.
    pub async fn find(&self, time: Duration, fits: impl Fn(&Span) -> bool) -> Option<Span> {
        let deadline = Instant::now() + time;
        loop {
            let found = self.spans().into_iter().find(&fits);
            if found.is_some() || Instant::now() >= deadline {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Answers a connection's requests in sequence.
async fn serve(mut stream: TcpStream, answers: bool, spans: Arc<Mutex<Vec<Span>>>) {
    let mut read = Vec::new();
    while let Some((head, body)) = request(&mut stream, &mut read).await {
        if !answers {
            std::future::pending::<()>().await;
        }
        assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        let request = ExportTraceServiceRequest::decode(&*body).expect("protobuf");
        spans.lock().unwrap_or_else(PoisonError::into_inner).extend(of(request));
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next request: its head, in lower case, and its body; `None` if there are no more.
async fn request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<(String, Vec<u8>)> {
    loop {
        let end = read.windows(4).position(|four| four == b"\r\n\r\n").map(|end| end + 4);
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let whole = end + length.and_then(|length| length.parse::<usize>().ok())?;
            if read.len() >= whole {
                let body = read[end..whole].to_vec();
                read.drain(..whole);
                return Some((head, body));
            }
        }
        if stream.read_buf(read).await.ok()? == 0 {
            return None;
        }
    }
}

fn of(request: ExportTraceServiceRequest) -> Vec<Span> {
    let mut spans = Vec::new();
    for resource in request.resource_spans {
        let of_resource = resource.resource.map(|resource| texts(resource.attributes));
        let service = of_resource.and_then(|mut texts| texts.remove("service.name"));
        let service = service.unwrap_or_default();
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            let took = span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano);
            spans.push(Span {
                service: service.clone(),
                name: span.name,
                trace: digits(&span.trace_id),
                id: digits(&span.span_id),
                parent: digits(&span.parent_span_id),
                attributes: texts(span.attributes),
                took: Duration::from_nanos(took),
            });
        }
    }
    spans
}

fn texts(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: any_value::Value| match value {
        any_value::Value::StringValue(text) => text,
        any_value::Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let pair = |it: KeyValue| Some((it.key, text(it.value?.value?)));
    attributes.into_iter().filter_map(pair).collect()
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
