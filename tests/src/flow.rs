//! How work flowed through a board (docs/contract/api.md, API-ANALYTICS), computed from its events
//! in the simplest way: everything is counted again for each day.

use serde_json::{Value, json};
use shared::models::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A time zone: offsets in minutes, each with the moment when it begins (UTC, in milliseconds).
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    pub name: &'static str,
    offsets: &'static [(i64, i64)],
}

impl Zone {
    /// Zones in the year 2031: two change their clocks at midnight, and one by half an hour.
    pub const OF_2031: &'static [Self] = &[
        Self { name: "UTC", offsets: &[(0, 0)] },
        Self { name: "Etc/GMT+12", offsets: &[(0, -12 * 60)] },
        Self { name: "Pacific/Kiritimati", offsets: &[(0, 14 * 60)] },
        Self { name: "Asia/Kathmandu", offsets: &[(0, 5 * 60 + 45)] },
        // 30 March, 01:00 UTC; 26 October, 01:00 UTC.
        Self {
            name: "Europe/Berlin",
            offsets: &[(0, 60), (1_932_598_800_000, 120), (1_950_742_800_000, 60)],
        },
        // 9 March, 05:00 UTC, when there is no midnight; 2 November, 05:00 UTC, when there are two.
        Self {
            name: "America/Havana",
            offsets: &[(0, -5 * 60), (1_930_798_800_000, -4 * 60), (1_951_362_000_000, -5 * 60)],
        },
        // 9 March, 05:30 UTC; 2 November, 04:30 UTC.
        Self {
            name: "America/St_Johns",
            offsets: &[(0, -210), (1_930_800_600_000, -150), (1_951_360_200_000, -210)],
        },
    ];

    /// The day of a moment, counted from 1970-01-01.
    #[must_use]
    pub fn day(&self, moment: i64) -> i64 {
        let known = self.offsets.iter().rev().find(|(since, _)| *since <= moment);
        (moment + known.map_or(0, |(_, minutes)| minutes * MINUTE)).div_euclid(DAY)
    }

    /// The first moment of a day.
    #[must_use]
    pub fn begin(&self, day: i64) -> i64 {
        let mut moment = day * DAY - 16 * 60 * MINUTE;
        while self.day(moment) < day {
            moment += 15 * MINUTE;
        }
        moment
    }
}

/// A day, counted from 1970-01-01, in the API's format.
#[must_use]
pub fn date(day: i64) -> String {
    moment_text(day * DAY)[..10].to_owned()
}

/// A moment, in milliseconds since 1970, in the API's format.
#[must_use]
pub fn moment_text(moment: i64) -> String {
    Timestamp::from_milliseconds(moment).to_string()
}

/// A moment in the API's format, in milliseconds since 1970.
///
/// # Panics
/// If it is not one.
#[must_use]
pub fn moment(value: &Value) -> i64 {
    let timestamp: Timestamp = serde_json::from_value(value.clone()).expect("a timestamp");
    timestamp.milliseconds()
}

/// A change of a column.
#[derive(Debug)]
struct Change {
    at: i64,
    column: String,
    /// One task more, or one fewer.
    tasks: i64,
    added: bool,
    moved: bool,
    /// How long a task that left had been there.
    stayed: Option<i64>,
}

#[derive(Debug, Default)]
struct Task {
    entity: Value,
    there: bool,
    entered: i64,
    started: Option<i64>,
    finished: Option<i64>,
}

impl Task {
    fn since_creation(&self, until: i64) -> i64 {
        (until - moment(&self.entity["created_at"])).max(0)
    }
}

/// A board's replayed history.
#[derive(Debug)]
pub struct Flow {
    columns: Value,
    tasks: BTreeMap<u64, Task>,
    changes: Vec<Change>,
}

impl Flow {
    /// Replays a board's whole log; `columns` are its initial ones.
    #[must_use]
    pub fn of(columns: &Value, log: &[Value]) -> Self {
        let mut flow =
            Self { columns: columns.clone(), tasks: BTreeMap::new(), changes: Vec::new() };
        for event in log {
            match event["entity"].as_str() {
                Some("board") => flow.columns = event["board"]["columns"].clone(),
                Some("task") => flow.apply(event),
                _ => {}
            }
        }
        flow
    }

    fn keys(&self) -> Vec<&str> {
        let columns = self.columns.as_array().into_iter().flatten();
        columns.filter_map(|column| column["key"].as_str()).collect()
    }

    fn apply(&mut self, event: &Value) {
        let (first, last) = match self.keys()[..] {
            [only] => (only.to_owned(), None),
            [first, .., last] => (first.to_owned(), Some(last.to_owned())),
            [] => unreachable!("a board has columns"),
        };
        let at = moment(&event["timestamp"]);
        let id = event["task"]["id"].as_u64().expect("an id");
        let is_new = !self.tasks.contains_key(&id);
        let task = self.tasks.entry(id).or_default();
        let before =
            task.there.then(|| task.entity["status"].as_str().unwrap_or_default().to_owned());
        task.entity = event["task"].clone();
        task.there = event["action"] != "Delete";
        let now = task.there.then(|| task.entity["status"].as_str().unwrap_or_default().to_owned());
        if before == now {
            return;
        }
        let moved = before.is_some() && now.is_some();
        if let Some(column) = before {
            let stayed = Some(at - task.entered);
            self.changes.push(Change { at, column, tasks: -1, added: false, moved: false, stayed });
        }
        let Some(column) = now else { return };
        task.entered = at;
        if is_new || moved {
            let is_last = last.as_ref() == Some(&column);
            if column == first {
                task.started = None;
            } else if !is_last {
                task.started = task.started.or(Some(at));
            }
            task.finished = (is_last && moved).then_some(at);
        }
        self.changes.push(Change { at, column, tasks: 1, added: is_new, moved, stayed: None });
    }

    /// The API's expected answer for these days, counted from 1970-01-01, up to the moment `as_of`;
    /// without its fields `as_of` and `seq`.
    #[must_use]
    pub fn expected_answer(&self, zone: &Zone, from: i64, to: i64, as_of: i64) -> Value {
        let days: Vec<i64> = (from..=to.min(zone.day(as_of))).collect();
        let (first, past) =
            (zone.begin(from), days.last().map_or(zone.begin(from), |day| zone.begin(day + 1)));
        let within = |moment: i64| (first..past).contains(&moment);
        let mut finished: Vec<(i64, u64, &Task)> = Vec::new();
        for (id, task) in &self.tasks {
            finished.extend(task.finished.filter(|at| within(*at)).map(|at| (at, *id, task)));
        }
        finished.sort_by_key(|(at, id, _)| (-at, -i64::try_from(*id).expect("small")));
        let lead = |(at, _, task): &(i64, u64, &Task)| task.since_creation(*at);
        let cycle = |(at, _, task): &(i64, u64, &Task)| task.started.map(|started| at - started);
        let columns = self.expected_columns(first, past);
        let keys: Vec<&str> = columns.iter().filter_map(|column| column["key"].as_str()).collect();
        let finished_on =
            |day: i64| finished.iter().filter(|(at, ..)| zone.day(*at) == day).count();
        let day_told = |day: &i64| {
            let here = || self.changes.iter().filter(|change| zone.day(change.at) == *day);
            let end = zone.begin(day + 1);
            let tasks: Vec<i64> = keys.iter().map(|key| self.count(key, end)).collect();
            json!({
                "date": date(*day), "finished": finished_on(*day), "tasks": tasks,
                "added": here().filter(|change| change.added).count(),
                "moved": here().filter(|change| change.moved).count(),
            })
        };
        // 1970-01-01 was a Thursday.
        let monday = |day: i64| day - (day + 3).rem_euclid(7);
        let mondays: BTreeSet<i64> = days.iter().map(|day| monday(*day)).collect();
        let week_told = |week: &i64| {
            let of_it: Vec<i64> =
                days.iter().copied().filter(|day| monday(*day) == *week).collect();
            let done: usize = of_it.iter().map(|day| finished_on(*day)).sum();
            json!({"monday": date(*week), "days": of_it.len(), "finished": done})
        };
        let task_told = |task: &(i64, u64, &Task)| json!({"task_id": task.1, "finished_at": moment_text(task.0), "lead_ms": lead(task), "cycle_ms": cycle(task)});
        json!({
            "from": date(from), "to": date(to), "time_zone": zone.name,
            "columns": columns,
            "days": days.iter().map(day_told).collect::<Vec<_>>(),
            "weeks": mondays.iter().map(week_told).collect::<Vec<_>>(),
            "lead_time": percentiles(finished.iter().map(lead).collect()),
            "cycle_time": percentiles(finished.iter().filter_map(cycle).collect()),
            "finished": finished.iter().take(1000).map(task_told).collect::<Vec<_>>(),
            "open": self.open(),
        })
    }

    /// How many tasks a column had right before a moment.
    fn count(&self, column: &str, before: i64) -> i64 {
        let changes = self.changes.iter().filter(|change| change.column == column);
        changes.filter(|change| change.at < before).map(|change| change.tasks).sum()
    }

    fn expected_columns(&self, first: i64, past: i64) -> Vec<Value> {
        let entry = |key: &str, name: &Value| {
            let changes = self.changes.iter().filter(|change| change.column == key);
            let within = changes.filter(|change| (first..past).contains(&change.at));
            let stays: Vec<i64> = within.filter_map(|change| change.stayed).collect();
            let count = i64::try_from(stays.len()).expect("few");
            let mean = (count > 0).then(|| stays.iter().sum::<i64>() / count);
            json!({"key": key, "name": name, "stays": count, "mean_stay_ms": mean})
        };
        let known = self.keys();
        let mut gone: BTreeSet<&str> = BTreeSet::new();
        for change in &self.changes {
            let had = (first..past).contains(&change.at) || self.count(&change.column, first) > 0;
            if had && !known.contains(&change.column.as_str()) {
                gone.insert(&change.column);
            }
        }
        let columns = self.columns.as_array().into_iter().flatten();
        let columns =
            columns.map(|column| entry(column["key"].as_str().expect("a key"), &column["name"]));
        columns.chain(gone.into_iter().map(|key| entry(key, &Value::Null))).collect()
    }

    fn open(&self) -> Vec<Value> {
        let mut keys = self.keys();
        if keys.len() > 1 {
            let _ = keys.pop();
        }
        let entry = |key: &str| {
            let mut here: Vec<(&u64, &Task)> = self
                .tasks
                .iter()
                .filter(|(_, task)| task.there && task.entity["status"] == key)
                .collect();
            let count = here.len();
            here.sort_by_key(|(id, task)| {
                (task.started.unwrap_or_else(|| moment(&task.entity["created_at"])), **id)
            });
            here.truncate(100);
            let tasks = here.into_iter().map(|(id, task)| {
                json!({
                    "id": id, "title": task.entity["title"], "created_at": task.entity["created_at"],
                    "started_at": task.started.map(moment_text), "entered_at": moment_text(task.entered),
                })
            });
            json!({"key": key, "count": count, "tasks": tasks.collect::<Vec<_>>()})
        };
        keys.into_iter().map(entry).collect()
    }
}

/// By nearest rank.
fn percentiles(mut times: Vec<i64>) -> Value {
    times.sort_unstable();
    let of = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100);
        rank.checked_sub(1).map(|index| times[index])
    };
    json!({"count": times.len(), "p50_ms": of(50), "p85_ms": of(85), "p95_ms": of(95)})
}
