//! PostgreSQL through the host: one statement a call, its rows, and its errors as failures.

use crate::{Call, Failure, sqlstate, to_json, variables};
use serde::Serialize;
use spin_sdk::pg::{Connection, DbValue, Error, PgError, QueryError};
use std::time::Instant;

pub use spin_sdk::pg::ParameterValue as Parameter;

/// A row of an answer. Its columns are read by their place; SQL gives only texts, whole numbers
/// and truth values (times and documents as text).
#[derive(Debug)]
pub struct Row(Vec<DbValue>);

impl Row {
    /// A text that is there.
    ///
    /// # Errors
    /// 500 if the statement gives something else: it does not fit its caller then.
    pub fn text(&self, column: usize) -> Result<&str, Failure> {
        match self.0.get(column) {
            Some(DbValue::Str(text)) => Ok(text),
            other => Err(misfit(column, "text", other)),
        }
    }

    /// A text that may be null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn optional_text(&self, column: usize) -> Result<Option<&str>, Failure> {
        match self.0.get(column) {
            Some(DbValue::DbNull) => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// A whole number that is there.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn integer(&self, column: usize) -> Result<i64, Failure> {
        match self.0.get(column) {
            Some(DbValue::Int64(number)) => Ok(*number),
            Some(DbValue::Int32(number)) => Ok(i64::from(*number)),
            other => Err(misfit(column, "a whole number", other)),
        }
    }

    /// A whole number that is not negative.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn number(&self, column: usize) -> Result<u64, Failure> {
        u64::try_from(self.integer(column)?).map_err(Failure::internal)
    }

    /// A whole number that is not negative, or null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn optional_number(&self, column: usize) -> Result<Option<u64>, Failure> {
        match self.0.get(column) {
            Some(DbValue::DbNull) => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    /// A truth value that is there.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn truth(&self, column: usize) -> Result<bool, Failure> {
        match self.0.get(column) {
            Some(DbValue::Boolean(truth)) => Ok(*truth),
            other => Err(misfit(column, "a boolean", other)),
        }
    }
}

/// The value itself is not included: it may be a secret.
fn misfit(column: usize, expected: &str, found: Option<&DbValue>) -> Failure {
    let found = if found.is_some() { "another type" } else { "nothing" };
    Failure::internal(format_args!("column {column} of a result: expected {expected}, got {found}"))
}

/// Runs a statement and gives all of its rows.
///
/// # Errors
/// 503 if no database is configured, or it is unavailable; else what [`sqlstate`] makes of its error.
pub async fn query(
    call: &Call,
    statement: &'static str,
    parameters: Vec<Parameter>,
) -> Result<Vec<Row>, Failure> {
    let url = url().await?;
    let start = Instant::now();
    let rows = match call.trace() {
        // As sqlcommenter writes it. Only then: a text of its own is a statement to be prepared.
        Some(trace) => {
            let commented = format!("{statement} /*traceparent='{}'*/", trace.as_str());
            run(url, &commented, parameters).await
        }
        None => run(url, statement, parameters).await,
    };
    call.took("pg", start.elapsed());
    rows.map_err(failure)
}

/// Runs a statement that gives one row or none.
///
/// # Errors
/// As [`query`].
pub async fn query_one(
    call: &Call,
    statement: &'static str,
    parameters: Vec<Parameter>,
) -> Result<Option<Row>, Failure> {
    Ok(query(call, statement, parameters).await?.into_iter().next())
}

/// A number as a parameter.
///
/// # Errors
/// 500 if it is out of the database's range, which no id of ours is.
pub fn number(number: u64) -> Result<Parameter, Failure> {
    i64::try_from(number).map(Parameter::Int64).map_err(Failure::internal)
}

/// Numbers as parameters.
///
/// # Errors
/// As [`number`].
pub fn numbers(numbers: impl IntoIterator<Item = u64>) -> Result<Vec<Parameter>, Failure> {
    numbers.into_iter().map(number).collect()
}

/// A number or null as a parameter.
///
/// # Errors
/// As [`number`].
pub fn optional_number(number: Option<u64>) -> Result<Parameter, Failure> {
    number.map_or(Ok(Parameter::DbNull), self::number)
}

/// A text as a parameter.
#[must_use]
pub fn text(text: &str) -> Parameter {
    Parameter::Str(text.to_owned())
}

/// A text or null as a parameter.
#[must_use]
pub fn optional_text(text: Option<&str>) -> Parameter {
    text.map_or(Parameter::DbNull, self::text)
}

/// A value as a parameter, in JSON.
///
/// # Errors
/// As [`to_json`].
pub fn json(value: &impl Serialize) -> Result<Parameter, Failure> {
    to_json(value).map(Parameter::Str)
}

/// Where the database is.
///
/// # Errors
/// 503 that says how to get one, where none is configured.
pub async fn url() -> Result<String, Failure> {
    let url = variables::get("database_url").await?;
    if url.is_empty() { Err(Failure::not_configured("database_url")) } else { Ok(url) }
}

async fn run(url: String, statement: &str, parameters: Vec<Parameter>) -> Result<Vec<Row>, Error> {
    // The connection is given back to the host's pool when this returns.
    let connection = Connection::open(url).await?;
    let mut result = connection.query(statement, parameters).await?;
    let mut rows = Vec::new();
    while let Some(row) = result.rows().next().await {
        rows.push(Row(row));
    }
    result.result().await?;
    Ok(rows)
}

fn failure(error: Error) -> Failure {
    match error {
        Error::PgError(PgError::QueryFailed(QueryError::DbError(error))) => {
            sqlstate::failure(&error.code, &error.message, error.detail.as_deref())
        }
        Error::PgError(
            PgError::ConnectionFailed(cause)
            | PgError::Other(cause)
            | PgError::QueryFailed(QueryError::Text(cause)),
        ) => sqlstate::unavailable(format_args!("postgresql: {cause}")),
        Error::PgError(PgError::BadParameter(cause) | PgError::ValueConversionFailed(cause))
        | Error::Decode(cause) => Failure::internal(format_args!("postgresql: {cause}")),
    }
}
