//! Traces by OpenTelemetry: spans to a collector over OTLP/HTTP (protobuf), where the environment names
//! one. A collector that is unavailable or slow delays nobody: a limited number of spans wait, and the others are dropped
//! and counted.

use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_otlp::SpanExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider, Span as SdkSpan,
    SpanData, SpanExporter, SpanProcessor,
};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;

/// The header that carries a trace.
pub const TRACEPARENT: &str = "traceparent";

/// How many spans wait for the collector at most, those that are being sent included.
const MOST_WAITING: usize = 2_048;

/// How long the last spans may take when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The variables that name the collector: for traces, or for everything.
const ENDPOINTS: [(&str, &str); 2] = [
    ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL"),
];

/// The ways to choose what is followed.
const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

/// Why no traces can be sent as the environment says.
#[derive(Debug, thiserror::Error)]
pub enum Misconfigured {
    /// A variable says what cannot be done.
    #[error("{0} {1}")]
    Variable(&'static str, &'static str),
    /// Anything else that the exporter minds.
    #[error("OTEL_EXPORTER_OTLP_…: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
}

/// Sends spans.
#[derive(Debug)]
pub struct Traces {
    tracer: SdkTracer,
    provider: SdkTracerProvider,
    propagator: TraceContextPropagator,
    counts: Arc<Counts>,
}

/// What became of ended spans.
#[derive(Debug, Default)]
struct Counts {
    waiting: AtomicUsize,
    exported: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
    failing: AtomicBool,
}

/// How many spans ended so far, by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcomes {
    /// The collector has them.
    pub exported: u64,
    /// The collector did not take them.
    pub failed: u64,
    /// There was no room for them to wait.
    pub dropped: u64,
}

/// A span that has begun; it ends when it is dropped.
#[derive(Debug)]
pub struct Span(SdkSpan);

impl Traces {
    /// What the environment says (`OTEL_EXPORTER_OTLP_ENDPOINT` and the like); `None` if it names no
    /// collector or says `OTEL_SDK_DISABLED=true`. Needs the runtime that it is called in.
    ///
    /// # Errors
    /// A variable says what this program does not do.
    pub fn from_environment(service: &'static str) -> Result<Option<Self>, Misconfigured> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let disabled = variable("OTEL_SDK_DISABLED")
            .is_some_and(|it| it.eq_ignore_ascii_case("true"))
            || variable("OTEL_TRACES_EXPORTER").is_some_and(|it| it == "none");
        let named = ENDPOINTS.iter().find_map(|(name, _)| Some((*name, variable(name)?)));
        let Some((name, endpoint)) = named.filter(|_| !disabled) else { return Ok(None) };
        if !endpoint.to_ascii_lowercase().starts_with("http://") {
            let why = "must begin with http://: spans go to a collector on this machine or in this \
                       network, which forwards them over TLS";
            return Err(Misconfigured::Variable(name, why));
        }
        for (_, name) in ENDPOINTS {
            if variable(name).is_some_and(|protocol| protocol != "http/protobuf") {
                return Err(Misconfigured::Variable(name, "must be http/protobuf"));
            }
        }
        if variable("OTEL_TRACES_SAMPLER").is_some_and(|it| !SAMPLERS.contains(&&*it)) {
            let why =
                "must be always_on, always_off or traceidratio, or one of these after parentbased_";
            return Err(Misconfigured::Variable("OTEL_TRACES_SAMPLER", why));
        }
        let ratio = variable("OTEL_TRACES_SAMPLER_ARG").map(|ratio| ratio.parse::<f64>());
        if ratio.is_some_and(|ratio| !ratio.is_ok_and(|ratio| (0.0..=1.0).contains(&ratio))) {
            let why = "must be a number from 0 to 1";
            return Err(Misconfigured::Variable("OTEL_TRACES_SAMPLER_ARG", why));
        }
        let inner = OtlpExporter::builder().with_http().build()?;
        let counts = Arc::<Counts>::default();
        let exporter = Counting {
            inner: Arc::new(inner),
            runtime: Handle::current(),
            counts: Arc::clone(&counts),
        };
        let queue = BatchConfigBuilder::default().with_max_queue_size(MOST_WAITING).build();
        let next = BatchSpanProcessor::builder(exporter).with_batch_config(queue).build();
        let resource = Resource::builder();
        let resource = match variable("OTEL_SERVICE_NAME") {
            Some(_) => resource,
            None => resource.with_service_name(service),
        };
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_span_processor(Bounded { next, counts: Arc::clone(&counts) })
            .build();
        let tracer = provider.tracer(service);
        Ok(Some(Self { tracer, provider, propagator: TraceContextPropagator::new(), counts }))
    }

    /// Begins the span of a request, in the trace of its `traceparent` where that is good.
    #[must_use]
    pub fn server(&self, name: String, traceparent: Option<&str>) -> Span {
        let span = self.tracer.span_builder(name).with_kind(SpanKind::Server);
        Span(span.start_with_context(&self.tracer, &self.parent(traceparent)))
    }

    /// The span of something that began at this moment, as a part of the trace of this `traceparent`, and
    /// ends now. If that is malformed there is no span.
    pub fn passed_on(
        &self,
        name: &'static str,
        traceparent: &str,
        began: SystemTime,
        numbers: impl IntoIterator<Item = (&'static str, u64)>,
    ) {
        let parent = self.parent(Some(traceparent));
        if parent.span().span_context().is_valid() {
            let span = self.tracer.span_builder(name).with_kind(SpanKind::Consumer);
            let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
            let numbers = numbers.into_iter();
            let attributes = numbers.map(|(name, value)| KeyValue::new(name, number(value)));
            let span = span.with_start_time(began).with_attributes(attributes);
            span.start_with_context(&self.tracer, &parent).end();
        }
    }

    fn parent(&self, traceparent: Option<&str>) -> Context {
        let carrier: HashMap<String, String> = traceparent
            .map(|traceparent| (TRACEPARENT.to_owned(), traceparent.to_owned()))
            .into_iter()
            .collect();
        self.propagator.extract_with_context(&Context::new(), &carrier)
    }

    /// What became of the spans so far.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes {
        let Counts { exported, failed, dropped, .. } = &*self.counts;
        let [exported, failed, dropped] =
            [exported, failed, dropped].map(|count| count.load(Ordering::Relaxed));
        Outcomes { exported, failed, dropped }
    }

    /// Sends what waits, for two seconds at most.
    pub async fn end(&self) {
        let provider = self.provider.clone();
        // A collector that is unavailable by then gets nothing more.
        let _ =
            tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST_WORDS)).await;
    }
}

impl Span {
    /// What hands the trace on: a `traceparent` of this span, which says whether it is followed.
    #[must_use]
    pub fn traceparent(&self) -> String {
        let context: &SpanContext = self.0.span_context();
        let (trace, span) = (context.trace_id(), context.span_id());
        format!("00-{trace}-{span}-0{}", u8::from(context.is_sampled()))
    }

    /// Tells more of it.
    pub fn tell(&mut self, name: &'static str, value: impl Into<Value>) {
        self.0.set_attribute(KeyValue::new(name, value));
    }

    /// It went wrong by a fault of ours.
    pub fn failed(&mut self) {
        self.0.set_status(Status::error(""));
    }
}

/// Lets this many spans wait, and counts those for which there is no room.
#[derive(Debug)]
struct Bounded {
    next: BatchSpanProcessor,
    counts: Arc<Counts>,
}

impl SpanProcessor for Bounded {
    fn on_start(&self, span: &mut SdkSpan, context: &Context) {
        self.next.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if self.counts.waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING {
            self.next.on_end(span);
        } else {
            self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.next.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.next.set_resource(resource);
    }
}

/// Sends by the runtime, not by the thread that collects spans, and counts what was sent.
#[derive(Debug)]
struct Counting {
    inner: Arc<OtlpExporter>,
    runtime: Handle,
    counts: Arc<Counts>,
}

impl SpanExporter for Counting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let (spans, inner) = (batch.len(), Arc::clone(&self.inner));
        let sent = self.runtime.spawn(async move { inner.export(batch).await }).await;
        let result =
            sent.unwrap_or_else(|error| Err(OTelSdkError::InternalFailure(error.to_string())));
        let Counts { waiting, exported, failed, failing, .. } = &*self.counts;
        waiting.fetch_sub(spans, Ordering::Relaxed);
        let count = if result.is_ok() { exported } else { failed };
        count.fetch_add(spans as u64, Ordering::Relaxed);
        match (&result, failing.swap(result.is_err(), Ordering::Relaxed)) {
            (Err(error), false) => tracing::warn!(%error, "the collector accepts no spans"),
            (Ok(()), true) => tracing::info!("the collector accepts spans again"),
            _ => {}
        }
        result
    }

    fn set_resource(&mut self, resource: &Resource) {
        // Nobody else has it before the first span.
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.set_resource(resource);
        }
    }
}
