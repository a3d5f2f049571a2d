//! How work flowed over a board (docs/contract/api.md, API-ANALYTICS), as the database tells it.

use crate::csv;
use serde::Deserialize;

/// What of the document is told in files.
#[derive(Debug, Deserialize)]
pub struct Analytics {
    columns: Vec<Column>,
    days: Vec<Day>,
    finished: Vec<Finished>,
}

#[derive(Debug, Deserialize)]
struct Column {
    key: String,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Day {
    date: String,
    added: u64,
    moved: u64,
    finished: u64,
    tasks: Vec<u64>,
}

#[derive(Debug, Deserialize)]
struct Finished {
    task_id: u64,
    finished_at: String,
    lead_ms: u64,
    cycle_ms: Option<u64>,
}

impl Analytics {
    /// How many finished tasks the document lists at most.
    pub const FINISHED: u64 = 1_000;

    /// How many the file lists.
    pub const FINISHED_IN_A_FILE: u64 = 10_000;

    /// The days as CSV, with a column for each of the board's. One that the board has no longer is named
    /// by its key.
    #[must_use]
    pub fn days(&self) -> String {
        let mut text = String::new();
        let names = self.columns.iter().map(|column| column.name.as_ref().unwrap_or(&column.key));
        let names = names.map(|name| csv::harmless(name));
        let fixed = ["date", "added", "moved", "finished"].map(Into::into);
        csv::push_row(&mut text, fixed.into_iter().chain(names));
        for day in &self.days {
            let counts = [day.added, day.moved, day.finished];
            let counts = counts.iter().chain(&day.tasks).map(u64::to_string);
            csv::push_row(&mut text, std::iter::once(day.date.clone()).chain(counts));
        }
        text
    }

    /// The finished tasks as CSV, in the order of the document.
    #[must_use]
    pub fn finished(&self) -> String {
        let mut text = String::new();
        csv::push_row(&mut text, ["task_id", "finished_at", "lead_ms", "cycle_ms"]);
        for (_, task) in (0..Self::FINISHED_IN_A_FILE).zip(&self.finished) {
            let cycle = task.cycle_ms.map(|cycle| cycle.to_string()).unwrap_or_default();
            let (id, lead) = (task.task_id.to_string(), task.lead_ms.to_string());
            csv::push_row(&mut text, [&id, &task.finished_at, &lead, &cycle]);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn api_analytics_as_csv_no_name_of_a_column_is_a_formula_or_breaks_a_row() {
        let document = json!({
            "columns": [{"key": "a", "name": "=1+1"}, {"key": "b", "name": "Say \"b\", twice"}, {"key": "-c", "name": null}],
            "days": [{"date": "2026-11-29", "added": 1, "moved": 2, "finished": 3, "tasks": [4, 5, 6]}],
            "finished": [{"task_id": 7, "finished_at": "2026-11-29T01:02:03.004Z", "lead_ms": 8, "cycle_ms": null}],
            "weeks": [],
        });
        let document: Analytics = serde_json::from_value(document).expect("valid");
        assert_eq!(
            document.days(),
            "date,added,moved,finished,'=1+1,\"Say \"\"b\"\", twice\",'-c\r\n2026-11-29,1,2,3,4,5,6\r\n"
        );
        assert_eq!(
            document.finished(),
            "task_id,finished_at,lead_ms,cycle_ms\r\n7,2026-11-29T01:02:03.004Z,8,\r\n"
        );
    }
}
