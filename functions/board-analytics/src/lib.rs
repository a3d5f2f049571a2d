//! `/api/boards/:board_id/analytics`: how work flowed over a board.

#![cfg(target_arch = "wasm32")]

mod closed;
mod kept;

use closed::{Closed, Place};
use kept::Kept;
use platform::{
    Answer, Bytes, Call, Endpoint, Failure, HeaderName, Method, Request, Response, StatusCode,
    board_reading, header, postgres, token_checker,
};
use shared::data::analytics::Analytics;
use shared::data::sql;
use shared::models::{Day, TimeZone};
use shared::validation::Invalid;

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let query = ["format", "from", "rows", "to", "tz"];
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&query);
    endpoint.serve(request, async |call| read(call).await).await
}

/// What is told of the days: all of it as JSON, or a table of it as CSV.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Told {
    All,
    Days,
    Finished,
}

impl Told {
    fn of(call: &Call) -> Result<Self, Failure> {
        match (call.wants_csv()?, call.query_word("rows", &["days", "finished"])?) {
            (false, None) => Ok(Self::All),
            (false, Some(_)) => {
                Err(Invalid::query("rows", "can only be given where format is csv").into())
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
    let told = Told::of(call)?;
    let from: Option<Day> = call.query_value("from")?;
    let to: Option<Day> = call.query_value("to")?;
    let zone: TimeZone = call.query_value("tz")?.unwrap_or_else(TimeZone::utc);
    let claims = token_checker::signed(call).await?;
    let most = match told {
        // All of them also where the database has rounded.
        Told::Finished => Analytics::FINISHED_IN_A_FILE + 100,
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
    let ask = async |all: bool, known: Option<&str>| {
        let more = [postgres::Parameter::Boolean(all), postgres::optional_text(known)];
        let rest = rest.iter().cloned().chain(more);
        let row = token_checker::read_for(call, &claims, sql::BOARD_ANALYTICS, rest).await?;
        row.optional_text(1)?.ok_or_else(board_reading::unknown_board)?;
        Ok::<_, Failure>(row)
    };
    let (rows, table): (_, fn(&Analytics) -> String) = match told {
        Told::All => {
            let found = ask(false, None).await?;
            let days = [from, to].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
            let kept = Kept::of(call, board, &days, &zone, found.text(1)?);
            if let Some(answer) = kept.find(call, found.text(0)?).await {
                return Ok(shown(call, answer, "hit"));
            }
            let place = Place { board, asked: kept.asked() };
            let known = place.find(call).await;
            let row = ask(true, known.as_ref().map(|closed| closed.of.as_str())).await?;
            let closed = match (row.optional_text(3)?, known) {
                (None, Some(known)) => known,
                (text, _) => {
                    let closed = Closed::new(row.text(5)?, text.unwrap_or_default(), call);
                    place.keep(call, &closed).await;
                    closed
                }
            };
            let answer = shown(call, closed.between(row.text(2)?, row.text(4)?), "miss");
            // Past midnight it is another day's.
            if row.text(1)? == found.text(1)? {
                kept.keep(call, row.text(0)?, &answer.body).await;
            }
            return Ok(answer);
        }
        Told::Days => ("days", Analytics::days),
        Told::Finished => ("finished", Analytics::finished),
    };
    let row = ask(true, None).await?;
    let text = [row.text(2)?, row.text(3)?, row.text(4)?].concat();
    let document = serde_json::from_str(&text).map_err(Failure::internal)?;
    let disposition = format!("attachment; filename=\"board-{board}-{rows}.csv\"");
    Ok(Answer::of(StatusCode::OK, "text/csv; charset=utf-8", table(&document))
        .with(header::CONTENT_DISPOSITION, &disposition)
        .with(header::VARY, "Accept")
        .gzipped(call))
}

/// The document, as it is or compressed for this client already.
fn shown(call: &Call, document: impl Into<Bytes>, cache: &str) -> Answer {
    let answer = Answer::json(StatusCode::OK, document).with(header::VARY, "Accept");
    answer.with(HeaderName::from_static("x-cache"), cache).gzipped(call)
}
