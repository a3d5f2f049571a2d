//! Chance that can be had again: every test that rolls dice tells its seed.

use fastrand::Rng;

/// Dice of a fresh seed, or of the one in the environment's `TEST_SEED`. A failing test's output
/// tells it.
///
/// # Panics
/// When `TEST_SEED` is not a number.
#[must_use]
pub fn dice() -> Rng {
    let chosen = std::env::var("TEST_SEED").ok();
    let seed = chosen.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("a number"));
    eprintln!("TEST_SEED={seed} rolls the same dice");
    Rng::with_seed(seed)
}
