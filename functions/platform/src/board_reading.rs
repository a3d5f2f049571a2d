//! A whole board: PostgreSQL says who may see it and where it stands, and the cache gives it where it
//! has just that board, else PostgreSQL, which fills the cache (RT9).

use crate::postgres::Row;
use crate::redis::{self, Script, Value};
use crate::{Answer, Call, Failure, HeaderName, StatusCode, postgres, token_checker};
use shared::auth::Claims;
use shared::data::document::{Document, Found, Moment, NotADocument};
use shared::data::{keys, scripts, sql};
use shared::models::{BoardId, Seq};
use shared::preconditions::EntityTag;
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

/// What PostgreSQL says of a board before anything of it is shown.
struct Head {
    role: String,
    version: u64,
    moment: Moment,
}

impl Head {
    /// From a row of [`sql::FIND_BOARD`].
    fn of(row: &Row) -> Result<Self, Failure> {
        let role = row.optional_text(0)?.ok_or_else(unknown_board)?;
        let moment = Moment {
            seq: Seq::new(row.number(1)?).ok_or_else(|| Failure::internal("a seq above all"))?,
            updated_at: row.text(2)?.to_owned(),
            epoch: row.text(4)?.to_owned(),
        };
        Ok(Self { role: role.to_owned(), version: row.number(3)?, moment })
    }

    fn tag(&self) -> EntityTag {
        EntityTag::of_board_parts(self.version, self.moment.seq, &self.moment.epoch)
    }
}

/// The board as its member sees it; 304 where they have it already. It has seen event `least`.
///
/// # Errors
/// 401 where the token does not count; 404 for strangers; 422 where the board has not come to `least`
/// yet; 503 where PostgreSQL is away.
pub async fn read(
    call: &Call,
    claims: &Claims,
    board: BoardId,
    least: Seq,
) -> Result<Answer, Failure> {
    let id = postgres::number(board.get())?;
    let row = token_checker::read_for(call, claims, sql::FIND_BOARD, [id.clone()]).await?;
    let head = Head::of(&row)?;
    if head.moment.seq < least {
        let detail = format!("is ahead of the board, whose newest event is {}", head.moment.seq);
        return Err(Invalid::query("min_seq", detail).into());
    }
    if call.if_none_match()?.is_some_and(|condition| condition.names(&head.tag())) {
        return Ok(tagged(Answer::empty(StatusCode::NOT_MODIFIED), &head.tag(), "hit"));
    }
    let cached = cached(call, board).await;
    let texts: Vec<&str> = cached.iter().flatten().map(String::as_str).collect();
    let found = Found::of(&texts);
    // One that is newer may be right, or of a future that the database has lost: nobody can tell.
    if let Found::Document(document, moment) = &found
        && *moment == head.moment
    {
        return shown(document, &head.role, "hit");
    }
    let row = postgres::query_one(call, sql::FILL_BOARD, vec![id]).await?;
    let row = row.ok_or_else(unknown_board)?;
    let document = Document::from_database(row.text(0)?)?;
    let role = document.role_of(claims.user_id)?.ok_or_else(unknown_board)?;
    let answer = shown(&document, &role, "miss")?;
    fill(call, board, &document, &found).await;
    Ok(answer)
}

/// A board's document, and where it is counted how often the cache helps.
fn cache_keys(board: BoardId) -> [String; 2] {
    [keys::board_document(board), keys::statistics(keys::shard(board))]
}

/// What the cache has in the document's place; nothing where it does not answer.
async fn cached(call: &Call, board: BoardId) -> Option<Vec<String>> {
    let text = |value| match value {
        Value::Binary(bytes) => String::from_utf8(bytes).map_err(Failure::internal),
        Value::Status(text) => Ok(text),
        Value::Int64(number) => Ok(number.to_string()),
        Value::Nil => Ok(String::new()),
    };
    let values = READ.run(call, &cache_keys(board).each_ref().map(String::as_str), &[]).await;
    let texts = values.and_then(|values| values.into_iter().map(text).collect());
    texts.map_err(|failure: Failure| failure.log(call.request_id())).ok()
}

/// Offers a document to the cache, in place of what was found there.
async fn fill(call: &Call, board: BoardId, document: &Document<'_>, found: &Found<'_>) {
    let arguments: Vec<_> =
        document.fill_arguments(found).iter().map(|text| redis::text(text)).collect();
    if let Err(failure) =
        FILL.run(call, &cache_keys(board).each_ref().map(String::as_str), &arguments).await
    {
        failure.log(call.request_id());
    }
}

fn shown(document: &Document<'_>, role: &str, cache: &str) -> Result<Answer, Failure> {
    let (json, tag) = document.show(role)?;
    Ok(tagged(Answer::json(StatusCode::OK, json), &tag, cache))
}

fn tagged(answer: Answer, tag: &EntityTag, cache: &str) -> Answer {
    answer.tagged(tag).with(HeaderName::from_static("x-cache"), cache)
}
