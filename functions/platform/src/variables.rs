//! The application's variables (docs/variables.md).

use crate::Failure;

/// The value of a variable.
///
/// # Errors
/// 500 where the component has no such variable: the manifest is wrong then.
pub async fn get(name: &'static str) -> Result<String, Failure> {
    spin_sdk::variables::get(name)
        .await
        .map_err(|error| Failure::internal(format_args!("variable {name}: {error:?}")))
}
