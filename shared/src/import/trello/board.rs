//! What an export of Trello has of the board itself: its name, and its lists, which become columns.

use super::fields::OF_LIST;
use super::object::Object;
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::Findings;
use crate::models::{BoardName, Columns, Description, MAX_COLUMNS, MAX_WIP_LIMIT, can_be_seen};
use crate::validation::FromField as _;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// What a list is called that has no name of its own.
const UNNAMED: &str = "List";

/// The board's name.
pub(super) fn read_name(board: &mut Object, findings: &mut Findings) -> Option<BoardName> {
    let name = board.required("name", findings)?;
    let name = board.line("name", &name, *BoardName::LENGTH.end(), findings).unwrap_or_default();
    BoardName::from_field(name.into()).map_err(|why| findings.fault("/name", why)).ok()
}

/// The board's description.
pub(super) fn read_description(board: &mut Object, findings: &mut Findings) -> Description {
    let text = board.text("desc", findings).unwrap_or_default();
    let text = board.lines("desc", &text, *Description::LENGTH.end(), findings);
    Description::from_field(text.into()).unwrap_or_else(|_| Description::empty())
}

/// The open lists from left to right, as columns, and the archived ones.
pub(super) struct Lists {
    /// The columns, where they are right.
    pub(super) columns: Option<Columns>,
    /// Each open list's place among them, and its key.
    pub(super) open: HashMap<String, (usize, String)>,
    /// The archived ones by id.
    pub(super) archived: HashMap<String, ArchivedList>,
}

/// A list that is left out.
pub(super) struct ArchivedList {
    place: String,
    name: String,
    /// How many cards are on it.
    pub(super) cards: usize,
}

impl Lists {
    /// Returns which lists were left out.
    pub(super) fn warn(&mut self, findings: &mut Findings) {
        let mut archived: Vec<_> = self.archived.drain().map(|(_, list)| list).collect();
        archived.sort_by(|one, other| one.place.cmp(&other.place));
        for ArchivedList { place, name, cards } in archived {
            let list = short(&name);
            findings.warn(place, Omission::ArchivedList { list, tasks: cards });
        }
    }
}

pub(super) fn read_lists(board: &mut Object, findings: &mut Findings) -> Lists {
    if !board.is_array("lists") {
        findings.fault("/lists", "must be an array");
        board.take("lists");
    }
    let mut open = Vec::new();
    let mut archived = HashMap::new();
    for mut list in board.objects("lists", findings) {
        let (id, name) = (list.required("id", findings), list.required("name", findings));
        let (rank, closed) = (list.rank(findings), list.switch("closed", findings));
        let (Some(id), Some(name)) = (id, name) else { continue };
        if closed {
            archived.insert(id, ArchivedList { place: list.place, name, cards: 0 });
            continue;
        }
        list.of = Of::list(if can_be_seen(&name) { &name } else { UNNAMED });
        let name = list.name(&name, 100, ("lists", UNNAMED), findings);
        let limit = list.take("softLimit");
        let fits = |limit: &u64| (1..=MAX_WIP_LIMIT).contains(limit);
        let wip_limit = limit.as_ref().and_then(Value::as_u64).filter(fits);
        if limit.is_some() && wip_limit.is_none() {
            findings.warn(list.pointer("softLimit"), Omission::field("softLimit", &list.of));
        }
        open.push((rank, id, name, wip_limit));
        list.leave_rest(OF_LIST, findings);
    }
    open.sort_by(|one, other| one.0.total_cmp(&other.0));
    if findings.is_faultless() && !(1..=MAX_COLUMNS).contains(&open.len()) {
        let detail = format!("must have 1 to {MAX_COLUMNS} open lists, has {}", open.len());
        findings.fault("/lists", detail);
    }
    let mut lists = Lists { columns: None, open: HashMap::new(), archived };
    let mut taken = HashSet::new();
    let mut columns = Vec::new();
    for (nth, (_, id, name, limit)) in open.into_iter().enumerate() {
        let key = key(&name, &mut taken);
        columns.push(json!({"key": key, "name": name, "wip_limit": limit}));
        lists.open.insert(id, (nth, key));
    }
    lists.columns = Columns::read(Value::Array(columns), &mut Vec::new());
    lists
}

/// A column's key, made of its name: `In Review!` becomes `in_review`, a second one `in_review_2`.
fn key(name: &str, taken: &mut HashSet<String>) -> String {
    let mut key = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(40);
    let stem = match key.trim_end_matches('_') {
        "" => "list",
        stem => stem,
    };
    let mut key = stem.to_owned();
    let mut number = 1;
    while !taken.insert(key.clone()) {
        number += 1;
        key = format!("{stem}_{number}");
    }
    key
}
