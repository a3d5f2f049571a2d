//! The checklists of an export of Trello, which become checklists of ours; one that does not fit into one becomes
//! Markdown below the description of its card.

use super::fields::{OF_CHECK_ITEM, OF_CHECKLIST};
use super::object::Object;
use super::pages::Section;
use super::people::People;
use crate::import::markdown::escaped;
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::{Findings, moment};
use crate::import::{ImportedChecklist, ImportedItem, MAX_ITEMS_OF_CHECKLIST};
use crate::models::{Assignee, ChecklistTitle, ItemText, can_be_seen};
use crate::validation::FromField as _;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The longest names that are read of items: Trello's own limit.
const ITEM_CHARACTERS: usize = 16_384;

/// The longest names of checklists: they are above their items on every page.
const NAME_CHARACTERS: usize = 1_000;

/// What a checklist is called that has no name of its own, and an item.
const UNNAMED: &str = "Checklist";
const UNNAMED_ITEM: &str = "Item";

/// A checklist, not yet read whole: that needs its card's name.
pub(super) struct Checklist {
    rank: f64,
    name: Option<String>,
    object: Object,
}

impl Checklist {
    pub(super) fn place(&self) -> &str {
        &self.object.place
    }

    pub(super) fn name(&self) -> &str {
        self.name.as_deref().filter(|name| can_be_seen(name)).unwrap_or(UNNAMED)
    }

    /// Whether it can become a checklist of ours as it is.
    pub(super) fn fits(&self) -> bool {
        let is_short = |name: &str, most: usize| name.trim().chars().count() <= most;
        self.name.as_deref().is_none_or(|name| is_short(name, *ChecklistTitle::LENGTH.end()))
            && self.object.count("checkItems") <= MAX_ITEMS_OF_CHECKLIST
            && self
                .object
                .texts_of("checkItems", "name")
                .all(|name| is_short(name, *ItemText::LENGTH.end()))
    }

    /// The checklist of ours.
    pub(super) fn into_imported(
        self,
        of: &Of,
        people: &People,
        findings: &mut Findings,
    ) -> Option<ImportedChecklist> {
        let mut object = self.object;
        object.of = of.clone();
        let name = self.name.unwrap_or_default();
        let most = *ChecklistTitle::LENGTH.end();
        let title = object.name(&name, most, ("checklists", UNNAMED), findings);
        let mut items = Vec::new();
        for mut item in object.objects("checkItems", findings) {
            let rank = item.rank(findings);
            items.extend(read_item(&mut item, people, findings).map(|read| (rank, read)));
            item.leave_rest(OF_CHECK_ITEM, findings);
        }
        object.leave_rest(OF_CHECKLIST, findings);
        items.sort_by(|one, other| one.0.total_cmp(&other.0));
        let items = items.into_iter().map(|(_, item)| item).collect();
        Some(ImportedChecklist { title: ChecklistTitle::from_field(title.into()).ok()?, items })
    }

    /// Its items as Markdown: `- [x] Order timber (2026-03-14T16:30:00.000Z, Emmy Example)`.
    pub(super) fn into_section(self, of: &Of, people: &People, findings: &mut Findings) -> Section {
        let mut object = self.object;
        object.of = of.clone();
        let name = self.name.unwrap_or_default();
        let name = object.name(&name, NAME_CHARACTERS, ("checklists", UNNAMED), findings);
        let mut lines = Vec::new();
        for mut item in object.objects("checkItems", findings) {
            let name = item.required("name", findings).unwrap_or_default();
            let name = item.line("name", &name, ITEM_CHARACTERS, findings).unwrap_or_default();
            let done = item.text("state", findings).as_deref() == Some("complete");
            let due = item.text("due", findings);
            let person = item.text("idMember", findings).map(|id| people.name(&id).to_owned());
            let known =
                [("due", due), ("idMember", person)].into_iter().filter_map(|(field, text)| {
                    Some(escaped(&item.line(field, &text?, NAME_CHARACTERS, findings)?))
                });
            let known: Vec<String> = known.collect();
            let mut line = format!("- [{}] {}", if done { 'x' } else { ' ' }, escaped(&name));
            if !known.is_empty() {
                let _ = write!(line, " ({})", known.join(", "));
            }
            lines.push((item.rank(findings), line));
            item.leave_rest(OF_CHECK_ITEM, findings);
        }
        object.leave_rest(OF_CHECKLIST, findings);
        lines.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut section = Section::list(&escaped(&name));
        lines.into_iter().for_each(|(_, line)| section.add(line));
        section
    }
}

/// One of its items. Nobody but the importer can be assigned.
fn read_item(item: &mut Object, people: &People, findings: &mut Findings) -> Option<ImportedItem> {
    let name = item.required("name", findings);
    let text = name.map(|name| {
        item.name(&name, *ItemText::LENGTH.end(), ("checkItems", UNNAMED_ITEM), findings)
    });
    let done = item.text("state", findings).as_deref() == Some("complete");
    let due_at = moment(item.take("due"), &item.pointer("due"), findings);
    let mut assigned_to = None;
    if let Some(id) = item.text("idMember", findings) {
        let name = people.username(&id);
        match people.importer(name) {
            Some(importer) => assigned_to = Assignee::from_field(importer.into()).ok(),
            None => {
                let (name, of) = (short(name), item.of.clone());
                findings.warn(item.pointer("idMember"), Omission::NotAMember { name, of });
            }
        }
    }
    let text = ItemText::from_field(text?.into()).ok()?;
    Some(ImportedItem { text, done, assigned_to, due_at })
}

/// The checklists of each card, in their order.
pub(super) fn read_checklists(
    board: &mut Object,
    findings: &mut Findings,
) -> HashMap<String, Vec<Checklist>> {
    let mut of_cards: HashMap<String, Vec<Checklist>> = HashMap::new();
    for mut object in board.objects("checklists", findings) {
        let card = object.required("idCard", findings);
        let (name, rank) = (object.text("name", findings), object.rank(findings));
        if let Some(card) = card {
            of_cards.entry(card).or_default().push(Checklist { rank, name, object });
        }
    }
    for lists in of_cards.values_mut() {
        lists.sort_by(|one, other| one.rank.total_cmp(&other.rank));
    }
    of_cards
}
