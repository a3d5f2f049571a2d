//! The clock and the randomness of the host.

use shared::auth::LinkToken;
use shared::auth::password::Salt;
use shared::models::Timestamp;
use spin_sdk::wasip3::clocks::monotonic_clock;
use spin_sdk::wasip3::random::random::get_random_u64;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

/// This moment.
#[must_use]
pub fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

/// 128 random bits in 32 hexadecimal digits.
#[must_use]
pub fn random_id() -> String {
    format!("{:016x}{:016x}", get_random_u64(), get_random_u64())
}

/// 128 random bits to hash a password with.
#[must_use]
pub fn random_salt() -> Salt {
    let bits = (u128::from(get_random_u64()) << 64) | u128::from(get_random_u64());
    bits.to_le_bytes()
}

/// A fresh link.
#[must_use]
pub fn random_link() -> LinkToken {
    LinkToken::new(random_bytes())
}

/// So many random bytes.
#[must_use]
pub fn random_bytes<const COUNT: usize>() -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    for chunk in bytes.chunks_mut(8) {
        chunk.copy_from_slice(&get_random_u64().to_le_bytes()[..chunk.len()]);
    }
    bytes
}

/// Lets others go on for this long.
pub async fn pause(time: Duration) {
    monotonic_clock::wait_for(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)).await;
}

/// What a future gives, if it does so in time. Where it does not it is dropped, which gives up what
/// the host was doing for it.
pub async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut end) = (pin!(work), pin!(pause(time)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}
