//! `/api/admin/activity`: everything that happened, in commit order (docs/adr/0016).

#![cfg(target_arch = "wasm32")]

mod table;

use platform::{
    Answer, Call, Endpoint, Failure, HeaderName, Method, Request, Response, StatusCode, header,
    postgres, to_json, token_checker,
};
use shared::data::publication::PAGE_BYTES;
use shared::data::sql;
use shared::models::{ActivityCursor, DueAt, MAX_ID, Username};
use shared::validation::{FromField, Invalid};

const QUERY: [&str; 10] =
    ["action", "after", "board", "entity", "format", "from", "limit", "order", "to", "user"];
const ACTIONS: &[&str] = &["Add", "Update", "Move", "Delete"];
const ENTITIES: &[&str] =
    &["board", "task", "comment", "checklist", "checklist_item", "member", "user"];

const DEFAULT_LIMIT: u64 = 50;
const MAX_LIMIT: u64 = 1_000;
/// After how many bytes a page ends, and how many entries are looked at, whatever the filters leave: for a
/// screen, which is to be there at once, and for a file.
const OF_A_PAGE: [u64; 2] = [32 * 1024, 500];
const OF_A_FILE: [u64; 2] = [PAGE_BYTES, 10_000];

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).with_query(&QUERY).for_admins();
    endpoint.serve(request, async |call| list(call).await).await
}

/// A page after `?after=` of what the filters let through: `{"items", "next_after", "cursor"}`, or CSV.
async fn list(call: &Call) -> Result<Answer, Failure> {
    let as_csv = call.wants_csv()?;
    let after = call.query_text("after", 100)?;
    let after = after.map(|text| ActivityCursor::parse(&text).ok_or_else(unknown_cursor));
    let after = after.transpose()?;
    let limit = call.query_number("limit", (1, MAX_LIMIT), DEFAULT_LIMIT)?;
    let newest = call.query_word("order", &["oldest", "newest"])? == Some("newest");
    let user: Option<Username> = filter(call, "user")?;
    // No board has this number.
    let board = call.query_number("board", (1, MAX_ID), 0)?;
    let (action, entity) =
        (call.query_word("action", ACTIONS)?, call.query_word("entity", ENTITIES)?);
    let from = filter::<DueAt>(call, "from")?.map(DueAt::moment);
    let to = filter::<DueAt>(call, "to")?.map(DueAt::moment);
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(Invalid::query("from", "must lie before `to`").into());
    }
    let claims = token_checker::signed(call).await?;
    let mut rest = vec![
        after.map_or(postgres::Parameter::DbNull, |it| postgres::Parameter::Int32(it.era)),
        postgres::optional_text(after.map(|it| it.transaction.to_string()).as_deref()),
        postgres::optional_number(after.map(|it| it.board))?,
        postgres::optional_number(after.map(|it| it.seq))?,
        postgres::Parameter::Boolean(newest),
        postgres::optional_text(user.as_ref().map(Username::as_str)),
        postgres::optional_number(Some(board).filter(|board| *board > 0))?,
        postgres::optional_text(action),
        postgres::optional_text(entity),
        postgres::optional_text(from.map(|moment| moment.to_string()).as_deref()),
        postgres::optional_text(to.map(|moment| moment.to_string()).as_deref()),
    ];
    let [bytes, examined] = if as_csv { OF_A_FILE } else { OF_A_PAGE };
    rest.extend(postgres::numbers([limit, bytes, examined])?);
    let row = token_checker::read_for_admin(call, &claims, sql::READ_ACTIVITY, rest).await?;
    let cursor = row.optional_text(2)?.ok_or_else(unknown_cursor)?;
    let (items, next) = (row.text(1)?, row.optional_text(3)?);
    let answer = if as_csv {
        let csv = table::of(items)?;
        let answer = Answer::of(StatusCode::OK, "text/csv; charset=utf-8; header=present", csv)
            .with(header::CONTENT_DISPOSITION, "attachment; filename=\"activity.csv\"");
        match next {
            Some(next) => answer.with(HeaderName::from_static("next-after"), next),
            None => answer,
        }
    } else {
        let (next, cursor) = (to_json(&next)?, to_json(&cursor)?);
        let json = format!(r#"{{"items":{items},"next_after":{next},"cursor":{cursor}}}"#);
        Answer::json(StatusCode::OK, json)
    };
    let answer = answer.with(header::VARY, "Accept").with(header::CACHE_CONTROL, "no-store");
    Ok(answer.gzipped(call))
}

fn unknown_cursor() -> Failure {
    Invalid::query("after", "must be a cursor that this server returned").into()
}

fn filter<T: FromField>(call: &Call, name: &str) -> Result<Option<T>, Failure> {
    let text = call.query_text(name, 64)?;
    let value = text.map(|text| T::from_field(text.into())).transpose();
    value.map_err(|detail| Invalid::query(name, detail).into())
}
