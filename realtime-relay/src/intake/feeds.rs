//! Tailing the feeds: one blocking connection over those of the shards whose boards are watched, and
//! the control feed; in a cluster, where one command cannot read keys of two slots, one for each
//! of these feeds. It never begins at `$` but after an entry that it remembers, so that nothing between
//! two reads is missed.

use crate::accounts::Accounts;
use crate::connection::Connection;
use crate::event;
use crate::hub::Hub;
use crate::metrics::{Metrics, Store};
use crate::redis::Shards;
use crate::redis::entries::{Entry, Id, entries, streams};
use crate::redis::link::{connect_to, find, unavailable};
use crate::stream::RedisStream;
use crate::unavailable::Unavailable;
use futures::future::join_all;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Value, cmd};
use shared::data::keys;
use shared::models::BoardId;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How long Redis may block while nothing comes.
const BLOCK: Duration = VERIFY_EVERY;
/// How often the positions are compared with the feeds, whether something comes or not: one feed may be
/// lost, and count its ids from an earlier time on, while others are read.
const VERIFY_EVERY: Duration = Duration::from_secs(2);
/// After this no answer is expected any more.
const SILENCE: Duration = Duration::from_secs(10);
/// Entries of each feed in one read.
const ENTRIES: usize = 512;
/// How long to wait after a failure, doubled each time up to the longest.
const FIRST_RETRY: Duration = Duration::from_millis(50);
const LONGEST_RETRY: Duration = Duration::from_secs(1);
/// How often a read that has to end early is unblocked.
const UNBLOCK_EVERY: Duration = Duration::from_millis(5);

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Feed {
    /// Of what ends sockets.
    Control,
    /// Of a shard's events.
    Shard(u64),
}

impl Feed {
    fn key(self) -> String {
        match self {
            Self::Control => keys::CONTROL_FEED.to_owned(),
            Self::Shard(shard) => keys::feed(shard),
        }
    }
}

/// What is read over one connection.
struct Tail {
    /// The feeds that it may follow.
    feeds: Vec<Feed>,
    source: Arc<RedisStream>,
    hub: Arc<Hub<Connection>>,
    accounts: Arc<Accounts>,
    /// Notified of mails to be sent.
    mail: Arc<Notify>,
    metrics: Arc<Metrics>,
    /// The last entry read of each feed that is followed.
    places: BTreeMap<Feed, Id>,
}

/// Follows the feeds for as long as the process runs.
pub async fn tail(
    source: Arc<RedisStream>,
    hub: Arc<Hub<Connection>>,
    accounts: Arc<Accounts>,
    mail: Arc<Notify>,
    metrics: Arc<Metrics>,
) {
    let all = || std::iter::once(Feed::Control).chain((0..keys::SHARDS).map(Feed::Shard));
    let mut warned = false;
    let topology = loop {
        match find(source.servers(), &metrics).await {
            Ok(topology) => break topology,
            Err(why) if !warned => {
                tracing::warn!(%why, "the feeds cannot be read; trying again");
                warned = true;
            }
            Err(_) => {}
        }
        accounts.control_is_readable(false);
        tokio::time::sleep(LONGEST_RETRY).await;
    };
    let together: Vec<Vec<Feed>> = if topology.is_cluster() {
        all().map(|feed| vec![feed]).collect()
    } else {
        vec![all().collect()]
    };
    let tails = together.into_iter().map(|feeds| Tail {
        feeds,
        source: Arc::clone(&source),
        hub: Arc::clone(&hub),
        accounts: Arc::clone(&accounts),
        mail: Arc::clone(&mail),
        metrics: Arc::clone(&metrics),
        places: BTreeMap::new(),
    });
    join_all(tails.map(Tail::run)).await;
}

impl Tail {
    /// Follows its feeds for as long as the process runs.
    async fn run(mut self) {
        let mut wanted = self.source.wanted();
        let mut retry = FIRST_RETRY;
        loop {
            while self.chosen(*wanted.borrow_and_update()).next().is_none() {
                self.places.clear();
                self.report_progress();
                if wanted.changed().await.is_err() {
                    return;
                }
            }
            let mut reached = false;
            let Err(why) = self.follow(&mut wanted, &mut reached).await else {
                retry = FIRST_RETRY;
                continue;
            };
            if self.feeds.contains(&Feed::Control) {
                self.accounts.control_is_readable(false);
                self.source.remove_other_types().await;
            }
            self.metrics.store_failed(Store::Redis);
            if reached {
                retry = FIRST_RETRY;
            }
            if retry == FIRST_RETRY {
                tracing::warn!(%why, "the feeds cannot be read; trying again");
            }
            tokio::time::sleep(retry.mul_f64(0.75 + fastrand::f64() / 2.0)).await;
            retry = (retry * 2).min(LONGEST_RETRY);
        }
    }

    /// Those of its feeds that are wanted where these shards are.
    fn chosen(&self, shards: Shards) -> impl Iterator<Item = Feed> {
        self.feeds.iter().copied().filter(move |feed| match feed {
            Feed::Control => true,
            Feed::Shard(shard) => shards & (1 << shard) != 0,
        })
    }

    /// Reads until something breaks, or nothing is wanted any more.
    async fn follow(
        &mut self,
        wanted: &mut watch::Receiver<Shards>,
        reached: &mut bool,
    ) -> Result<(), Unavailable> {
        let Some(first) = self.feeds.first().map(|feed| feed.key()) else { return Ok(()) };
        let mut connection = connect_to(self.source.servers(), &first, &self.metrics).await?;
        let id: i64 = ask(&mut connection, cmd("CLIENT").arg("ID")).await?;
        self.verify(&mut connection).await?;
        let mut verified_at = Instant::now();
        loop {
            let shards = *wanted.borrow_and_update();
            self.choose(shards, &mut connection).await?;
            self.report_progress();
            if self.places.is_empty() {
                return Ok(());
            }
            if self.places.contains_key(&Feed::Control) {
                self.accounts.control_is_readable(true);
            }
            if !std::mem::replace(reached, true) {
                tracing::info!("the feeds are followed");
            }
            let answer = self.read(&mut connection, id, wanted).await?;
            self.handle_entries(&answer);
            if verified_at.elapsed() >= VERIFY_EVERY {
                self.verify(&mut connection).await?;
                verified_at = Instant::now();
            }
        }
    }

    /// Follows those of its feeds that are wanted where these shards are.
    async fn choose(
        &mut self,
        shards: Shards,
        connection: &mut MultiplexedConnection,
    ) -> Result<(), Unavailable> {
        let chosen: Vec<Feed> = self.chosen(shards).collect();
        self.places.retain(|feed, _| chosen.contains(feed));
        for feed in chosen {
            if !self.places.contains_key(&feed) {
                self.begin(feed, connection).await?;
            }
        }
        Ok(())
    }

    /// Reports how far the feeds have been read.
    fn report_progress(&self) {
        for feed in &self.feeds {
            if let Feed::Shard(shard) = *feed {
                self.source.is_read_up_to(shard, self.places.get(feed).map(|place| place.0));
            }
        }
    }

    /// Begins behind a feed's newest entry; what came before that is read elsewhere.
    async fn begin(
        &mut self,
        feed: Feed,
        connection: &mut MultiplexedConnection,
    ) -> Result<(), Unavailable> {
        let newest = newest(feed, connection).await?;
        self.places.insert(feed, newest);
        match feed {
            Feed::Control => {
                self.accounts.recheck_all();
                self.mail.notify_one();
            }
            Feed::Shard(shard) => self.hub.check_where(|board| keys::shard(board) == shard),
        }
        Ok(())
    }

    /// Whether the feeds still hold the entries that are remembered. Where one does not, it was
    /// trimmed past it or emptied: it is begun again.
    async fn verify(&mut self, connection: &mut MultiplexedConnection) -> Result<(), Unavailable> {
        let places: Vec<_> = self.places.iter().map(|(feed, place)| (*feed, *place)).collect();
        for (feed, place) in places {
            let known = if place == Id::default() {
                // Nothing was there, so anything that is there now is still to be read.
                true
            } else {
                let mut range = cmd("XRANGE");
                range.arg(feed.key()).arg(place.to_string()).arg(place.to_string());
                let answer: Value = ask(connection, &range).await?;
                entries(&answer).next().is_some()
            };
            if !known {
                tracing::warn!(feed = feed.key(), "a feed lost what was read of it; checking");
                self.metrics.feeds_restarted.add(1);
                self.begin(feed, connection).await?;
            }
        }
        Ok(())
    }

    /// One blocking read, which ends early when other feeds are wanted.
    async fn read(
        &self,
        connection: &mut MultiplexedConnection,
        id: i64,
        wanted: &mut watch::Receiver<Shards>,
    ) -> Result<Value, Unavailable> {
        let mut read = cmd("XREAD");
        read.arg("COUNT").arg(ENTRIES).arg("BLOCK").arg(BLOCK.as_millis() as u64).arg("STREAMS");
        self.places.keys().for_each(|feed| {
            read.arg(feed.key());
        });
        self.places.values().for_each(|place| {
            read.arg(place.to_string());
        });
        let answer = async {
            let answer = tokio::time::timeout(SILENCE, ask(connection, &read)).await;
            answer.map_err(|_| Unavailable("Redis stopped answering".to_owned()))?
        };
        tokio::pin!(answer);
        tokio::select! {
            biased;
            // First, so that the read is on its way before it can be unblocked.
            answer = &mut answer => return answer,
            changed = wanted.changed() => {
                changed.map_err(|_| Unavailable("the relay is shutting down".to_owned()))?;
            }
        }
        loop {
            // It may not have begun to block yet, so once is not always enough.
            let unblock = async {
                let sent = self.unblock(id).await;
                tokio::time::sleep(UNBLOCK_EVERY).await;
                sent
            };
            tokio::select! {
                answer = &mut answer => return answer,
                sent = unblock => { sent?; }
            }
        }
    }

    /// Unblocks this connection's read, on the server that has its feeds.
    async fn unblock(&self, id: i64) -> Result<(), Unavailable> {
        let redis = self.source.link.lease().await?;
        let Some(first) = self.feeds.first().map(|feed| feed.key()) else { return Ok(()) };
        let mut unblock = cmd("CLIENT");
        redis.ask_beside(&first, unblock.arg("UNBLOCK").arg(id)).await
    }

    /// Passes entries on.
    fn handle_entries(&mut self, answer: &Value) {
        for (key, list) in streams(answer) {
            let Some(feed) = self.places.keys().find(|feed| feed.key() == key).copied() else {
                continue;
            };
            for entry in entries(list) {
                match feed {
                    Feed::Control => self.take_control(&entry),
                    Feed::Shard(_) => self.take_event(&entry),
                }
                self.places.insert(feed, entry.id);
            }
        }
    }

    fn take_control(&self, entry: &Entry<'_>) {
        if let Some(user) = entry.number("user") {
            tracing::debug!(user, reason = entry.field("reason"), "checking a user's tokens");
            self.accounts.recheck(user);
        }
        if entry.field("mail").is_some() {
            self.mail.notify_one();
        }
    }

    fn take_event(&self, entry: &Entry<'_>) {
        self.metrics.feed_entries.add(1);
        let Some(board) = entry.number("board").and_then(BoardId::new) else { return };
        let Some(epoch) = self.source.epoch_state.trusted() else {
            // It may be from before a restore: PostgreSQL is asked whether it is.
            return self.hub.check_where(|other| other == board);
        };
        if !self.hub.watches(board) {
            return;
        }
        match entry.field("event").map(event::encode_spaced) {
            Some(Ok((of, mut event))) if of == board => {
                event.published = Some(entry.id.0);
                let offered = self.hub.offer(board, &epoch, event);
                self.metrics.fed(offered);
            }
            _ => {
                tracing::warn!(%board, entry = %entry.id, "an entry of a feed is not an event");
                self.hub.check_where(|other| other == board);
            }
        }
    }
}

/// The id of a feed's newest entry; 0-0 if there is none.
async fn newest(feed: Feed, connection: &mut MultiplexedConnection) -> Result<Id, Unavailable> {
    let mut range = cmd("XREVRANGE");
    range.arg(feed.key()).arg("+").arg("-").arg("COUNT").arg(1);
    let answer: Value = ask(connection, &range).await?;
    Ok(entries(&answer).next().map(|entry| entry.id).unwrap_or_default())
}

async fn ask<T: redis::FromRedisValue>(
    connection: &mut MultiplexedConnection,
    command: &Cmd,
) -> Result<T, Unavailable> {
    let answer = tokio::time::timeout(SILENCE, command.query_async(connection)).await;
    let answer = answer.map_err(|_| Unavailable("Redis stopped answering".to_owned()))?;
    answer.map_err(|error| unavailable(&error))
}
