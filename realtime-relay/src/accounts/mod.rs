//! Who may do what: tokens, the sockets opened with them, membership of boards, and when all of that ends.

mod activity;
mod guard;

pub use activity::Activity;
pub use guard::{guard, record_attendance};

use crate::connection::Connection;
use crate::database::{Database, Parameter, field, number, stored};
use crate::lock::lock;
use crate::metrics::Metrics;
use crate::unavailable::Unavailable;
use shared::auth::{ApiToken, Claims, Keys, Refused};
use shared::data::sql;
use shared::models::{BoardId, Role, Timestamp, UserId};
use shared::protocol::CloseCode;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;
use tokio::time::Instant;

/// Everything about accounts that the sockets share.
pub struct Accounts {
    keys: Keys,
    database: Arc<Database>,
    metrics: Arc<Metrics>,
    activity: Arc<Activity>,
    /// Sockets of one user at most.
    limit: usize,
    /// How often all tokens are checked while the control feed is read: the feed has the changes, and
    /// this finds what was changed in the database without an entry there.
    calm: Duration,
    sockets: Mutex<HashMap<UserId, HashMap<u64, Ticket>>>,
    /// Whose tokens are to be checked again now.
    to_recheck: Mutex<ToRecheck>,
    recheck_wanted: Notify,
    /// Whether the control feed is followed.
    readable: AtomicBool,
}

#[derive(Debug, Default)]
struct ToRecheck {
    everybody: bool,
    users: BTreeSet<UserId>,
}

/// A socket and the token that it was opened with.
#[derive(Clone)]
struct Ticket {
    /// `None` while the answer to its request is being found.
    connection: Option<Arc<Connection>>,
    claims: Arc<Claims>,
    /// The token was revoked before there was a connection.
    revoked: bool,
}

/// A socket's entry among those of its user; dropped with the session.
pub struct Registration {
    accounts: Arc<Accounts>,
    connection: u64,
    claims: Arc<Claims>,
}

impl Accounts {
    /// Without users; `limits` are the most sockets of one user, and how often all tokens are checked
    /// without a notice of a change.
    #[must_use]
    pub fn new(
        keys: Keys,
        database: Arc<Database>,
        activity: Arc<Activity>,
        metrics: Arc<Metrics>,
        limits: (usize, Duration),
    ) -> Arc<Self> {
        let (limit, calm) = limits;
        Arc::new(Self {
            keys,
            database,
            metrics,
            activity,
            limit,
            calm,
            sockets: Mutex::default(),
            to_recheck: Mutex::default(),
            recheck_wanted: Notify::new(),
            readable: AtomicBool::new(false),
        })
    }

    /// The claims of a token that we signed and that has not expired. Whether it was revoked is another
    /// question; of an API token nothing is known before that is answered ([`Accounts::current_claims`]).
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, token: &str) -> Result<Claims, Refused> {
        if ApiToken::is_meant(token) {
            let token = ApiToken::parse(token).ok_or(Refused::Malformed)?;
            return Ok(Claims::of_api_token(&token));
        }
        Claims::verify(token, &self.keys, now())
    }

    /// The admins' feed of everything.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Whether the user may have one more socket.
    #[must_use]
    pub fn has_room(&self, user: UserId) -> bool {
        lock(&self.sockets).get(&user).is_none_or(|of_user| of_user.len() < self.limit)
    }

    /// Makes a socket known by its number as its user's, before its token is looked up: a revocation
    /// that happens meanwhile finds it. `None` if the user has as many sockets as they may.
    #[must_use]
    pub fn register(self: &Arc<Self>, connection: u64, claims: Claims) -> Option<Registration> {
        let claims = Arc::new(claims);
        let mut sockets = lock(&self.sockets);
        let of_user = sockets.entry(claims.user_id).or_default();
        if of_user.len() >= self.limit {
            return None;
        }
        let ticket = Ticket { connection: None, claims: Arc::clone(&claims), revoked: false };
        of_user.insert(connection, ticket);
        drop(sockets);
        Some(Registration { accounts: Arc::clone(self), connection, claims })
    }

    /// The claims of a token that is still valid, for an API token completed from the database; `None`
    /// if it is not valid.
    ///
    /// # Errors
    /// [`Unavailable`] where PostgreSQL did not answer for a while.
    pub async fn current_claims(&self, claims: &Claims) -> Result<Option<Claims>, Unavailable> {
        let (user, generation) = (stored(claims.user_id), claims.generation());
        let parameters: [&dyn Parameter; 3] = [&user, &generation, &claims.jti];
        let rows = self.database.query_patiently(sql::CHECK_TOKEN, &parameters).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let ends: Option<i64> = field(row, 1)?;
        let ends = ends.map(|ends| u64::try_from(ends).unwrap_or_default());
        Ok(Some(claims.clone().with_details(field(row, 0)?, ends)))
    }

    /// The board's newest event, as of which the token's user is a member of it; `None` for strangers, and
    /// for an API token that does not see the board.
    ///
    /// # Errors
    /// [`Unavailable`] where PostgreSQL did not answer for a while.
    pub async fn membership(
        &self,
        claims: &Claims,
        board: BoardId,
    ) -> Result<Option<u64>, Unavailable> {
        let (user, generation) = (stored(claims.user_id), claims.generation());
        let board = stored(board.get());
        let parameters: [&dyn Parameter; 4] = [&user, &board, &generation, &claims.jti];
        let rows = self.database.query_patiently(sql::WATCH_BOARD, &parameters).await?;
        rows.first().map(|row| number(row, 0)).transpose()
    }

    /// Whether a token is valid and its user is an admin now.
    ///
    /// # Errors
    /// [`Unavailable`] where PostgreSQL did not answer for a while.
    pub async fn is_admin(&self, claims: &Claims) -> Result<bool, Unavailable> {
        Ok(self.roles(&[claims]).await?.contains(&Some(Role::Admin)))
    }

    /// Tokens of this user may no longer be valid.
    pub fn recheck(&self, user: UserId) {
        lock(&self.to_recheck).users.insert(user);
        self.recheck_wanted.notify_one();
    }

    /// Any token may no longer be valid.
    pub fn recheck_all(&self) {
        lock(&self.to_recheck).everybody = true;
        self.recheck_wanted.notify_one();
    }

    /// Whether the control feed, which has the revoked tokens, can be read now.
    pub fn control_is_readable(&self, readable: bool) {
        if self.readable.swap(readable, Ordering::Relaxed) != readable {
            self.recheck_all();
        }
    }

    /// The role of each token's user now; `None` if the token is no longer valid.
    async fn roles(&self, claims: &[&Claims]) -> Result<Vec<Option<Role>>, Unavailable> {
        let users: Vec<i64> = claims.iter().map(|claims| stored(claims.user_id)).collect();
        let generations: Vec<i64> = claims.iter().map(|claims| claims.generation()).collect();
        let jtis: Vec<&str> = claims.iter().map(|claims| claims.jti.as_str()).collect();
        let rows = self
            .database
            .query_patiently(sql::CHECK_TOKENS, &[&users, &generations, &jtis])
            .await?;
        let mut roles = vec![None; claims.len()];
        for row in &rows {
            let place = usize::try_from(number(row, 0)?).unwrap_or_default();
            if let Some(role) = place.checked_sub(1).and_then(|index| roles.get_mut(index)) {
                *role = Role::parse(field(row, 1)?);
            }
        }
        Ok(roles)
    }

    /// Closes the sockets among these whose token is no longer valid.
    async fn check(&self, tickets: &[(u64, Ticket)]) -> Result<(), Unavailable> {
        let claims: Vec<&Claims> = tickets.iter().map(|(_, ticket)| &*ticket.claims).collect();
        let roles = self.roles(&claims).await?;
        for ((id, ticket), role) in tickets.iter().zip(roles) {
            match (role, &ticket.connection) {
                (Some(Role::User), Some(connection)) => self.activity.remove(connection),
                (None, _) => self.revoke(*id, &ticket.claims),
                (Some(_), _) => {}
            }
        }
        Ok(())
    }

    /// Ends the socket with this number, unless it has a newer token by now.
    fn revoke(&self, id: u64, claims: &Arc<Claims>) {
        let mut sockets = lock(&self.sockets);
        let of_user = sockets.get_mut(&claims.user_id);
        let known = of_user.and_then(|of_user| of_user.get_mut(&id));
        let Some(ticket) = known.filter(|known| Arc::ptr_eq(&known.claims, claims)) else { return };
        ticket.revoked = true;
        let connection = ticket.connection.clone();
        drop(sockets);
        self.metrics.revoked.add(1);
        if let Some(connection) = connection {
            connection.request_close(CloseCode::Unauthorized);
        }
    }

    fn tickets(&self, to_recheck: &ToRecheck) -> Vec<(u64, Ticket)> {
        let sockets: MutexGuard<'_, HashMap<UserId, HashMap<u64, Ticket>>> = lock(&self.sockets);
        let users: Vec<_> = if to_recheck.everybody {
            sockets.values().collect()
        } else {
            to_recheck.users.iter().filter_map(|user| sockets.get(user)).collect()
        };
        let tickets = users.into_iter().flatten();
        tickets.map(|(id, ticket)| (*id, ticket.clone())).collect()
    }
}

impl Registration {
    #[must_use]
    pub fn claims(&self) -> &Arc<Claims> {
        &self.claims
    }

    /// Whose socket it is.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.claims.user_id
    }

    /// The accounts that it is registered with.
    #[must_use]
    pub fn accounts(&self) -> &Arc<Accounts> {
        &self.accounts
    }

    /// This is the socket. It is closed if its token was revoked before it was there.
    pub fn attach(&self, connection: &Arc<Connection>) {
        let mut sockets = lock(&self.accounts.sockets);
        let of_user = sockets.get_mut(&self.claims.user_id);
        let ticket = of_user.and_then(|of_user| of_user.get_mut(&self.connection));
        let revoked = ticket.is_some_and(|ticket| {
            ticket.connection = Some(Arc::clone(connection));
            ticket.revoked
        });
        drop(sockets);
        if revoked {
            connection.request_close(CloseCode::Unauthorized);
        }
    }

    /// The socket has another token of the same user now.
    pub fn renew(&mut self, claims: Claims) {
        self.claims = Arc::new(claims);
        let mut sockets = lock(&self.accounts.sockets);
        let of_user = sockets.get_mut(&self.claims.user_id);
        if let Some(ticket) = of_user.and_then(|of_user| of_user.get_mut(&self.connection)) {
            ticket.claims = Arc::clone(&self.claims);
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut sockets = lock(&self.accounts.sockets);
        let Some(of_user) = sockets.get_mut(&self.claims.user_id) else { return };
        let ticket = of_user.remove(&self.connection);
        if of_user.is_empty() {
            sockets.remove(&self.claims.user_id);
        }
        drop(sockets);
        if let Some(connection) = ticket.and_then(|ticket| ticket.connection) {
            self.accounts.activity.remove(&connection);
        }
    }
}

/// When a token ends, on the clock of deadlines.
#[must_use]
pub fn ends_at(claims: &Claims) -> Instant {
    let left = claims.expires_at().milliseconds() - now().milliseconds();
    // A month at most where tokens are ours; the cap keeps the clock from overflowing.
    let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
    Instant::now() + left.min(Duration::from_secs(365 * 24 * 60 * 60))
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
