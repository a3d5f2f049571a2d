//! How work flows over teams' boards.

use crate::description::headers::{CONTENT_DISPOSITION, X_CACHE};
use crate::description::operation::Operation;
use crate::description::parameters::{query, word};
use crate::description::schemas::analytics::Analytics;
use crate::description::schemas::reference;
use crate::description::schemas::scalar::{Day, TimeZone};
use utoipa::openapi::HttpMethod::Get;

pub(super) const TAG: &str = "Analytics";

pub(super) fn all() -> Vec<Operation> {
    let path = "/api/boards/{board_id}/analytics";
    vec![
        Operation::new(Get, path, TAG, "readAnalytics", "How work flows over a board")
            .about(
                "Cumulative flow; what was added, moved and finished; lead and cycle times; and \
                 the age of open tasks. By the days of a time zone, up to 731 of them.",
            )
            .query(query(
                "from",
                "The first day; by default thirty days up to `to`.",
                reference::<Day>(),
            ))
            .query(query("to", "The last day; today by default.", reference::<Day>()))
            .query(query(
                "tz",
                "The reader's time zone; `UTC` by default.",
                reference::<TimeZone>(),
            ))
            .query(word("format", &["json", "csv"], "Taken from `Accept` by default."))
            .query(word(
                "rows",
                &["days", "finished"],
                "For CSV: what its rows are; `days` by default.",
            ))
            .json_or_csv::<Analytics>(200, "The numbers.", &[CONTENT_DISPOSITION, X_CACHE])
            .protected(),
    ]
}
