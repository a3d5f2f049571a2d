//! The comments of an export of Trello, which keeps them among all that was done on the board.

use super::fields::{OF_ACTION, OF_ACTION_DATA};
use super::object::Object;
use super::pages::{Page, Room, Section, lay_out};
use super::people::People;
use crate::import::ImportedComment;
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::{Findings, moment};
use crate::models::{Assignee, CommentText, DueAt, can_be_seen};
use crate::validation::FromField as _;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// How many actions Trello puts into an export, newest first; what is older is lost.
const EXPORTED_ACTIONS: usize = 1000;

/// A comment, not yet read whole: that needs its card's name.
pub(super) struct Comment {
    pub(super) place: String,
    created_at: Option<DueAt>,
    updated_at: Option<DueAt>,
    /// The author's name, as far as it is known.
    name: Option<String>,
    is_importer: bool,
    /// Of all names that are given none can be seen.
    is_author_lost: bool,
    /// The card's name, as it was then.
    pub(super) card: Option<String>,
    text: String,
    data: Object,
    action: Object,
}

/// The comments of each card, oldest first. Other actions are history, which gets one warning.
pub(super) fn read_comments(
    board: &mut Object,
    people: &People,
    findings: &mut Findings,
) -> HashMap<String, Vec<Comment>> {
    let actions = board.objects("actions", findings);
    if actions.len() >= EXPORTED_ACTIONS {
        findings.warn("/actions", Omission::HistoryCut { limit: EXPORTED_ACTIONS });
    }
    let mut is_history = false;
    let mut of_cards: HashMap<String, Vec<Comment>> = HashMap::new();
    // They come newest first, and those of one moment must not change places.
    for mut action in actions.into_iter().rev() {
        let kind = action.text("type", findings);
        if !matches!(kind.as_deref(), Some("commentCard" | "copyCommentCard")) {
            is_history = true;
            continue;
        }
        if let Some((card, comment)) = read_comment(action, people, findings) {
            of_cards.entry(card).or_default().push(comment);
        }
    }
    if is_history {
        findings.warn("/actions", Omission::History {});
    }
    for comments in of_cards.values_mut() {
        comments.sort_by_key(|comment| {
            let moment = comment.created_at.map(DueAt::moment);
            (moment.is_none(), moment)
        });
    }
    of_cards
}

/// A comment, and the id of its card; `None` for one that is faulty or empty.
fn read_comment(
    mut action: Object,
    people: &People,
    findings: &mut Findings,
) -> Option<(String, Comment)> {
    let created_at = moment(action.take("date"), &action.pointer("date"), findings);
    let person = action.take("memberCreator").unwrap_or_default();
    let id = action.text("idMemberCreator", findings);
    let (username, name) = (person["username"].as_str(), person["fullName"].as_str());
    let username = username.or_else(|| id.as_deref().map(|id| people.username(id)));
    let is_importer = username.is_some_and(|name| people.importer(name).is_some());
    let names = [name, id.as_deref().map(|id| people.name(id)), username];
    let name = names.into_iter().flatten().find(|name| can_be_seen(name));
    let is_author_lost = name.is_none() && names != [None; 3];
    let name = name.map(str::to_owned);
    let place = action.place.clone();
    let fields = action.take("data").and_then(into_object).unwrap_or_default();
    let mut data = Object::new(action.pointer("data"), fields);
    let card = data.take("card").unwrap_or_default();
    let text = data.take("text");
    let (Some(id), Some(text)) = (card["id"].as_str(), text.as_ref().and_then(Value::as_str))
    else {
        findings.fault(data.place, "must have card.id and text, as a comment has");
        return None;
    };
    let updated_at = moment(data.take("dateLastEdited"), &data.pointer("dateLastEdited"), findings);
    let comment = Comment {
        place,
        created_at,
        updated_at,
        name,
        is_importer,
        is_author_lost,
        card: card["name"].as_str().map(short),
        text: text.to_owned(),
        data,
        action,
    };
    Some((id.to_owned(), comment))
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    if let Value::Object(fields) = value { Some(fields) } else { None }
}

impl Comment {
    /// Who wrote it, for a sentence about it.
    pub(super) fn author(&self) -> Option<String> {
        self.name.as_deref().map(short)
    }

    /// The comment on a task of ours, and those in which it goes on; none for an empty one.
    pub(super) fn into_imported(
        self,
        of: &Of,
        room: &mut Room,
        findings: &mut Findings,
    ) -> Vec<ImportedComment> {
        let Self {
            mut action,
            mut data,
            created_at,
            updated_at,
            name,
            is_importer,
            is_author_lost,
            text,
            ..
        } = self;
        (action.of, data.of) = (of.clone(), of.clone());
        let bodies = continued(&mut data, &text, room, findings);
        if is_author_lost {
            let place = action.pointer("memberCreator");
            findings.warn(place, Omission::field("memberCreator", of));
        }
        let most = *Assignee::LENGTH.end();
        let author = (!is_importer).then(|| name.unwrap_or_else(|| "?".to_owned()));
        let author = author.and_then(|name| action.line("memberCreator", &name, most, findings));
        let author = author.and_then(|name| Assignee::from_field(name.into()).ok());
        action.leave_rest(OF_ACTION, findings);
        data.leave_rest(OF_ACTION_DATA, findings);
        let comment =
            |body| ImportedComment { body, author: author.clone(), created_at, updated_at };
        bodies.into_iter().map(comment).collect()
    }
}

/// A comment's text, in as many as it needs.
fn continued(
    data: &mut Object,
    text: &str,
    room: &mut Room,
    findings: &mut Findings,
) -> Vec<CommentText> {
    let text = data.plain("text", text, findings);
    let mut pages = lay_out(&[Section::text(&text)]);
    let kept = 1 + pages[1..].iter().take_while(|page| room.take(&page.text)).count();
    let (place, task) = (data.pointer("text"), data.of.task_name());
    if kept > 1 {
        let comments = kept - 1;
        findings.warn(place.clone(), Omission::CommentContinued { task, comments });
    }
    if kept < pages.len() {
        pages.truncate(kept);
        let limit = pages.iter().map(|page| page.characters).sum();
        findings
            .warn(place, Omission::Cut { field: "text".to_owned(), limit, of: data.of.clone() });
    }
    let body = |page: Page| CommentText::from_field(page.text.into()).ok();
    pages.into_iter().filter_map(body).collect()
}
