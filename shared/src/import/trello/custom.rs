//! The fields that an exported board defines of its own: a card's become those of its task.

use super::object::Object;
use crate::import::omission::Omission;
use crate::import::reading::Findings;
use serde_json::{Map, Number, Value};
use std::collections::{HashMap, HashSet};

/// The names that the import gives to fields itself.
pub(super) const OWN_FIELDS: [&str; 6] =
    ["due_complete", "date_completed", "start", "address", "location", "coordinates"];

/// What the board defines, by id.
pub(super) struct CustomFields(HashMap<String, Definition>);

struct Definition {
    place: String,
    /// What a task calls it; different for each.
    name: String,
    options: HashMap<String, String>,
    used: bool,
}

impl CustomFields {
    pub(super) fn read(board: &mut Object, findings: &mut Findings) -> Self {
        let mut taken: HashSet<String> = OWN_FIELDS.map(str::to_owned).into();
        let mut definitions = HashMap::new();
        for mut field in board.objects("customFields", findings) {
            let (id, name) = (field.text("id", findings), field.text("name", findings));
            let name = name.unwrap_or_default();
            let name = field.name(&name, 64, ("customFields", "Field"), findings);
            let name = unique(&name, &mut taken);
            let mut options = HashMap::new();
            for mut option in field.objects("options", findings) {
                let text =
                    option.take("value").unwrap_or_default()["text"].as_str().map(str::to_owned);
                let id = option.text("id", findings).or_else(|| option.text("_id", findings));
                options.extend(id.zip(text));
            }
            let place = field.place;
            let definition = Definition { place, name, options, used: false };
            definitions.extend(id.map(|id| (id, definition)));
        }
        Self(definitions)
    }

    /// What a card has in them, into its task's fields.
    pub(super) fn fill(
        &mut self,
        card: &mut Object,
        fields: &mut Map<String, Value>,
        findings: &mut Findings,
    ) {
        for mut item in card.objects("customFieldItems", findings) {
            let id = item.text("idCustomField", findings).unwrap_or_default();
            let chosen = item.text("idValue", findings);
            let value = item.take("value");
            let Some(definition) = self.0.get_mut(&id) else {
                findings.warn(item.place, Omission::field("customFieldItems", &item.of));
                continue;
            };
            let chosen = chosen.map(|id| definition.options.get(&id).cloned().map(Value::from));
            let value = chosen.unwrap_or_else(|| value.as_ref().and_then(plain));
            match value {
                Some(value) => {
                    definition.used = true;
                    fields.insert(definition.name.clone(), value);
                }
                None => findings.warn(item.place, Omission::field(&definition.name, &item.of)),
            }
        }
    }

    /// Returns which of them no task has.
    pub(super) fn warn(self, findings: &mut Findings) {
        let mut unused: Vec<_> = self.0.into_values().filter(|field| !field.used).collect();
        unused.sort_by(|one, other| one.place.cmp(&other.place));
        for Definition { place, name, .. } in unused {
            findings.warn(place, Omission::UnusedField { name });
        }
    }
}

/// Trello writes every value as a text in an object: `{"number": "5"}`, `{"checked": "true"}`.
fn plain(value: &Value) -> Option<Value> {
    let (kind, text) = value.as_object()?.iter().next()?;
    let text = text.as_str()?;
    match kind.as_str() {
        "number" => text.parse::<Number>().ok().map_or_else(|| Value::from(text), Value::from),
        "checked" => Value::Bool(text == "true"),
        _ => Value::from(text.replace('\0', "")),
    }
    .into()
}

fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut number = 1;
    let mut unique = name.to_owned();
    while !taken.insert(unique.clone()) {
        number += 1;
        unique = format!("{name} {number}");
    }
    unique
}
