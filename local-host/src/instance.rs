//! An instance of a component: what it holds, how it is made, and when it ends.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use local_host_wasi::State;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::{Sleep, sleep};
use wasmtime::component::GuestTaskId;
use wasmtime::{ResourceLimiter, Result, Store, StoreContextMut, UpdateDeadline};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ProxyPre, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};

use crate::engine::Ticking;
use crate::factors::standard_streams::LogStream;
use crate::factors::{key_value, outbound_http, postgres, redis, variables};
use crate::failure::{Failure, Listener};
use crate::host::Shared;
use crate::metrics::{Counted, Store as Outside};
use crate::turns::Turn;

/// What this host adds to the state of an instance.
pub(crate) struct InstanceState {
    shared: Arc<Shared>,
    memory: MemoryLimit,
    _ticking: Ticking,
    _counted: Counted,
}

impl InstanceState {
    /// What `spin:variables` needs.
    pub(crate) fn variables(state: &mut State) -> variables::View<'_> {
        let (_, Self { shared, .. }) = state.own();
        variables::View(&shared.variables)
    }

    /// What the key-value interfaces need.
    pub(crate) fn key_value(state: &mut State) -> key_value::View<'_> {
        let (table, Self { shared, .. }) = state.own();
        let Shared { key_value_stores: allowed, metrics, host, .. } = &**shared;
        let calls = metrics.store(Outside::KeyValue);
        key_value::View { table, stores: &host.stores, allowed, calls }
    }

    /// What `spin:redis` needs.
    pub(crate) fn redis(state: &mut State) -> redis::View<'_> {
        let (table, Self { shared, .. }) = state.own();
        let Shared { id, allowed_hosts, metrics, host, .. } = &**shared;
        redis::View {
            table,
            component: id,
            allowed: allowed_hosts,
            servers: &host.redis,
            faults: &host.faults,
            calls: metrics.store(Outside::Redis),
        }
    }

    /// What `spin:postgres` needs.
    pub(crate) fn postgres(state: &mut State) -> postgres::View<'_> {
        let (table, Self { shared, .. }) = state.own();
        let Shared { id, allowed_hosts: allowed, metrics, host, .. } = &**shared;
        let calls = metrics.store(Outside::Postgres);
        postgres::View { table, component: id, allowed, pools: &host.postgres, calls }
    }

    /// The state of a new instance.
    fn state(shared: &Arc<Shared>, outgrown: &Arc<AtomicBool>) -> Result<State> {
        let host = &shared.host;
        let mut wasi = WasiCtxBuilder::new();
        wasi.stdout(LogStream::new(&shared.id, "stdout"))
            .stderr(LogStream::new(&shared.id, "stderr"))
            .envs(&shared.environment);
        for (folder, guest_path) in &shared.mounts.folders {
            wasi.preopened_dir(folder, guest_path, FsPerms::ReadOnly)?;
        }
        let hooks = outbound_http::Hooks {
            component: Arc::clone(&shared.id),
            allowed: Arc::clone(&shared.allowed_hosts),
            client: host.client.clone(),
            own_address: host.own_address.clone(),
            calls: Arc::clone(shared.metrics.store(Outside::Http)),
        };
        let memory = MemoryLimit {
            component: Arc::clone(&shared.id),
            max_bytes: host.limits.max_memory_bytes,
            outgrown: Arc::clone(outgrown),
        };
        let own = Self {
            shared: Arc::clone(shared),
            memory,
            _ticking: host.ticker.tick(),
            _counted: Counted::by(&shared.metrics.instances),
        };
        Ok(State::new(wasi.build(), hooks, own))
    }
}

/// An instance whose memory has grown beyond this gets no more requests: memory of a guest never
/// shrinks, and one hashed password (19 MiB) would be kept by every instance that ever hashed one.
const MAX_KEPT_BYTES: usize = 8 << 20;

/// Lets an instance's memory grow up to a limit.
struct MemoryLimit {
    component: Arc<str>,
    max_bytes: usize,
    /// Whether it has grown beyond what is kept.
    outgrown: Arc<AtomicBool>,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        let allowed = desired <= self.max_bytes;
        if !allowed {
            let limit = self.max_bytes;
            tracing::warn!(component = %self.component, desired, limit, "refused more memory");
        }
        if desired > MAX_KEPT_BYTES {
            self.outgrown.store(true, Ordering::Relaxed);
        }
        Ok(allowed)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        // The pool has a fixed size for every table.
        Ok(true)
    }
}

/// What a request brings along into the instance that answers it.
pub(crate) struct RequestData {
    /// Its id, for the log.
    pub(crate) request_id: Arc<str>,
    /// Its turn, held until the guest is done with it.
    pub(crate) turn: Arc<Turn>,
    /// Told why the instance ended, if it ends before the request is through.
    pub(crate) listener: oneshot::Sender<Arc<Failure>>,
}

/// Makes the instances of one component.
pub(crate) struct Factory {
    /// The component, linked with everything that it imports.
    pub(crate) pre: ProxyPre<State>,
    /// What its instances share.
    pub(crate) shared: Arc<Shared>,
}

impl HandlerState for Factory {
    type StoreData = State;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> Result<Instance<State, Expiration, Worker>> {
        let limits = &self.shared.host.limits;
        let outgrown = Arc::<AtomicBool>::default();
        let state = InstanceState::state(&self.shared, &outgrown)?;
        let mut store = Store::new(&self.shared.host.engine, state);
        store.limiter(|state| &mut state.own::<InstanceState>().1.memory);
        // Each slice of computing ends at the next epoch. The guest then goes on when all others had
        // a turn, those included for whom something came in meanwhile: tokio looks at its sockets
        // before it goes back to who yields so. What ends it for good is the expiration below.
        store
            .epoch_deadline_callback(|_| Ok(UpdateDeadline::YieldCustom(1, Box::pin(yield_now()))));
        let proxy = self.pre.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy,
            view: State::http,
            expiration: Expiration {
                idle: limits.idle_timeout,
                request: limits.request_timeout,
                post_return: limits.post_return_timeout,
                sleep: None,
            },
            state: Worker {
                shared: Arc::clone(&self.shared),
                outgrown,
                listeners: Mutex::default(),
            },
        })
    }
}

/// Says when an instance has had its time, even while its guest computes without a pause.
pub(crate) struct Expiration {
    idle: Duration,
    request: Duration,
    post_return: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        let limit = match status {
            WorkerStatus::Idle => self.idle,
            WorkerStatus::Requests => self.request,
            WorkerStatus::PostReturn => self.post_return,
        };
        let deadline = tokio::time::Instant::from_std(start + limit);
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        // Each request changes the deadline three times. A timer that rings too early, once in a while,
        // costs less than setting it as often.
        if sleep.deadline() > deadline {
            sleep.as_mut().reset(deadline);
        }
        loop {
            ready!(sleep.as_mut().poll(context));
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
    }
}

/// Decides how many requests an instance takes and reports how it ended.
pub(crate) struct Worker {
    shared: Arc<Shared>,
    outgrown: Arc<AtomicBool>,
    /// Those of its requests that may still want to know how the instance ended.
    listeners: Mutex<Vec<Listener>>,
}

impl WorkerState for Worker {
    type StoreData = State;
    type RequestData = RequestData;

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        let limits = &self.shared.host.limits;
        if total >= limits.max_instance_requests || self.outgrown.load(Ordering::Relaxed) {
            ShouldAccept::Never
        } else if concurrent >= limits.max_instance_concurrency {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, State>,
        data: RequestData,
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        let RequestData { request_id, turn, listener } = data;
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(Listener::is_listening);
        listeners.push(Listener { request_id, report: listener });
        let limit = self.shared.host.limits.request_timeout;
        // The guest goes on when its client has hung up, so its turn is held in here.
        Box::pin(async move {
            let _turn = turn;
            sleep(limit).await;
        })
    }

    fn drop(&self, store: Store<State>, result: Result<()>) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        let listeners = std::mem::take(&mut *listeners);
        if let Err(error) = result {
            let failure = Failure::of_instance(&error);
            if matches!(failure, Failure::Trapped { .. }) {
                self.shared.metrics.traps.inc();
            }
            failure.report(&self.shared.id, listeners);
        }
        drop(store);
    }
}
