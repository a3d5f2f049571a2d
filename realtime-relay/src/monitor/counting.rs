//! Entries of the feeds as they are counted: what happened, by whom, in which minute.

use super::Monitor;
use crate::metrics::Monitored;
use crate::redis::entries::{Entry, Id, entries};
use crate::unavailable::Unavailable;
use redis::{Value, cmd};
use serde::Deserialize;
use shared::data::{keys, scripts};
use shared::models::Username;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The actions and entities that are counted by name. Whatever else an entry says is `faulty`, so that
/// nobody can make up fields without end.
const ACTIONS: [&str; 4] = ["Add", "Update", "Move", "Delete"];
const ENTITIES: [&str; 6] = ["board", "task", "comment", "checklist", "checklist_item", "member"];

/// What is read of an event, and logged. No text that a user wrote.
#[derive(Deserialize)]
struct Event<'entry> {
    #[serde(borrow)]
    action: Cow<'entry, str>,
    #[serde(borrow)]
    entity: Cow<'entry, str>,
    #[serde(borrow)]
    actor: Actor<'entry>,
}

#[derive(Deserialize)]
struct Actor<'entry> {
    id: u64,
    #[serde(borrow)]
    username: Cow<'entry, str>,
}

/// An entry of a feed.
pub(super) struct Happening<'entry> {
    id: Id,
    board: u64,
    seq: u64,
    /// `None` if the entry is no event.
    event: Option<Event<'entry>>,
}

impl<'entry> Happening<'entry> {
    /// All entries of an answer.
    pub(super) fn read_all(answer: &'entry Value) -> Vec<Self> {
        entries(answer).map(|entry| Self::read(&entry)).collect()
    }

    fn read(entry: &Entry<'entry>) -> Self {
        let number = |name| entry.number(name).unwrap_or_default();
        let event =
            entry.field("event").and_then(|text| serde_json::from_str::<Event<'_>>(text).ok());
        let (board, seq) = (number("board"), number("seq"));
        let event = event.filter(|event| {
            let known = ACTIONS.contains(&&*event.action) && ENTITIES.contains(&&*event.entity);
            let named = event.actor.username.len() <= *Username::LENGTH.end();
            known && named && board > 0 && seq > 0
        });
        Self { id: entry.id, board, seq, event }
    }

    fn field(&self) -> String {
        match &self.event {
            Some(event) => format!("{}:{}", event.action, event.entity),
            None => "faulty".to_owned(),
        }
    }

    /// Minutes since 1970, by Redis's clock.
    fn minute(&self) -> u64 {
        self.id.0 / 60_000
    }

    /// Spans of [`keys::MONITOR_SPAN`] seconds since 1970, by the same.
    fn span(&self) -> u64 {
        self.id.0 / 1_000 / keys::MONITOR_SPAN
    }

    /// One line of the activity log.
    fn log(&self) {
        match &self.event {
            Some(Event { action, entity, actor: Actor { id, username } }) => tracing::info!(
                target: "activity",
                board = self.board,
                seq = self.seq,
                action = &**action,
                entity = &**entity,
                actor_id = *id,
                actor = &**username,
                "event"
            ),
            None => tracing::warn!(entry = %self.id, "an entry of a feed is not an event"),
        }
    }
}

impl Monitor {
    /// Counts entries of a shard's feed, those that nobody had counted, and logs them.
    pub(super) async fn count(
        &self,
        shard: u64,
        happenings: &[Happening<'_>],
    ) -> Result<(), Unavailable> {
        if happenings.is_empty() {
            return Ok(());
        }
        let counted: Vec<usize> = self.link.ask(&script(shard, happenings)).await?;
        let duplicates = happenings.len().saturating_sub(counted.len());
        self.metrics.monitor_entries.of(Monitored::Duplicate).add(duplicates as u64);
        for place in counted {
            let Some(happening) = place.checked_sub(1).and_then(|it| happenings.get(it)) else {
                continue;
            };
            let outcome = match happening.event {
                Some(_) => Monitored::Counted,
                None => Monitored::Faulty,
            };
            happening.log();
            self.metrics.monitor_entries.of(outcome).add(1);
        }
        Ok(())
    }
}

/// The call of the script that counts. The feed and the counts are keys 1 and 2; then come those of
/// minutes, of boards and of people.
fn script(shard: u64, happenings: &[Happening<'_>]) -> redis::Cmd {
    let minutes: BTreeSet<u64> = happenings.iter().map(Happening::minute).collect();
    let spans: BTreeSet<u64> = happenings.iter().map(Happening::span).collect();
    let place = |set: &BTreeSet<u64>, of| 3 + set.range(..of).count();
    let mut script = cmd("EVAL");
    script.arg(scripts::MONITOR_COUNT).arg(2 + minutes.len() + 2 * spans.len());
    script.arg(keys::feed(shard)).arg(keys::monitor_counts(shard));
    for minute in &minutes {
        script.arg(keys::monitor_counts_of_minute(shard, *minute));
    }
    for span in &spans {
        script.arg(keys::monitor_boards(shard, *span));
    }
    for span in &spans {
        script.arg(keys::monitor_people(shard, *span));
    }
    script.arg(keys::MONITOR_GROUP).arg(keys::MONITOR_NAMES);
    for minute in &minutes {
        script.arg((minute + 1) * 60 + keys::MONITOR_SECONDS);
    }
    for span in spans.iter().chain(&spans) {
        script.arg((span + 1) * keys::MONITOR_SPAN + keys::MONITOR_SPAN_SECONDS);
    }
    for happening in happenings {
        let minute = place(&minutes, happening.minute());
        script.arg(happening.id.to_string()).arg(minute).arg(happening.field());
        if let Some(event) = &happening.event {
            let boards = minutes.len() + place(&spans, happening.span());
            script.arg(boards).arg(boards + spans.len());
            script.arg(happening.board).arg(&*event.actor.username);
        } else {
            script.arg(0).arg(0).arg("").arg("");
        }
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    fn entry(id: &str, fields: &[&str]) -> Value {
        let fields = fields.iter().map(|text| bulk(text)).collect();
        Value::Array(vec![bulk(id), Value::Array(fields)])
    }

    #[test]
    fn what_is_counted_is_one_of_few_names_whatever_an_entry_says() {
        let event = |action: &str, entity: &str| {
            format!(
                r#"{{"seq": 1, "actor": {{"id": 3, "username": "ada"}}, "action": "{action}",
                    "entity": "{entity}", "task": {{"title": "secret"}}}}"#
            )
        };
        let fields = [
            (event("Move", "task"), "Move:task"),
            (event("Move", "cat"), "faulty"),
            (event("Purr", "task"), "faulty"),
            (r#"{"action": "Move", "entity": "task"}"#.to_owned(), "faulty"),
            ("[]".to_owned(), "faulty"),
            (String::new(), "faulty"),
        ];
        for (text, expected) in fields {
            let answer =
                Value::Array(vec![entry("60000-1", &["board", "7", "seq", "1", "event", &text])]);
            let happenings = Happening::read_all(&answer);
            assert_eq!((happenings.len(), happenings[0].minute()), (1, 1));
            assert_eq!(happenings[0].field(), expected, "{text}");
        }
        let text = event("Move", "task");
        let answer = Value::Array(vec![entry("60000-1", &["event", &text])]);
        assert_eq!(Happening::read_all(&answer)[0].field(), "faulty", "of no board");
    }
}
