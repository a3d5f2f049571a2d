//! A whole board, read from the cache where it has it, else from PostgreSQL, which fills the cache.

use crate::redis::{self, Script, Value};
use crate::{Answer, Call, Failure, HeaderName, StatusCode, postgres};
use shared::auth::Claims;
use shared::data::document::{Document, NotADocument};
use shared::data::{keys, scripts, sql};
use shared::models::{BoardId, Seq};
use shared::problem::ProblemKind;
use shared::validation::Invalid;

static READ: Script = Script::new(scripts::DOCUMENT_READ);
static FILL: Script = Script::new(scripts::DOCUMENT_FILL);

impl From<NotADocument> for Failure {
    fn from(error: NotADocument) -> Self {
        Self::internal(error)
    }
}

/// There is no such board, or none that the caller may know of (404).
#[must_use]
pub fn unknown_board() -> Failure {
    Failure::refused(ProblemKind::NotFound, "There is no such board.")
}

/// There is no such task, or none that the caller may know of (404).
#[must_use]
pub fn unknown_task() -> Failure {
    Failure::refused(ProblemKind::NotFound, "There is no such task, or no such board.")
}

/// The board as its member sees it; 304 where they have it already. It has seen event `least`.
///
/// # Errors
/// 404 for strangers; 422 where the board has not come to `least` yet; 503 where PostgreSQL is away.
pub async fn read(
    call: &Call,
    claims: &Claims,
    board: BoardId,
    least: Seq,
) -> Result<Answer, Failure> {
    let cached = match cached(call, board).await {
        Ok(values) => values,
        Err(failure) => {
            failure.log(call.request_id());
            Vec::new()
        }
    };
    let texts: Vec<&str> = cached.iter().map(String::as_str).collect();
    if let Ok(Some(document)) = Document::from_cache(&texts)
        && document.seq() >= least
    {
        return shown(call, claims, &document, "hit");
    }
    let parameters = vec![postgres::number(board.get())?];
    let row = postgres::query_one(call, sql::FILL_BOARD, parameters).await?;
    let row = row.ok_or_else(unknown_board)?;
    let document = Document::from_database(row.text(0)?)?;
    let answer = shown(call, claims, &document, "miss")?;
    if document.seq() < least {
        let detail = format!("is ahead of the board, whose newest event is {}", document.seq());
        return Err(Invalid::query("min_seq", detail).into());
    }
    fill(call, board, &document).await;
    Ok(answer)
}

async fn cached(call: &Call, board: BoardId) -> Result<Vec<String>, Failure> {
    let values = READ.run(call, &[&keys::board_document(board)], &[]).await?;
    let text = |value| match value {
        Value::Binary(bytes) => String::from_utf8(bytes).map_err(Failure::internal),
        Value::Status(text) => Ok(text),
        Value::Int64(number) => Ok(number.to_string()),
        Value::Nil => Ok(String::new()),
    };
    values.into_iter().map(text).collect()
}

async fn fill(call: &Call, board: BoardId, document: &Document<'_>) {
    let arguments: Vec<_> =
        document.fill_arguments().iter().map(|text| redis::text(text)).collect();
    let keys = [keys::board_events(board), keys::board_document(board)];
    let filled = FILL.run(call, &keys.each_ref().map(String::as_str), &arguments).await;
    if let Err(failure) = filled {
        failure.log(call.request_id());
    }
}

fn shown(
    call: &Call,
    claims: &Claims,
    document: &Document<'_>,
    cache: &str,
) -> Result<Answer, Failure> {
    let role = document.role_of(claims.user_id)?.ok_or_else(unknown_board)?;
    let (json, tag) = document.show(&role)?;
    let answer = match call.if_none_match()? {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, json),
    };
    Ok(answer.tagged(&tag).with(HeaderName::from_static("x-cache"), cache))
}
