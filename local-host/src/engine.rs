//! The wasmtime engine: pooled memory, time-slicing by epochs, and the cache of compiled
//! components.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use wasmtime::error::Context as _;
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result,
};

use crate::settings::Settings;

/// How often a computing guest is interrupted, so that the others and its time limit get a turn. A
/// request of others waits for every guest that computes once for each of its own steps (it is
/// accepted, starts, gets an answer from a database, …).
const TIME_SLICE: Duration = Duration::from_millis(1);

/// Core instances, memories and tables that a component may have: its own module and the small
/// adapters that the component model puts around it.
const CORE_INSTANCES_PER_COMPONENT: u32 = 16;
const MEMORIES_PER_COMPONENT: u32 = 2;
const TABLES_PER_COMPONENT: u32 = 8;

/// Elements of a table: function pointers, of which a large component has some ten thousand.
const TABLE_ELEMENTS: usize = 100_000;

/// The engine and the cache of what it compiled.
pub(crate) struct Compiler {
    /// Compiles and runs everything.
    pub(crate) engine: Engine,
    /// Counts what was found and what was not.
    pub(crate) cache: Cache,
    /// Interrupts guests.
    pub(crate) ticker: Ticker,
}

impl Compiler {
    /// An engine as `settings` want it, whose epoch a thread of its own advances.
    ///
    /// # Errors
    /// The cache folder cannot be made, or the machine lacks address space for the pool.
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let cache = open_cache(&settings.cache_dir)?;
        let mut config = Config::new();
        config
            .wasm_component_model_async(true)
            .epoch_interruption(true)
            .cache(Some(cache.clone()))
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(settings)));
        let engine = Engine::new(&config).context("the WASM engine cannot be started")?;
        let ticker = Ticker::start(&engine)?;
        Ok(Self { engine, cache, ticker })
    }
}

fn open_cache(directory: &Path) -> Result<Cache> {
    let mut config = CacheConfig::new();
    // The cache wants an absolute path, and the folder need not exist yet.
    let directory = std::path::absolute(directory)?;
    config.with_directory(directory.clone());
    Cache::new(config)
        .with_context(|| format!("the cache folder {} cannot be used", directory.display()))
}

/// Room for as many instances as there may be requests, and as many again that are idle or still
/// busy after their answer.
fn pool(settings: &Settings) -> PoolingAllocationConfig {
    let instances = settings.max_requests.saturating_mul(2);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(CORE_INSTANCES_PER_COMPONENT))
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .total_memories(instances)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_memory_size(settings.max_memory_bytes)
        .total_tables(instances.saturating_mul(2))
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .table_elements(TABLE_ELEMENTS)
        .total_stacks(instances.saturating_mul(2));
    pool
}

/// Advances the engine's epoch while there are instances.
#[derive(Clone)]
pub(crate) struct Ticker {
    instances: Arc<AtomicUsize>,
    thread: Thread,
}

/// Keeps the epoch advancing until it is dropped.
pub(crate) struct Ticking(Arc<AtomicUsize>);

impl Ticker {
    fn start(engine: &Engine) -> Result<Self> {
        let engine = engine.weak();
        let instances = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&instances);
        let thread = thread::Builder::new().name("epoch".to_owned()).spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(TIME_SLICE);
                while counted.load(Ordering::SeqCst) == 0 {
                    thread::park();
                }
            }
        })?;
        Ok(Self { instances, thread: thread.thread().clone() })
    }

    /// Counts an instance.
    pub(crate) fn tick(&self) -> Ticking {
        if self.instances.fetch_add(1, Ordering::SeqCst) == 0 {
            self.thread.unpark();
        }
        Ticking(Arc::clone(&self.instances))
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
