//! Reproducible randomness: every random test prints its seed.

use fastrand::Rng;

/// A generator with a fresh seed, or with that in the environment variable `TEST_SEED`. A failing
/// test prints it.
///
/// # Panics
/// If `TEST_SEED` is not a number.
#[must_use]
pub fn dice() -> Rng {
    let chosen = std::env::var("TEST_SEED").ok();
    let seed = chosen.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("a number"));
    eprintln!("TEST_SEED={seed} rolls the same dice");
    Rng::with_seed(seed)
}
