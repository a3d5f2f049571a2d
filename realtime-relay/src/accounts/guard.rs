//! Looking again at the tokens of open sockets: at once when somebody says so, and now and then.

use super::{Accounts, Doubted};
use crate::database::stored;
use crate::lock::lock;
use shared::data::sql;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often where it is not.
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
        let told = tokio::time::timeout(pause, accounts.doubt.notified()).await.is_ok();
        let mut doubted = std::mem::take(&mut *lock(&accounts.doubted));
        doubted.everybody |= !told;
        let tickets = accounts.tickets(&doubted);
        for some in tickets.chunks(TOKENS) {
            if let Err(why) = accounts.check(some).await {
                tracing::debug!(%why, "tokens could not be checked");
                keep_doubting(&accounts, doubted).await;
                break;
            }
        }
    }
}

/// Writes down so often who has a socket open, for as long as the process runs.
pub async fn attend(accounts: Arc<Accounts>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let everybody = Doubted { everybody: true, ..Doubted::default() };
        for some in accounts.tickets(&everybody).chunks(TOKENS) {
            let (users, tokens): (Vec<i64>, Vec<&str>) = some
                .iter()
                .map(|(_, ticket)| (stored(ticket.claims.user_id), ticket.claims.jti.as_str()))
                .unzip();
            if let Err(why) = accounts.database.query(sql::TOUCH_USERS, &[&users, &tokens]).await {
                tracing::debug!(%why, "nobody knows who was there");
            }
        }
    }
}

async fn keep_doubting(accounts: &Accounts, doubted: Doubted) {
    tokio::time::sleep(RETRY).await;
    let mut all = lock(&accounts.doubted);
    all.everybody |= doubted.everybody;
    all.users.extend(doubted.users);
    drop(all);
    accounts.doubt.notify_one();
}
