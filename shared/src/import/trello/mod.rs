//! A board exported by Trello ("Export as JSON"): what of it a board of ours has a place for.
//!
//! Trello adds fields at its own will, so unknown ones are let through, with a warning if they have content;
//! of those that are read, each must be what it should be. Texts that are longer than ours may be are
//! cut, with a warning: who exports a board cannot change it any more.

mod board;
mod body;
mod card;
mod checklists;
mod comments;
mod custom;
mod fields;
mod labels;
mod object;
mod pages;
mod people;

use super::omission::{Omission, short};
use super::reading::Findings;
use super::{Import, ImportedBoard, ImportedTask, MAX_COMMENTS, MAX_TASKS};
use crate::validation::Invalid;
use board::{Lists, read_description, read_lists, read_name};
use card::{Context, Kind};
use checklists::{Checklist, read_checklists};
use comments::{Comment, read_comments};
use custom::CustomFields;
use fields::OF_BOARD;
use labels::Labelling;
use object::Object;
use pages::Room;
use people::People;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Reads `{name, desc?, closed?, lists, cards, labels?, checklists?, members?, customFields?, actions?}`.
pub(super) fn read(body: Map<String, Value>, importer: &str) -> Result<Import, Invalid> {
    let mut findings = Findings::default();
    let told = &mut findings;
    let mut board = Object::new("", body);
    let name = read_name(&mut board, told);
    let description = read_description(&mut board, told);
    let archived = board.switch("closed", told);
    let mut lists = read_lists(&mut board, told);
    let people = People::read(&mut board, importer, told);
    let mut said = Said {
        checklists: read_checklists(&mut board, told),
        comments: read_comments(&mut board, &people, told),
    };
    let mut custom = CustomFields::read(&mut board, told);
    let mut labels = Labelling::read(&mut board, told);
    let mut room = Room::beside(said.comments.values().map(Vec::len).sum());
    let mut context =
        Context { people: &people, labels: &mut labels, custom: &mut custom, room: &mut room };
    let tasks = read_cards(&mut board, &mut lists, &mut said, &mut context, told);
    lists.warn(told);
    said.warn(told);
    labels.warn(told);
    custom.warn(told);
    board.leave_rest(OF_BOARD, told);
    check_limits(&tasks, told);
    let board = name.zip(lists.columns).map(|(name, columns)| {
        let columns = Some(columns);
        ImportedBoard { name, description, columns, archived, tasks }
    });
    findings.conclude(board)
}

/// What is said of cards beside them, by their ids.
struct Said {
    checklists: HashMap<String, Vec<Checklist>>,
    comments: HashMap<String, Vec<Comment>>,
}

impl Said {
    fn of(&mut self, card: &str) -> (Vec<Checklist>, Vec<Comment>) {
        let checklists = self.checklists.remove(card).unwrap_or_default();
        (checklists, self.comments.remove(card).unwrap_or_default())
    }

    /// Tells what is left: it is of cards that are not in the file.
    fn warn(self, findings: &mut Findings) {
        let mut lost: Vec<(String, Omission)> = Vec::new();
        for list in self.checklists.into_values().flatten() {
            let name = short(list.name());
            lost.push((list.place().to_owned(), Omission::ChecklistWithoutTask { name }));
        }
        for comment in self.comments.into_values().flatten() {
            let (name, task) = (comment.author(), comment.card.clone());
            lost.push((comment.place, Omission::CommentWithoutTask { name, task }));
        }
        lost.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (place, omission) in lost {
            findings.warn(place, omission);
        }
    }
}

/// The tasks in the order of their columns. Trello keeps neither lists nor cards in order, but gives
/// their positions.
fn read_cards(
    board: &mut Object,
    lists: &mut Lists,
    said: &mut Said,
    context: &mut Context<'_>,
    findings: &mut Findings,
) -> Vec<ImportedTask> {
    let mut cards = Vec::new();
    for object in board.objects("cards", findings) {
        match card::read(object, lists, findings) {
            Some(Kind::Open(card)) => cards.push(card),
            Some(Kind::Archived(id, told)) => {
                let (_, comments) = said.of(&id);
                if let Some((name, place)) = told {
                    let (task, comments) = (short(&name), comments.len());
                    findings.warn(place, Omission::ArchivedTask { task, comments });
                }
            }
            None => {}
        }
    }
    cards.sort_by(|one, other| {
        one.list.cmp(&other.list).then_with(|| one.rank.total_cmp(&other.rank))
    });
    let into_task = |card: card::Card| {
        let (checklists, comments) = said.of(&card.id);
        card.into_task(checklists, comments, context, findings)
    };
    cards.into_iter().filter_map(into_task).collect()
}

fn check_limits(tasks: &[ImportedTask], findings: &mut Findings) {
    if tasks.len() > MAX_TASKS {
        let detail = format!("must have at most {MAX_TASKS} cards, has {}", tasks.len());
        findings.fault("/cards", detail);
    }
    let count: usize = tasks.iter().map(|task| task.comments.len()).sum();
    if count > MAX_COMMENTS {
        let detail = format!("must contain at most {MAX_COMMENTS} comments, contains {count}");
        findings.fault("/actions", detail);
    }
    super::checklists::check_count("/checklists", tasks, findings);
}

#[cfg(test)]
mod long;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod whole;
