//! All that a card says: its description, links to what is attached, and checklists that do not fit into ours, in one
//! text of its task and, where that has no room for them, in comments.

use super::checklists::Checklist;
use super::object::Object;
use super::pages::{Page, Room, Section, lay_out};
use super::people::People;
use crate::import::ImportedComment;
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::Findings;
use crate::models::CommentText;
use crate::validation::FromField as _;
use std::collections::BTreeSet;

const ATTACHMENTS: &str = "Attachments";

/// A link to what is attached to a card.
pub(super) struct Attachment {
    pub(super) place: String,
    pub(super) name: String,
    /// The item of the list of them, in Markdown.
    pub(super) line: String,
}

/// What is laid out, and how to report what had no room.
pub(super) struct Body {
    sections: Vec<Section>,
    /// Of each section.
    origins: Vec<Origin>,
    /// What fits on no page.
    too_long: Vec<Attached>,
}

/// Where a section comes from.
enum Origin {
    Text,
    /// Place and name of each.
    Attachments(Vec<Attached>),
    Checklist {
        place: String,
        name: String,
        items: usize,
    },
}

/// Place and name of an attachment.
type Attached = (String, String);

impl Body {
    pub(super) fn new(text: &str, attachments: Vec<Attachment>) -> Self {
        let mut body = Self {
            sections: vec![Section::text(text)],
            origins: vec![Origin::Text],
            too_long: Vec::new(),
        };
        let mut links = Section::list(ATTACHMENTS);
        let mut attached = Vec::new();
        for Attachment { place, name, line } in attachments {
            // A link must not be torn apart.
            if line.chars().count() > links.room() {
                body.too_long.push((place, name));
            } else {
                links.add(line);
                attached.push((place, name));
            }
        }
        if !attached.is_empty() {
            body.sections.push(links);
            body.origins.push(Origin::Attachments(attached));
        }
        body
    }

    pub(super) fn add(
        &mut self,
        checklist: Checklist,
        of: &Of,
        people: &People,
        findings: &mut Findings,
    ) {
        let (place, name) = (checklist.place().to_owned(), short(checklist.name()));
        let section = checklist.into_section(of, people, findings);
        self.origins.push(Origin::Checklist { place, name, items: section.lines() });
        self.sections.push(section);
    }

    /// The description, and the importer's comments in which it goes on, as far as there is room.
    pub(super) fn into_texts(
        mut self,
        card: &Object,
        room: &mut Room,
        findings: &mut Findings,
    ) -> (String, Vec<ImportedComment>) {
        let mut pages = lay_out(&self.sections);
        let kept = 1 + pages[1..].iter().take_while(|page| room.take(&page.text)).count();
        let lost = pages.split_off(kept);
        let task = || card.of.task_name();
        if kept > 1 {
            let (task, comments) = (task(), kept - 1);
            findings.warn(card.pointer("desc"), Omission::DescriptionContinued { task, comments });
        }
        let lines: BTreeSet<_> = lost.into_iter().flat_map(|page| page.lines).collect();
        let limit = pages.iter().map(|page| page.characters).sum();
        for (nth, origin) in self.origins.into_iter().enumerate() {
            let mut of_it = lines.range((nth, 0)..(nth + 1, 0)).map(|(_, line)| *line).peekable();
            if of_it.peek().is_none() {
                continue;
            }
            match origin {
                Origin::Text => {
                    let (field, of) = ("desc".to_owned(), card.of.clone());
                    findings.warn(card.pointer("desc"), Omission::Cut { field, limit, of });
                }
                Origin::Attachments(attached) => {
                    self.too_long.extend(of_it.map(|line| attached[line].clone()));
                }
                Origin::Checklist { place, name, items } => {
                    let (task, count) = (task(), of_it.count().min(items));
                    findings.warn(place, Omission::ChecklistWithoutRoom { task, name, count });
                }
            }
        }
        for (place, name) in self.too_long {
            findings.warn(place, Omission::AttachmentWithoutRoom { task: task(), name });
        }
        let mut pages = pages.into_iter();
        let description = pages.next().map(|page| page.text).unwrap_or_default();
        let comment = |page: Page| {
            let body = CommentText::from_field(page.text.into()).ok()?;
            Some(ImportedComment { body, author: None, created_at: None, updated_at: None })
        };
        (description, pages.filter_map(comment).collect())
    }
}
