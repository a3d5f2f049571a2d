//! The scale of the scenarios.

/// The scale: `STRESS_SCALE`, 1 in CI.
///
/// # Panics
/// If it is not a number above 0.
#[must_use]
pub fn scale() -> f64 {
    let Ok(text) = std::env::var("STRESS_SCALE") else { return 1.0 };
    let scale = text.parse().expect("STRESS_SCALE: a number");
    assert!(scale > 0.0, "STRESS_SCALE must be above 0");
    scale
}

/// This number at the current scale, at least one.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers, times something positive"
)]
pub fn scaled(count: usize) -> usize {
    ((count as f64 * scale()).round() as usize).max(1)
}
