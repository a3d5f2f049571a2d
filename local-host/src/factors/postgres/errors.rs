//! Errors as guests see them, in the structure that the interface gives them.

use stores::describe;
use tokio_postgres::error::DbError as Reported;

use crate::bindings::spin::postgres::postgres::{DbError, Error, QueryError};

/// The error of a statement: what the database said, part by part, or why it said nothing.
pub(super) fn query_failed(error: &tokio_postgres::Error) -> Error {
    Error::QueryFailed(match error.as_db_error() {
        None => QueryError::Text(describe(error)),
        Some(reported) => QueryError::DbError(DbError {
            // The same form as in Spin, for components that look into it.
            as_text: format!("{error:?}"),
            severity: reported.severity().to_owned(),
            code: reported.code().code().to_owned(),
            message: reported.message().to_owned(),
            detail: reported.detail().map(str::to_owned),
            extras: extras(reported),
        }),
    })
}

/// The error of a statement that has no structure.
pub(super) fn query_failed_text(text: String) -> Error {
    Error::QueryFailed(QueryError::Text(text))
}

/// Everything that the interface has no field for, under the names that Spin gives them.
fn extras(error: &Reported) -> Vec<(String, String)> {
    let line = error.line().map(|line| line.to_string());
    let extras = [
        ("column", error.column()),
        ("constraint", error.constraint()),
        ("routine", error.routine()),
        ("hint", error.hint()),
        ("table", error.table()),
        ("datatype", error.datatype()),
        ("schema", error.schema()),
        ("file", error.file()),
        ("line", line.as_deref()),
        ("where_", error.where_()),
    ];
    let named = |(name, value): (&str, Option<&str>)| Some((name.to_owned(), value?.to_owned()));
    extras.into_iter().filter_map(named).collect()
}
