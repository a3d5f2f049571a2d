//! The clock and the randomness of the host.

use shared::models::Timestamp;
use spin_sdk::wasip3::random::random::get_random_u64;
use std::time::SystemTime;

/// This moment.
pub(crate) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

/// 128 random bits in 32 hexadecimal digits.
pub(crate) fn random_id() -> String {
    format!("{:016x}{:016x}", get_random_u64(), get_random_u64())
}
