//! Events on their way to everybody: into Redis, in order, without gaps
//! (docs/contract/realtime.md, RT-PUBLISH).

use crate::postgres::{self, Parameter};
use crate::redis::{self, Script, Value};
use crate::{Call, Failure};
use shared::data::publication::{
    PAGE_BYTES, Publication, STREAM_SECONDS, publish_arguments, publish_keys,
};
use shared::data::{keys, scripts, sql};
use shared::models::BoardId;

static PUBLISH: Script = Script::new(scripts::PUBLISH);
static FORGET: Script = Script::new(scripts::STREAM_FORGET);
static BEGIN: Script = Script::new(scripts::STREAM_BEGIN);

/// How many events are read and published at a time where some are missing; fewer where they are large,
/// because all of a batch is in the memory of this instance at once.
const BATCH: u64 = 500;

/// Begins the stream of a board that has just been made and has no events yet.
pub async fn begin(call: &Call, board: BoardId) -> bool {
    let seconds = redis::number(STREAM_SECONDS);
    let begun = BEGIN.run(call, &[&keys::board_events(board)], &[seconds]).await;
    delivered(call, &begun.map(drop))
}

/// Publishes an event that PostgreSQL has, after those before it that nobody has published yet.
/// Returns whether that went well; where it did not, the relay finds the event by itself.
pub async fn publish(call: &Call, event: &str) -> bool {
    delivered(call, &one(call, event).await)
}

/// The same for a board whose history nobody has published anything of: all of it up to this event.
pub async fn publish_history(call: &Call, event: &str) -> bool {
    delivered(call, &all(call, event).await)
}

fn delivered(call: &Call, outcome: &Result<(), Failure>) -> bool {
    if let Err(failure) = outcome {
        failure.log(call.request_id());
    }
    outcome.is_ok()
}

async fn one(call: &Call, event: &str) -> Result<(), Failure> {
    let publication = Publication::of(event).map_err(Failure::internal)?;
    let (board, seq) = (publication.board(), publication.seq().get());
    let publications = [publication];
    let last = run(call, board, &publications).await?;
    if last > seq && is_of_lost_future(call, board, last).await? {
        return run(call, board, &publications).await.map(drop);
    }
    all_between(call, board, last, seq).await
}

/// Whether the board's stream, which ended at `last` before PostgreSQL was asked, told of events that
/// PostgreSQL does not have; it is gone then. Mostly somebody else has published a later event, and this
/// one with it.
async fn is_of_lost_future(call: &Call, board: BoardId, last: u64) -> Result<bool, Failure> {
    let id = i64::try_from(board.get()).map_err(Failure::internal)?;
    let rows = postgres::query(call, sql::BOARD_HEADS, vec![Parameter::ArrayInt64(vec![Some(id)])]);
    let rows = rows.await?;
    let Some(head) = rows.first().map(|row| row.optional_number(2)).transpose()?.flatten() else {
        return Ok(false);
    };
    if last <= head {
        return Ok(false);
    }
    let stream = keys::board_events(board);
    let removed = FORGET.run(call, &[&stream], &[redis::number(head)]).await?;
    Ok(matches!(removed.as_slice(), [Value::Int64(1)]))
}

async fn all(call: &Call, event: &str) -> Result<(), Failure> {
    let newest = Publication::of(event).map_err(Failure::internal)?;
    all_between(call, newest.board(), 0, newest.seq().get()).await
}

/// Publishes what a board's stream lacks from its last event up to the newest.
async fn all_between(
    call: &Call,
    board: BoardId,
    mut last: u64,
    newest: u64,
) -> Result<(), Failure> {
    while last < newest {
        let parameters = postgres::numbers([board.get(), last, BATCH, PAGE_BYTES])?;
        let rows = postgres::query(call, sql::BOARD_EVENTS, parameters).await?;
        let events: Result<Vec<_>, _> = rows
            .iter()
            .map(|row| Publication::of(row.text(1)?).map_err(Failure::internal))
            .collect();
        let events = events?;
        let reached = run(call, board, &events).await?;
        // Whoever trims the stream between two batches makes another round necessary, no more.
        last = reached.max(last + 1);
    }
    Ok(())
}

/// Runs the script: the seq that the board's stream has come to.
async fn run(call: &Call, board: BoardId, events: &[Publication<'_>]) -> Result<u64, Failure> {
    let keys = publish_keys(board);
    let keys = keys.each_ref().map(String::as_str);
    let arguments: Vec<_> =
        publish_arguments(board, events).iter().map(|text| redis::text(text)).collect();
    match PUBLISH.run(call, &keys, &arguments).await?.as_slice() {
        [_, Value::Int64(last)] => u64::try_from(*last).map_err(Failure::internal),
        other => {
            Err(Failure::internal(format_args!("publish.lua returned {} values", other.len())))
        }
    }
}
