//! The application's variables (docs/variables.md).

use crate::Failure;
use std::ops::RangeInclusive;

/// The value of a variable.
///
/// # Errors
/// 500 where the component has no such variable: the manifest is wrong then.
pub async fn get(name: &'static str) -> Result<String, Failure> {
    spin_sdk::variables::get(name)
        .await
        .map_err(|error| Failure::internal(format_args!("variable {name}: {error:?}")))
}

/// The number that a variable says.
///
/// # Errors
/// 500 where it says none of these numbers; the log names the variable.
pub async fn number(name: &'static str, range: RangeInclusive<u64>) -> Result<u64, Failure> {
    let value = get(name).await?.parse().ok().filter(|number| range.contains(number));
    value.ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        Failure::internal(format_args!("variable {name}: must be a number from {least} to {most}"))
    })
}
