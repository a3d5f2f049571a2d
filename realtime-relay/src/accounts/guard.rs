//! Checking the tokens of open sockets again: at once when they may have changed, and at intervals.

use super::{Accounts, ToRecheck};
use crate::database::stored;
use crate::lock::lock;
use shared::data::sql;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often all tokens are checked while the control feed cannot be read.
const ALERT: Duration = Duration::from_secs(1);
/// How long to wait after a failure.
const RETRY: Duration = Duration::from_millis(200);
/// Tokens, or users, in one statement.
const TOKENS: usize = 2_000;

/// Guards for as long as the process runs.
pub async fn guard(accounts: Arc<Accounts>) {
    loop {
        let readable = accounts.readable.load(Ordering::Relaxed);
        let pause = if readable { accounts.calm } else { ALERT.mul_f64(0.8) };
        let told = tokio::time::timeout(pause, accounts.recheck_wanted.notified()).await.is_ok();
        let mut to_recheck = std::mem::take(&mut *lock(&accounts.to_recheck));
        to_recheck.everybody |= !told;
        let tickets = accounts.tickets(&to_recheck);
        for some in tickets.chunks(TOKENS) {
            if let Err(why) = accounts.check(some).await {
                tracing::debug!(%why, "tokens could not be checked");
                recheck_later(&accounts, to_recheck).await;
                break;
            }
        }
    }
}

/// Records at this interval who has a socket open, for as long as the process runs.
pub async fn record_attendance(accounts: Arc<Accounts>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let everybody = ToRecheck { everybody: true, ..ToRecheck::default() };
        for some in accounts.tickets(&everybody).chunks(TOKENS) {
            let (users, tokens): (Vec<i64>, Vec<&str>) = some
                .iter()
                .map(|(_, ticket)| (stored(ticket.claims.user_id), ticket.claims.jti.as_str()))
                .unzip();
            if let Err(why) = accounts.database.query(sql::TOUCH_USERS, &[&users, &tokens]).await {
                tracing::debug!(%why, "who was online could not be recorded");
            }
        }
    }
}

async fn recheck_later(accounts: &Accounts, to_recheck: ToRecheck) {
    tokio::time::sleep(RETRY).await;
    let mut all = lock(&accounts.to_recheck);
    all.everybody |= to_recheck.everybody;
    all.users.extend(to_recheck.users);
    drop(all);
    accounts.recheck_wanted.notify_one();
}
