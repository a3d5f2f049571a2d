//! Events by their texts: hundreds of clients receive the same ones, and each is parsed and stored
//! once.

use history::{Json, event_of};
use std::collections::HashMap;
use std::sync::Mutex;

/// The beginning of an event's text.
const EVENT: &str = r#"{"type":"event","#;

/// The texts of all received events.
#[derive(Debug, Default)]
pub(super) struct Texts(Mutex<HashMap<Box<str>, Json>>);

impl Texts {
    /// The event of docs/contract/api.md in this message; none if it is another message.
    ///
    /// # Panics
    /// If it begins like an event and is not JSON.
    pub(super) fn event(&self, text: &str) -> Option<Json> {
        if !text.starts_with(EVENT) {
            return None;
        }
        let mut texts = self.0.lock().expect("the texts");
        if let Some(known) = texts.get(text) {
            return Some(known.clone());
        }
        let message = serde_json::from_str(text).expect("JSON");
        let event = Json::from(event_of(message));
        texts.insert(text.into(), event.clone());
        Some(event)
    }
}
