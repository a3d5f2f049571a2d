//! The application's variables (docs/variables.md).

use crate::Failure;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

thread_local! {
    /// What was read already. An instance lives for some hundred requests at the most, so one that the
    /// host's provider changes soon counts.
    static READ: RefCell<BTreeMap<&'static str, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// The value of a variable, which the host is asked for once an instance.
///
/// # Errors
/// 500 if the component has no such variable: the manifest is wrong then.
pub async fn get(name: &'static str) -> Result<String, Failure> {
    if let Some(value) = READ.with_borrow(|read| read.get(name).cloned()) {
        return Ok(value);
    }
    let value = spin_sdk::variables::get(name)
        .await
        .map_err(|error| Failure::internal(format_args!("variable {name}: {error:?}")))?;
    READ.with_borrow_mut(|read| read.insert(name, value.clone()));
    Ok(value)
}

/// The number that a variable says.
///
/// # Errors
/// 500 if it says none of these numbers; the log names the variable.
pub async fn number(name: &'static str, range: RangeInclusive<u64>) -> Result<u64, Failure> {
    let value = get(name).await?.parse().ok().filter(|number| range.contains(number));
    value.ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        Failure::internal(format_args!("variable {name}: must be a number from {least} to {most}"))
    })
}
