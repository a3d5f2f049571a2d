//! The numbers as Prometheus reads them (text format, version 0.0.4).

use std::fmt::{Debug, Error, Formatter};
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, MetricEncoder, NoLabelSet,
    prometheus_text,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;
use telemetry::process::Process;
use telemetry::traces::Outcomes;

use super::component::{METHODS, STATUSES};
use super::{ComponentMetrics, Metrics, Outcome, Store};

/// What holds at the moment, and is measured rather than counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    /// Requests that have a turn.
    pub(crate) running: usize,
    /// Open connections of clients, and the bytes of bodies that wait in memory for them.
    pub(crate) connections: usize,
    /// See above.
    pub(crate) buffered_bytes: usize,
    /// Connections that were closed to make room.
    pub(crate) made_room: u64,
    /// Connections to PostgreSQL that guests hold, and that nobody does.
    pub(crate) postgres: (usize, usize),
    /// Connections to Redis that one guest holds, and that all share.
    pub(crate) redis: (usize, usize),
    /// Spans that have ended.
    pub(crate) spans: Outcomes,
}

/// All of it, as `/metrics` shows it. Reads files of `/proc`.
pub(crate) fn text(
    metrics: Arc<Metrics>,
    components: Vec<Arc<ComponentMetrics>>,
    moment: Moment,
) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Everything { metrics, components, moment }));
    let mut text = String::with_capacity(64 << 10);
    // Writing to a string cannot fail.
    let _ = prometheus_text::encode(&mut text, &registry);
    text
}

struct Everything {
    metrics: Arc<Metrics>,
    components: Vec<Arc<ComponentMetrics>>,
    moment: Moment,
}

impl Debug for Everything {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Everything").finish_non_exhaustive()
    }
}

impl Collector for Everything {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let mut families = Families(encoder);
        self.requests(&mut families)?;
        self.instances(&mut families)?;
        self.stores(&mut families)?;
        self.host(&mut families)?;
        process(&mut families)
    }
}

impl Everything {
    /// The components, and the entry for requests of none.
    fn all(&self) -> impl Iterator<Item = &ComponentMetrics> {
        self.components.iter().map(AsRef::as_ref).chain([&self.metrics.unrouted])
    }

    fn requests(&self, families: &mut Families<'_>) -> Result<(), Error> {
        // All series of a component that was asked, so that the first fault is a rise and no beginning.
        let asked = || self.all().filter(|component| component.times.count() > 0);
        let answered = asked().flat_map(|component| {
            let methods = METHODS.iter().zip(&component.requests);
            methods.flat_map(move |(method, statuses)| {
                STATUSES.iter().zip(statuses).map(move |(status, count)| {
                    (
                        [("component", &*component.id), ("method", method), ("status", status)],
                        count.get(),
                    )
                })
            })
        });
        families.counters(
            "local_host_requests",
            "Answered requests; `component` is empty for those that no component answered.",
            answered,
        )?;
        let mut times = families.family(
            "local_host_request_seconds",
            "Seconds from a request's headers to its response's.",
            MetricType::Histogram,
        )?;
        for component in asked() {
            let labels = [("component", &*component.id)];
            component.times.encode(times.encode_family(&labels)?)?;
        }
        let moment = &self.moment;
        families.gauge(
            "local_host_requests_running",
            "Requests that are being handled.",
            moment.running as f64,
        )?;
        families.gauge(
            "local_host_requests_waiting",
            "Requests that wait to be handled.",
            self.metrics.waiting.get() as f64,
        )?;
        families.counter(
            "local_host_requests_without_turn",
            "Requests that waited in vain to be handled.",
            self.metrics.without_turn.get() as f64,
        )
    }

    fn instances(&self, families: &mut Families<'_>) -> Result<(), Error> {
        let of = |component: &Arc<ComponentMetrics>| component.id.clone();
        let instances = self
            .components
            .iter()
            .map(|component| ([("component", of(component))], component.instances.get() as f64));
        families.gauges("local_host_instances", "Instances, busy or idle.", instances)?;
        let traps = self.components.iter().map(|it| ([("component", of(it))], it.traps.get()));
        families.counters("local_host_traps", "Instances that ended with a trap.", traps)?;
        let late = self.components.iter().map(|it| ([("component", of(it))], it.timeouts.get()));
        families.counters("local_host_timeouts", "Requests that exceeded their time limit.", late)
    }

    fn stores(&self, families: &mut Families<'_>) -> Result<(), Error> {
        let used = || {
            let each = |component: &'_ Arc<ComponentMetrics>| {
                let component = Arc::clone(component);
                Store::ALL.into_iter().map(move |store| (Arc::clone(&component), store))
            };
            let all = self.components.iter().flat_map(each);
            all.filter(|(component, store)| component.store(*store).times.count() > 0)
        };
        let calls = used().flat_map(|(component, store)| {
            Outcome::ALL.into_iter().map(move |outcome| {
                let labels = [
                    ("component", component.id.clone()),
                    ("store", store.label().to_owned()),
                    ("outcome", outcome.label().to_owned()),
                ];
                (labels, component.store(store).outcomes[outcome as usize].get())
            })
        });
        families.counters("local_host_store_calls", "Calls to stores and other hosts.", calls)?;
        let mut times = families.family(
            "local_host_store_call_seconds",
            "Seconds that a call to a store or another host took, until the start of its response.",
            MetricType::Histogram,
        )?;
        for (component, store) in used() {
            let labels = [("component", &*component.id), ("store", store.label())];
            component.store(store).times.encode(times.encode_family(&labels)?)?;
        }
        let ((held, idle), (own, shared)) = (self.moment.postgres, self.moment.redis);
        let connections = [
            ("postgresql", "held", held),
            ("postgresql", "idle", idle),
            ("redis", "held", own),
            ("redis", "shared", shared),
        ];
        let connections = connections
            .into_iter()
            .map(|(store, state, count)| ([("store", store), ("state", state)], count as f64));
        families.gauges(
            "local_host_pool_connections",
            "Connections to stores: held by one guest, idle, or shared by all.",
            connections,
        )
    }

    fn host(&self, families: &mut Families<'_>) -> Result<(), Error> {
        let moment = &self.moment;
        families.gauge(
            "local_host_connections",
            "Open connections of clients.",
            moment.connections as f64,
        )?;
        families.gauge(
            "local_host_buffered_bytes",
            "Bytes of bodies that wait in memory.",
            moment.buffered_bytes as f64,
        )?;
        families.counter(
            "local_host_connections_closed",
            "Connections that were closed to make room.",
            moment.made_room as f64,
        )?;
        let loaded = self.metrics.loaded.get();
        let from = loaded
            .into_iter()
            .flat_map(|loaded| [("compiled", loaded.compiled), ("cache", loaded.from_cache)]);
        families.gauges(
            "local_host_components",
            "Components, by where their machine code came from at startup.",
            from.map(|(from, count)| ([("from", from)], count as f64)),
        )?;
        families.gauge(
            "local_host_load_seconds",
            "Seconds that loading the components took.",
            loaded.map_or(0.0, |loaded| loaded.took.as_secs_f64()),
        )?;
        let Outcomes { exported, failed, dropped } = moment.spans;
        let spans = [("exported", exported), ("failed", failed), ("dropped", dropped)];
        families.counters(
            "local_host_spans",
            "Spans of traced requests, by outcome.",
            spans.map(|(outcome, count)| ([("outcome", outcome)], count)),
        )?;
        families.gauges(
            "local_host_build_info",
            "The running program: always 1, with its version as a label.",
            [([("version", env!("CARGO_PKG_VERSION"))], 1.0)],
        )
    }
}

/// What every program of this kind shows of its process, by the names of Prometheus's own clients.
fn process(families: &mut Families<'_>) -> Result<(), Error> {
    let now = Process::now();
    let whole = |number: Option<u64>| number.map(|number| number as f64);
    for (name, help, value) in [
        ("process_resident_memory_bytes", "Memory in use.", whole(now.resident_bytes)),
        ("process_open_fds", "Open files and sockets.", whole(now.open_files)),
        ("process_max_fds", "The limit of open files and sockets.", whole(now.max_files)),
        (
            "process_start_time_seconds",
            "When the process started, in seconds since 1970.",
            now.started.map(|time| time.as_secs_f64()),
        ),
    ] {
        if let Some(value) = value {
            families.gauge(name, help, value)?;
        }
    }
    match now.on_processor {
        Some(time) => {
            families.counter("process_cpu_seconds", "CPU time, in seconds.", time.as_secs_f64())
        }
        None => Ok(()),
    }
}

/// Writes one family after the other.
struct Families<'a>(DescriptorEncoder<'a>);

impl Families<'_> {
    fn family<'s>(
        &'s mut self,
        name: &'s str,
        help: &str,
        kind: MetricType,
    ) -> Result<MetricEncoder<'s>, Error> {
        self.0.encode_descriptor(name, help, None, kind)
    }

    fn counter(&mut self, name: &str, help: &str, value: f64) -> Result<(), Error> {
        let mut family = self.family(name, help, MetricType::Counter)?;
        family.encode_counter::<NoLabelSet, _, f64>(&value, None)
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) -> Result<(), Error> {
        self.family(name, help, MetricType::Gauge)?.encode_gauge(&value)
    }

    fn counters<L: EncodeLabelSet>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (L, u64)>,
    ) -> Result<(), Error> {
        let mut family = self.family(name, help, MetricType::Counter)?;
        for (labels, value) in samples {
            let mut sample = family.encode_family(&labels)?;
            sample.encode_counter::<NoLabelSet, _, f64>(&value, None)?;
        }
        Ok(())
    }

    fn gauges<L: EncodeLabelSet>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (L, f64)>,
    ) -> Result<(), Error> {
        let mut family = self.family(name, help, MetricType::Gauge)?;
        for (labels, value) in samples {
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }
}
