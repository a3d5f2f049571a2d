//! Turns: how many requests may run at once, of everybody and of one client's address, and which of them
//! do. So no client makes all others wait, whatever its requests wait for.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How many addresses are remembered before those without a request are looked for.
const REMEMBERED: usize = 1024;

/// The bits of an IPv6 address that distinguish the customers of a provider.
const IPV6_NETWORK: u128 = !0 << 64;

/// The turns of a server.
pub(crate) struct Turns {
    most: u32,
    free: Arc<Semaphore>,
    of_addresses: Option<Addresses>,
    holders: Arc<Holders>,
}

/// The ids of the requests that have a turn.
#[derive(Default)]
struct Holders(Mutex<Vec<Arc<str>>>);

/// The turns of each address; they live as long as a request of it waits or runs.
struct Addresses {
    most: usize,
    known: Mutex<HashMap<IpAddr, Weak<Semaphore>>>,
}

/// A request's turn, until it is dropped.
pub(crate) struct Turn {
    request_id: Arc<str>,
    holders: Arc<Holders>,
    _of_address: Option<OwnedSemaphorePermit>,
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// For this many requests at once, and this many of one address, if that matters.
    pub(crate) fn new(most: u32, of_one_address: Option<usize>) -> Self {
        let free = Arc::new(Semaphore::new(most as usize));
        let of_addresses = of_one_address.map(Addresses::new);
        Self { most, free, of_addresses, holders: Arc::default() }
    }

    /// A turn for this request of a client; `None` if none became free in time. It waits among the
    /// requests of its address first, where it is in nobody else's way.
    pub(crate) async fn take(
        &self,
        request_id: &Arc<str>,
        client: IpAddr,
        patience: Duration,
    ) -> Option<Turn> {
        let permits = async {
            let of_address = match &self.of_addresses {
                Some(addresses) => Some(addresses.of(client).acquire_owned().await.ok()?),
                None => None,
            };
            Some((of_address, Arc::clone(&self.free).acquire_owned().await.ok()?))
        };
        let (of_address, permit) = timeout(patience, permits).await.ok()??;
        self.holders.lock().push(Arc::clone(request_id));
        let (request_id, holders) = (Arc::clone(request_id), Arc::clone(&self.holders));
        Some(Turn { request_id, holders, _of_address: of_address, _permit: permit })
    }

    /// Waits until no request has one.
    pub(crate) async fn ended(&self) {
        let _ = self.free.acquire_many(self.most).await;
    }

    /// How many requests have one.
    pub(crate) fn taken(&self) -> usize {
        (self.most as usize).saturating_sub(self.free.available_permits())
    }

    /// The ids of the requests that have one, separated by spaces.
    pub(crate) fn holders(&self) -> String {
        self.holders.lock().join(" ")
    }
}

impl Addresses {
    fn new(most: usize) -> Self {
        Self { most, known: Mutex::default() }
    }

    fn of(&self, client: IpAddr) -> Arc<Semaphore> {
        let address = customer(client);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = known.get(&address).and_then(Weak::upgrade) {
            return turns;
        }
        if known.len() >= REMEMBERED {
            known.retain(|_, turns| turns.strong_count() > 0);
        }
        let turns = Arc::new(Semaphore::new(self.most));
        known.insert(address, Arc::downgrade(&turns));
        turns
    }
}

impl Holders {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut holders = self.holders.lock();
        if let Some(place) = holders.iter().position(|id| Arc::ptr_eq(id, &self.request_id)) {
            let _ = holders.swap_remove(place);
        }
    }
}

/// Whose address it is: of IPv6 everybody has a whole network of them.
pub(crate) fn customer(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn limit_host_turns_an_address_is_forgotten_with_its_last_request() {
        let turns = Turns::new(10, Some(1));
        let id = Arc::from("id");
        let take = |client: IpAddr| turns.take(&id, client, Duration::ZERO);
        let first: IpAddr = [192, 0, 2, 1].into();
        let kept = take(first).await.unwrap();
        for number in 0..4 * u32::try_from(REMEMBERED).unwrap() {
            assert!(take(number.to_be_bytes().into()).await.is_some());
            let known = turns.of_addresses.as_ref().unwrap().known.lock().unwrap().len();
            assert!(known <= REMEMBERED);
        }
        assert!(take(first).await.is_none(), "its first request still runs");
        drop(kept);
        assert!(take(first).await.is_some());
    }
}
