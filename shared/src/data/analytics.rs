//! How work flowed over a board (docs/contract/api.md, API-ANALYTICS), as the database has it.

use crate::csv;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The tables of the document that files contain.
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

/// The tasks that were finished in a range of days.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Finishes {
    /// How long each took from when it was added, in milliseconds.
    pub leads: Vec<i64>,
    /// The same from its start, of those that have one.
    pub cycles: Vec<i64>,
    /// The weeks, and how many in each.
    pub weeks: Vec<Week>,
}

/// The figures of a week, or of some of its days.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Week {
    monday: String,
    days: u64,
    finished: u64,
}

impl Finishes {
    /// Adds those of the days that follow.
    pub fn add(&mut self, later: Self) {
        self.leads.extend(later.leads);
        self.cycles.extend(later.cycles);
        for week in later.weeks {
            match self.weeks.last_mut() {
                Some(last) if last.monday == week.monday => {
                    last.days += week.days;
                    last.finished += week.finished;
                }
                _ => self.weeks.push(week),
            }
        }
    }

    /// What the document has of them, as its members (JSON). Sorts the times, faster where they mostly are.
    pub fn members(&mut self) -> String {
        let mut text = String::from(r#""weeks":["#);
        for (nth, Week { monday, days, finished }) in self.weeks.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            // Nothing can fail that writes to memory.
            let _ = write!(
                text,
                r#"{comma}{{"monday":"{monday}","days":{days},"finished":{finished}}}"#
            );
        }
        text.push(']');
        for (name, times) in [("lead_time", &mut self.leads), ("cycle_time", &mut self.cycles)] {
            times.sort();
            let _ = write!(text, r#","{name}":{{"count":{}"#, times.len());
            for percent in [50, 85, 95] {
                let rank = (times.len() * percent).div_ceil(100);
                let time = rank.checked_sub(1).and_then(|nth| times.get(nth));
                let time = time.map_or_else(|| "null".to_owned(), i64::to_string);
                let _ = write!(text, r#","p{percent}_ms":{time}"#);
            }
            text.push('}');
        }
        text
    }
}

/// The beginning of a document, up to the finished tasks of the days that are over: what the database's `opening`
/// tells, all finishes, and those of today that are `listed`. `follow` is whether others do.
#[must_use]
pub fn beginning(
    opening: &str,
    finishes: &mut Finishes,
    listed: Option<&str>,
    follow: bool,
) -> String {
    let comma = if follow && listed.is_some() { "," } else { "" };
    let (members, listed) = (finishes.members(), listed.unwrap_or_default());
    format!(r#"{opening},{members},"finished":[{listed}{comma}"#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn finishes(leads: &[i64], cycles: &[i64], weeks: &Value) -> Finishes {
        let weeks = serde_json::from_value(weeks.clone()).expect("weeks");
        Finishes { leads: leads.to_vec(), cycles: cycles.to_vec(), weeks }
    }

    #[test]
    fn api_analytics_finishes_of_today_come_to_those_of_the_days_before() {
        let week = |monday: &str, days, finished| json!({"monday": monday, "days": days, "finished": finished});
        let mut all = finishes(&[5, 1, 9], &[7], &json!([week("2026-11-23", 7, 3)]));
        all.add(finishes(&[2], &[], &json!([week("2026-11-30", 1, 1)])));
        all.add(finishes(&[4], &[3], &json!([week("2026-11-30", 1, 1)])));
        let members: Value = serde_json::from_str(&format!("{{{}}}", all.members())).expect("JSON");
        let expected = json!({
            "weeks": [week("2026-11-23", 7, 3), week("2026-11-30", 2, 2)],
            "lead_time": {"count": 5, "p50_ms": 4, "p85_ms": 9, "p95_ms": 9},
            "cycle_time": {"count": 2, "p50_ms": 3, "p85_ms": 7, "p95_ms": 7},
        });
        assert_eq!(members, expected);
        let none = json!({"count": 0, "p50_ms": null, "p85_ms": null, "p95_ms": null});
        let members = format!("{{{}}}", Finishes::default().members());
        let members: Value = serde_json::from_str(&members).expect("JSON");
        assert_eq!(members, json!({"weeks": [], "lead_time": none, "cycle_time": none}));
    }

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
