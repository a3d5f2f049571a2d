//! What an export of Trello tells beside its cards: lists, members, checklists, comments.

use super::Object;
use crate::import::reading::{Findings, attributed, cut};
use crate::models::{BoardName, Columns, CommentText, Description, MAX_COLUMNS, MAX_WIP_LIMIT};
use crate::validation::FromField as _;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// How many actions Trello puts into an export, newest first; what is older is lost.
const EXPORTED_ACTIONS: usize = 1000;

/// The board's name.
pub(super) fn read_name(
    body: &mut Map<String, Value>,
    findings: &mut Findings,
) -> Option<BoardName> {
    let name = Object::of("", body).required("name", findings)?;
    line(&name, *BoardName::LENGTH.end(), "/name", findings).map(Value::from).and_then(|name| {
        BoardName::from_field(name).map_err(|why| findings.fault("/name", why)).ok()
    })
}

/// A text as one line without control characters, cut to `most` characters.
pub(super) fn line(
    text: &str,
    most: usize,
    pointer: &str,
    findings: &mut Findings,
) -> Option<String> {
    let plain: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let (kept, is_cut) = cut(plain.trim(), most);
    if is_cut {
        findings.warn(pointer, format!("was cut to {most} characters"));
    }
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// A text of many lines without other control characters, cut to what a description can hold.
pub(super) fn description(
    text: &str,
    pointer: &str,
    findings: &mut Findings,
) -> Option<Description> {
    let most = *Description::LENGTH.end();
    let text = without_controls(text);
    let (kept, is_cut) = cut(text.trim(), most);
    if is_cut {
        findings.warn(pointer, format!("was cut to {most} characters"));
    }
    Description::from_field(kept.into()).map_err(|why| findings.fault(pointer, why)).ok()
}

pub(super) fn without_controls(text: &str) -> String {
    let is_kept = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    text.chars().filter(is_kept).collect()
}

/// The open lists from left to right, as columns, and the archived ones.
pub(super) struct Lists {
    /// The columns, where they are right.
    pub(super) columns: Option<Columns>,
    /// Each open list's place among them, and its key.
    pub(super) open: HashMap<String, (usize, String)>,
    /// The ids of the archived ones.
    pub(super) archived: HashSet<String>,
}

pub(super) fn read_lists(body: &mut Map<String, Value>, findings: &mut Findings) -> Lists {
    if !body.get("lists").is_some_and(Value::is_array) {
        findings.fault("/lists", "must be an array");
        body.remove("lists");
    }
    let mut open = Vec::new();
    let mut archived = HashSet::new();
    for (pointer, mut list) in findings.objects("/lists", body.remove("lists")) {
        let mut list = Object::of(&pointer, &mut list);
        let id = list.required("id", findings);
        let name = list.required("name", findings);
        let (place, closed) = (list.place(findings), list.switch("closed", findings));
        let limit = list.fields.remove("softLimit").as_ref().and_then(Value::as_u64);
        let (Some(id), Some(name)) = (id, name) else { continue };
        if closed {
            findings.warn(pointer, "is archived, and was left out with its cards");
            archived.insert(id);
            continue;
        }
        let name = line(&name, 100, &format!("{pointer}/name"), findings);
        let limit = limit.filter(|limit| (1..=MAX_WIP_LIMIT).contains(limit));
        open.push((place, id, name.unwrap_or_else(|| "List".to_owned()), limit));
    }
    open.sort_by(|one, other| one.0.total_cmp(&other.0));
    if findings.is_faultless() && !(1..=MAX_COLUMNS).contains(&open.len()) {
        let detail = format!("must be 1 to {MAX_COLUMNS} open lists, are {}", open.len());
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

/// The people of the exported board by their ids there.
pub(super) struct People {
    /// Whoever imports the board.
    pub(super) importer: String,
    names: HashMap<String, String>,
}

impl People {
    pub(super) fn read(
        body: &mut Map<String, Value>,
        importer: &str,
        findings: &mut Findings,
    ) -> Self {
        let mut names = HashMap::new();
        for (pointer, mut member) in findings.objects("/members", body.remove("members")) {
            let mut member = Object::of(&pointer, &mut member);
            let id = member.required("id", findings);
            let username = member.required("username", findings);
            if let Some(name) = &username
                && !name.eq_ignore_ascii_case(importer)
            {
                let detail = format!("was left out: {name} is not a member of the new board");
                findings.warn(pointer, detail);
            }
            names.extend(id.zip(username));
        }
        Self { importer: importer.to_owned(), names }
    }

    /// What somebody of this id is called.
    pub(super) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }
}

/// The checklists of each card, as Markdown.
pub(super) fn read_checklists(
    body: &mut Map<String, Value>,
    findings: &mut Findings,
) -> HashMap<String, String> {
    let mut all = Vec::new();
    for (pointer, mut list) in findings.objects("/checklists", body.remove("checklists")) {
        let items = list.remove("checkItems");
        let mut list = Object::of(&pointer, &mut list);
        let (card, name) = (list.required("idCard", findings), list.text("name", findings));
        let place = list.place(findings);
        let mut lines = Vec::new();
        for (pointer, mut item) in findings.objects(&format!("{pointer}/checkItems"), items) {
            let mut item = Object::of(&pointer, &mut item);
            let (name, state) = (item.required("name", findings), item.text("state", findings));
            let mark = if state.as_deref() == Some("complete") { 'x' } else { ' ' };
            lines.push((item.place(findings), mark, one_line(&name.unwrap_or_default())));
        }
        lines.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut text = format!("### {}\n", one_line(name.as_deref().unwrap_or("Checklist")));
        for (_, mark, name) in lines {
            let _ = write!(text, "\n- [{mark}] {name}");
        }
        all.extend(card.map(|card| (place, card, text)));
    }
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut of_cards: HashMap<String, String> = HashMap::new();
    for (_, card, text) in all {
        let before = of_cards.entry(card).or_default();
        if !before.is_empty() {
            before.push_str("\n\n");
        }
        before.push_str(&text);
    }
    of_cards
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The comments of each card, oldest first; Trello keeps them among what was done on the board.
pub(super) fn read_comments(
    body: &mut Map<String, Value>,
    importer: &str,
    findings: &mut Findings,
) -> HashMap<String, Vec<CommentText>> {
    let actions = findings.objects("/actions", body.remove("actions"));
    if actions.len() >= EXPORTED_ACTIONS {
        findings.warn("/actions", "end with the newest 1,000: comments before them are missing");
    }
    let mut comments = Vec::new();
    for (pointer, mut action) in actions {
        let kind = Object::of(&pointer, &mut action).text("type", findings);
        if !matches!(kind.as_deref(), Some("commentCard" | "copyCommentCard")) {
            continue;
        }
        let date = Object::of(&pointer, &mut action).text("date", findings).unwrap_or_default();
        let author = &action.get("memberCreator").unwrap_or(&Value::Null);
        let (username, name) = (author["username"].as_str(), author["fullName"].as_str());
        let is_importer = username.is_some_and(|name| name.eq_ignore_ascii_case(importer));
        let name = name.filter(|name| !name.trim().is_empty()).or(username).unwrap_or("somebody");
        let author = (!is_importer).then(|| one_line(&without_controls(name)));
        let data = action.get("data").unwrap_or(&Value::Null);
        let place = format!("{pointer}/data/text");
        let (Some(card), Some(text)) = (data["card"]["id"].as_str(), data["text"].as_str()) else {
            findings.fault(format!("{pointer}/data"), "must be {card: {id}, text} of a comment");
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        let text = without_controls(text);
        let comment = attributed(text.trim(), author.as_deref(), findings, &place);
        comments.extend(comment.map(|comment| (date, card.to_owned(), comment)));
    }
    // They come newest first, and those of one moment must not change places.
    comments.reverse();
    comments.sort_by(|one, other| one.0.cmp(&other.0));
    let mut of_cards: HashMap<String, Vec<CommentText>> = HashMap::new();
    for (_, card, comment) in comments {
        of_cards.entry(card).or_default().push(comment);
    }
    of_cards
}

/// Warns of what boards of ours have no place for.
pub(super) fn read_custom(body: &Map<String, Value>, findings: &mut Findings) {
    for (name, detail) in [
        ("customFields", "were left out, with what the cards have in them"),
        ("pluginData", "was left out: what power-ups keep is theirs to read"),
    ] {
        let entries = body.get(name).and_then(Value::as_array);
        if entries.is_some_and(|entries| !entries.is_empty()) {
            findings.warn(format!("/{name}"), detail);
        }
    }
}
