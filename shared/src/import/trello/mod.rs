//! A board exported by Trello ("Export as JSON"): what of it a board of ours has a place for.
//!
//! Trello adds fields at its own will, so unknown ones are let through; of those that are read, each
//! must be what it should be. Texts that are longer than ours may be are cut, with a warning: who
//! exports a board cannot change it any more.

mod board;
mod card;

use super::reading::Findings;
use super::{Import, ImportedBoard, MAX_COMMENTS, MAX_TASKS};
use crate::models::Description;
use crate::validation::Invalid;
use board::{People, read_checklists, read_comments, read_custom, read_lists, read_name};
use serde_json::{Map, Value};

/// Reads `{name, desc?, lists, cards, checklists?, members?, actions?}`.
pub(super) fn read(mut body: Map<String, Value>, importer: &str) -> Result<Import, Invalid> {
    let mut findings = Findings::default();
    let name = read_name(&mut body, &mut findings);
    let description = Object::of("", &mut body).description("desc", &mut findings);
    let description = description.unwrap_or_else(Description::empty);
    if body.get("closed") == Some(&Value::Bool(true)) {
        findings.warn("/closed", "was left out: the new board is in use");
    }
    let lists = read_lists(&mut body, &mut findings);
    let people = People::read(&mut body, importer, &mut findings);
    let mut checklists = read_checklists(&mut body, &mut findings);
    let mut comments = read_comments(&mut body, importer, &mut findings);
    read_custom(&body, &mut findings);
    let cards = findings.objects("/cards", body.remove("cards"));
    let mut tasks = Vec::with_capacity(cards.len());
    for (pointer, card) in cards {
        let card = card::read(&pointer, card, &lists, &people, &mut findings);
        tasks.extend(card.map(|card| (card.list, card)));
    }
    // Trello keeps neither lists nor cards in their order, but tells it.
    tasks.sort_by(|(list, one), (other_list, other)| {
        (list, one.place)
            .partial_cmp(&(other_list, other.place))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let tasks: Vec<_> = tasks
        .into_iter()
        .filter_map(|(_, card)| {
            let checklists = checklists.remove(&card.id).unwrap_or_default();
            let comments = comments.remove(&card.id).unwrap_or_default();
            card.into_task(&lists, &checklists, comments, &mut findings)
        })
        .collect();
    if tasks.len() > MAX_TASKS {
        let detail = format!("must be at most {MAX_TASKS} cards, are {}", tasks.len());
        findings.fault("/cards", detail);
    }
    let count: usize = tasks.iter().map(|task| task.comments.len()).sum();
    if count > MAX_COMMENTS {
        let detail = format!("must hold at most {MAX_COMMENTS} comments, hold {count}");
        findings.fault("/actions", detail);
    }
    let columns = lists.columns;
    let board = name.zip(columns).map(|(name, columns)| {
        let columns = Some(columns);
        ImportedBoard { name, description, columns, tasks }
    });
    findings.conclude(board)
}

/// An object of the export, read field by field.
struct Object<'a> {
    place: &'a str,
    fields: &'a mut Map<String, Value>,
}

impl<'a> Object<'a> {
    fn of(place: &'a str, fields: &'a mut Map<String, Value>) -> Self {
        Self { place, fields }
    }

    /// A text that may be missing or `null`.
    fn text(&mut self, name: &str, findings: &mut Findings) -> Option<String> {
        match self.fields.remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                findings.fault(self.pointer(name), "must be a string");
                None
            }
        }
    }

    /// A text that must be there.
    fn required(&mut self, name: &str, findings: &mut Findings) -> Option<String> {
        if self.fields.get(name).is_none_or(Value::is_null) {
            findings.fault(self.pointer(name), "is required");
        }
        self.text(name, findings)
    }

    /// A switch that is off where it is missing or `null`.
    fn switch(&mut self, name: &str, findings: &mut Findings) -> bool {
        match self.fields.remove(name) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(on)) => on,
            Some(_) => {
                findings.fault(self.pointer(name), "must be true or false");
                false
            }
        }
    }

    /// Where it stands among its like (`pos`); what tells nothing of it stands last.
    fn place(&mut self, findings: &mut Findings) -> f64 {
        match self.fields.remove("pos") {
            None | Some(Value::Null) => f64::MAX,
            Some(value) => value.as_f64().unwrap_or_else(|| {
                findings.fault(self.pointer("pos"), "must be a number");
                f64::MAX
            }),
        }
    }

    /// A text in Markdown, cut to what a description of ours can hold.
    fn description(&mut self, name: &str, findings: &mut Findings) -> Option<Description> {
        let text = self.text(name, findings)?;
        board::description(&text, &self.pointer(name), findings)
    }

    fn pointer(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }
}

#[cfg(test)]
mod tests;
