//! The wasmtime engine: pooled memory, time-slicing by epochs, and the cache of compiled
//! components.

use std::path::Path;
use std::thread;
use std::time::Duration;

use wasmtime::error::Context as _;
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result,
};

use crate::settings::Settings;

/// How often a computing guest is interrupted, so that the others and its time limit get a turn.
const TIME_SLICE: Duration = Duration::from_millis(10);

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
        start_ticker(&engine)?;
        Ok(Self { engine, cache })
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

/// Advances the engine's epoch until the engine is gone.
fn start_ticker(engine: &Engine) -> Result<()> {
    let engine = engine.weak();
    thread::Builder::new().name("epoch".to_owned()).spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TIME_SLICE);
        }
    })?;
    Ok(())
}
