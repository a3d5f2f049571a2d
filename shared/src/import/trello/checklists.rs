//! The checklists of an export of Trello, which become Markdown below the descriptions of their cards.

use super::fields::{OF_CHECK_ITEM, OF_CHECKLIST};
use super::object::Object;
use super::pages::Section;
use super::people::People;
use crate::import::markdown::escaped;
use crate::import::omission::Of;
use crate::import::reading::Findings;
use crate::models::can_be_seen;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The longest names that are read of items: Trello's own limit.
const ITEM_CHARACTERS: usize = 16_384;

/// The longest names of checklists: they are above their items on every page.
const NAME_CHARACTERS: usize = 1_000;

/// What a checklist is called that has no name of its own.
const UNNAMED: &str = "Checklist";

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
