//! The labels of an exported board: a card's go to its task by name.

use super::fields::OF_LABEL;
use super::object::Object;
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::Findings;
use crate::models::{Labels, MAX_LABELS, can_be_seen};
use crate::validation::FromField as _;
use std::collections::{HashMap, HashSet};

/// The board's labels, and which of them tasks have.
pub(super) struct Labelling {
    /// By id: place and name.
    known: HashMap<String, (String, String)>,
    used: HashSet<String>,
    coloured: bool,
}

impl Labelling {
    pub(super) fn read(board: &mut Object, findings: &mut Findings) -> Self {
        let mut labels = Self { known: HashMap::new(), used: HashSet::new(), coloured: false };
        for mut label in board.objects("labels", findings) {
            let id = label.text("id", findings);
            let name = labels.name(&mut label, findings);
            labels.known.extend(id.zip(name).map(|(id, name)| (id, (label.place.clone(), name))));
            label.leave_rest(OF_LABEL, findings);
        }
        labels
    }

    /// A label's name, or its colour where it has none.
    fn name(&mut self, label: &mut Object, findings: &mut Findings) -> Option<String> {
        let (name, colour) = (label.text("name", findings), label.text("color", findings));
        let name = name.filter(|name| can_be_seen(name));
        self.coloured |= name.is_some() && colour.is_some();
        let name = name.or(colour)?;
        label.line("name", &name, *Labels::LENGTH.end(), findings)
    }

    /// The labels of a card.
    pub(super) fn of_card(&mut self, card: &mut Object, findings: &mut Findings) -> Labels {
        let mut names: Vec<String> = Vec::new();
        let mut add = |name: String| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        for mut label in card.objects("labels", findings) {
            let id = label.text("id", findings);
            if let Some(name) = self.name(&mut label, findings) {
                add(name);
            }
            self.used.extend(id);
            label.leave_rest(OF_LABEL, findings);
        }
        // They repeat the labels, or have everything if the labels themselves are missing.
        for (pointer, id) in card.texts("idLabels", findings) {
            if self.used.contains(&id) && !self.known.contains_key(&id) {
                continue;
            }
            match self.known.get(&id) {
                Some((_, name)) => add(name.clone()),
                None => findings.warn(pointer, Omission::field("idLabels", &card.of)),
            }
            self.used.insert(id);
        }
        let (count, limit) = (names.len(), MAX_LABELS);
        if count > limit {
            let task = card.of.task_name();
            findings.warn(card.pointer("labels"), Omission::TooManyLabels { task, limit, count });
            names.truncate(limit);
        }
        Labels::from_field(names.into()).unwrap_or_default()
    }

    /// Returns which labels no task has, and that none has a colour any more.
    pub(super) fn warn(self, findings: &mut Findings) {
        if self.coloured {
            findings.warn("/labels", Omission::field("color", &Of::default()));
        }
        let unused = self.known.into_iter().filter(|(id, _)| !self.used.contains(id));
        let mut unused: Vec<_> = unused.map(|(_, label)| label).collect();
        unused.sort();
        for (place, name) in unused {
            findings.warn(place, Omission::UnusedLabel { label: short(&name) });
        }
    }
}
