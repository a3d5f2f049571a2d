//! `/api/boards/:board_id/analytics`: how work flowed over a board.

#![cfg(target_arch = "wasm32")]

mod closed;
mod kept;

use closed::{Closed, Today};
use kept::Place;
use platform::{
    Answer, Bytes, Call, Endpoint, Failure, HeaderName, Method, Request, Response, StatusCode,
    board_reading, header,
    postgres::{self, Row},
    token_checker,
};
use shared::auth::Scope;
use shared::data::analytics::{Analytics, Finishes};
use shared::data::sql;
use shared::models::{Day, TimeZone};
use shared::validation::Invalid;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let query = ["format", "from", "rows", "to", "tz"];
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&query);
    endpoint.serve(request, async |call| read(call).await).await
}

/// What is read: everything as JSON, or one table as CSV.
#[derive(Clone, Copy, Eq, PartialEq)]
enum View {
    All,
    Days,
    Finished,
}

impl View {
    fn of(call: &Call) -> Result<Self, Failure> {
        match (call.wants_csv()?, call.query_word("rows", &["days", "finished"])?) {
            (false, None) => Ok(Self::All),
            (false, Some(_)) => {
                Err(Invalid::query("rows", "is only allowed if format is csv").into())
            }
            (true, Some("finished")) => Ok(Self::Finished),
            (true, _) => Ok(Self::Days),
        }
    }
}

/// The document for the days `?from=` to `?to=` in the time zone `?tz=`, or with `?format=csv` a file of
/// its `?rows=`.
async fn read(call: &Call) -> Result<Answer, Failure> {
    let board = call.board_id()?;
    let view = View::of(call)?;
    let from: Option<Day> = call.query_value("from")?;
    let to: Option<Day> = call.query_value("to")?;
    let zone: TimeZone = call.query_value("tz")?.unwrap_or_else(TimeZone::utc);
    let claims = token_checker::signed_for(call, Scope::Read).await?;
    let most = match view {
        // All of them also where the database has rounded.
        View::Finished => Analytics::FINISHED_IN_A_FILE + 100,
        _ => Analytics::FINISHED,
    };
    let day = |day: Option<Day>| postgres::optional_text(day.map(|day| day.to_string()).as_deref());
    let rest = [
        postgres::number(board.get())?,
        day(from),
        day(to),
        postgres::text(zone.as_str()),
        postgres::number(most)?,
    ];
    let ask = async |answered: Option<&str>, known: Option<&str>| {
        let more = [answered, known].map(postgres::optional_text);
        let rest = rest.iter().cloned().chain(more);
        let row = token_checker::read_for(call, &claims, sql::BOARD_ANALYTICS, rest).await?;
        row.optional_text(0)?.ok_or_else(board_reading::unknown_board)?;
        Ok::<_, Failure>(row)
    };
    let (rows, table): (_, fn(&Analytics) -> String) = match view {
        View::All => {
            let days = [from, to].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
            let place = Place::of(call, board, &days, &zone);
            let seen = place.look(call).await;
            let known = seen.closed.as_deref();
            let mut row = ask(seen.answer.as_deref(), known).await?;
            if row.optional_text(1)?.is_none() {
                if let Some(answer) = place.answer(call, row.text(0)?).await {
                    return Ok(shown(call, answer, "hit"));
                }
                row = ask(None, known).await?;
            }
            let kept = match row.optional_text(6)? {
                Some(_) => None,
                None => place.closed(call, row.text(5)?).await,
            };
            // What was there a moment ago has gone.
            if kept.is_none() && row.optional_text(6)?.is_none() {
                row = ask(None, None).await?;
            }
            let is_new = kept.is_none();
            let closed = kept.map_or_else(|| closed(&row, call.accepts_gzip()), Ok)?;
            let answer = shown(call, closed.between(today(&row)?), "miss");
            place.keep(call, row.text(0)?, &answer.body, &closed, is_new);
            return Ok(answer);
        }
        View::Days => ("days", Analytics::days),
        View::Finished => ("finished", Analytics::finished),
    };
    let row = ask(None, None).await?;
    let text = closed(&row, false)?.between(today(&row)?);
    let document = serde_json::from_slice(&text).map_err(Failure::internal)?;
    let disposition = format!("attachment; filename=\"board-{board}-{rows}.csv\"");
    Ok(Answer::of(StatusCode::OK, "text/csv; charset=utf-8", table(&document))
        .with(header::CONTENT_DISPOSITION, &disposition)
        .with(header::VARY, "Accept")
        .gzipped(call))
}

/// What a row tells of days that are over; `gzip` is whether that may be compressed.
fn closed(row: &Row, gzip: bool) -> Result<Closed, Failure> {
    Ok(Closed::new(row.text(5)?, row.text(6)?, finishes(row, 7)?, gzip))
}

fn today(row: &Row) -> Result<Today<'_>, Failure> {
    let (opening, listed, ending) = (row.text(1)?, row.optional_text(2)?, row.text(3)?);
    Ok(Today { opening, listed, finishes: finishes(row, 4)?, ending })
}

fn finishes(row: &Row, column: usize) -> Result<Finishes, Failure> {
    serde_json::from_str(row.text(column)?).map_err(Failure::internal)
}

/// The document, as it is or compressed for this client already.
fn shown(call: &Call, document: impl Into<Bytes>, cache: &str) -> Answer {
    let answer = Answer::json(StatusCode::OK, document).with(header::VARY, "Accept");
    answer.with(HeaderName::from_static("x-cache"), cache).gzipped(call)
}
