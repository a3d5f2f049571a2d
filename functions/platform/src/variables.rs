//! The application's variables (docs/variables.md).

use crate::Failure;
use shared::settings;
use std::cell::RefCell;
use std::collections::BTreeMap;

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
/// 500 if it says none of its numbers; the log names the variable.
pub async fn number(name: &'static str) -> Result<u64, Failure> {
    settings::number(name, &get(name).await?).map_err(|fault| wrong(name, &fault))
}

/// The word that a variable says.
///
/// # Errors
/// 500 if it says none of its words; the log names the variable.
pub async fn word(name: &'static str) -> Result<String, Failure> {
    let value = get(name).await?;
    settings::word(name, &value).map(str::to_owned).map_err(|fault| wrong(name, &fault))
}

/// A variable has an invalid value.
#[must_use]
pub fn wrong(name: &str, fault: &str) -> Failure {
    Failure::internal(format_args!("variable {name}: {fault}"))
}
