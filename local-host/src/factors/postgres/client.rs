//! One connection: its statements, what runs on it, and what was left behind on it.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::TryStreamExt as _;
use stores::postgres::Server;
use tokio::task::AbortHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, RowStream, Statement};

use super::effect::Effect;
use super::signatures::{MAX_STATEMENTS, Signature, Signatures};
use super::values::Parameter;

/// Takes back everything that a session may hold, except prepared statements: what `DISCARD ALL`
/// does without `DEALLOCATE ALL`, which would empty our cache, and `DISCARD PLANS`.
const RESET: &str = "
    CLOSE ALL;
    SET SESSION AUTHORIZATION DEFAULT;
    RESET ALL;
    UNLISTEN *;
    SELECT pg_advisory_unlock_all();
    DISCARD TEMP;
    DISCARD SEQUENCES;";

pub(super) struct Client {
    server: Arc<Server>,
    client: tokio_postgres::Client,
    driver: AbortHandle,
    statements: Statements,
    /// The worst that was left behind, as `Effect` has them.
    effect: AtomicU8,
    /// Whether somebody stopped waiting for a statement, which may still run.
    abandoned: AtomicBool,
}

/// How statements are sent to the server.
pub(super) enum Statements {
    /// By a name, which this session keeps: once prepared, they are planned once as well.
    Named(Mutex<HashMap<String, Prepared>>),
    /// Each time in whole, in the same message in which it is run. A session may be another's afterwards.
    Whole(Arc<Signatures>),
}

pub(super) struct Prepared {
    statement: Statement,
    effect: Effect,
}

/// What may become of a connection that nobody holds any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fitness {
    /// The next may have it.
    AsNew,
    /// The next may have it after a reset.
    Touched,
    /// Nobody may have it, and its statement must be ended.
    Busy,
    /// Nobody may have it.
    Closed,
}

/// A statement that runs; unless it is finished when this goes, the connection counts as busy.
#[must_use]
pub(super) struct Running<C: AsRef<Client>> {
    client: C,
    finished: bool,
}

impl<C: AsRef<Client>> Running<C> {
    /// A statement begins.
    pub(super) fn begin(client: C) -> Self {
        Self { client, finished: false }
    }

    /// Everything about it has arrived.
    pub(super) fn finish(mut self) {
        self.finished = true;
    }
}

impl<C: AsRef<Client>> Drop for Running<C> {
    fn drop(&mut self) {
        if !self.finished {
            self.client.as_ref().abandoned.store(true, Ordering::Relaxed);
        }
    }
}

impl Client {
    /// A connection to `server` just opened, which `driver` moves data for.
    pub(super) fn new(
        server: Arc<Server>,
        client: tokio_postgres::Client,
        driver: AbortHandle,
        statements: Statements,
    ) -> Self {
        Self {
            server,
            client,
            driver,
            statements,
            effect: AtomicU8::new(Effect::None as u8),
            abandoned: AtomicBool::new(false),
        }
    }

    /// Whether the server or the network closed it.
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// What may become of it now that nobody holds it.
    pub(super) fn fitness(&self) -> Fitness {
        if self.client.is_closed() {
            Fitness::Closed
        } else if self.abandoned.load(Ordering::Relaxed) {
            Fitness::Busy
        } else if self.left_behind(Effect::Lasting) {
            Fitness::Closed
        } else if self.left_behind(Effect::Session) {
            Fitness::Touched
        } else {
            Fitness::AsNew
        }
    }

    fn leave_behind(&self, effect: Effect) {
        self.effect.fetch_max(effect as u8, Ordering::Relaxed);
    }

    fn left_behind(&self, effect: Effect) -> bool {
        self.effect.load(Ordering::Relaxed) >= effect as u8
    }

    /// Makes it as new.
    ///
    /// # Errors
    /// It cannot be; then it must be closed.
    pub(super) async fn reset(&self) -> Result<(), Error> {
        self.client.batch_execute("ROLLBACK").await?;
        self.client.batch_execute(RESET).await?;
        self.effect.store(Effect::None as u8, Ordering::Relaxed);
        Ok(())
    }

    /// Asks the server to end what runs on it.
    pub(super) async fn cancel(&self) {
        // Whether that came in time or not: the connection is closed afterwards.
        let _ = self.server.cancel(self.client.cancel_token()).await;
    }

    /// Runs a statement for the number of its rows.
    ///
    /// # Errors
    /// The database refuses it, a parameter does not fit, or the connection is lost.
    pub(super) async fn execute(
        &self,
        statement: &str,
        parameters: &[Parameter],
    ) -> Result<u64, Error> {
        let mut rows = pin!(self.query(statement, parameters).await?);
        while rows.as_mut().try_next().await?.is_some() {}
        Ok(rows.rows_affected().unwrap_or(0))
    }

    /// Runs a statement for its rows.
    ///
    /// # Errors
    /// The same, as far as known before the first row.
    pub(super) async fn query(
        &self,
        statement: &str,
        parameters: &[Parameter],
    ) -> Result<RowStream, Error> {
        match &self.statements {
            Statements::Named(known) => self.query_named(known, statement, parameters).await,
            Statements::Whole(known) => self.query_whole(known, statement, parameters).await,
        }
    }

    /// A prepared statement that turns out to be outdated is prepared again, once: the tables
    /// changed, or the guest dropped it. The database says so before it does anything.
    async fn query_named(
        &self,
        statements: &Mutex<HashMap<String, Prepared>>,
        text: &str,
        parameters: &[Parameter],
    ) -> Result<RowStream, Error> {
        let lock = || statements.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(text).map(|known| (known.statement.clone(), known.effect));
        if let Some((known, effect)) = known {
            self.leave_behind(effect);
            let in_transaction = self.left_behind(Effect::Session);
            match self.client.query_raw(&known, borrow(parameters)).await {
                Err(error) if is_outdated(&error) => {
                    lock().remove(text);
                    if in_transaction {
                        return Err(error);
                    }
                }
                result => return result,
            }
        }
        let effect = Effect::of(text);
        self.leave_behind(effect);
        let statement = self.client.prepare(text).await?;
        if !is_of_one_request(text) {
            let mut statements = lock();
            if statements.len() >= MAX_STATEMENTS {
                statements.clear();
            }
            statements.insert(text.to_owned(), Prepared { statement: statement.clone(), effect });
        }
        self.client.query_raw(&statement, borrow(parameters)).await
    }

    async fn query_whole(
        &self,
        signatures: &Signatures,
        text: &str,
        parameters: &[Parameter],
    ) -> Result<RowStream, Error> {
        let signature = match signatures.get(text) {
            Some(known) => known,
            None if parameters.is_empty() => {
                Arc::new(Signature { types: Vec::new(), effect: Effect::of(text) })
            }
            None => {
                let signature = Arc::new(self.describe(text).await?);
                signatures.insert(text, Arc::clone(&signature));
                signature
            }
        };
        self.leave_behind(signature.effect);
        // One parameter too many or too few is for the database to refuse.
        let types = signature.types.iter().cloned().chain(std::iter::repeat(Type::UNKNOWN));
        let answer = self.client.query_typed_raw(text, borrow(parameters).zip(types)).await;
        if answer.as_ref().is_err_and(is_about_the_text) {
            signatures.forget(text);
        }
        answer
    }

    /// Asks the database what parameters a statement has, under a name that is gone before the session may be
    /// another's: when the transaction ends, the guest's or one for this alone.
    async fn describe(&self, text: &str) -> Result<Signature, Error> {
        let in_transaction = self.left_behind(Effect::Session);
        if !in_transaction {
            self.client.batch_execute("BEGIN").await?;
        }
        let types = self.client.prepare(text).await.map(|statement| statement.params().to_vec());
        if !in_transaction {
            self.client.batch_execute("ROLLBACK").await?;
        }
        Ok(Signature { types: types?, effect: Effect::of(text) })
    }
}

impl Drop for Client {
    /// Closes the connection at once, even where answers are still to come.
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Whether the statement ends in a comment, as one does that names its trace to the database
/// (sqlcommenter): it never comes again, and would drive out those that do.
fn is_of_one_request(text: &str) -> bool {
    text.trim_end().ends_with("*/")
}

fn borrow(parameters: &[Parameter]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    parameters.iter().map(|parameter| &**parameter as &(dyn ToSql + Sync))
}

/// Whether the text of a statement does not fit the database, or its values do not fit the text, any longer.
fn is_about_the_text(error: &Error) -> bool {
    error.as_db_error().is_none_or(|error| error.code().code().starts_with("42"))
}

/// Whether the database says that a prepared statement is no longer good.
fn is_outdated(error: &Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*error.code() == SqlState::FEATURE_NOT_SUPPORTED
                && error.routine() == Some("RevalidateCachedQuery"))
    })
}
