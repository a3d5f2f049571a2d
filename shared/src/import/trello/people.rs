//! The people of an exported board, who are not members of the new one.

use super::object::Object;
use crate::import::omission::{Of, Omission, short};
use crate::import::reading::Findings;
use crate::models::can_be_seen;
use std::collections::HashMap;

/// The people by their ids at Trello.
pub(super) struct People {
    /// The user who imports the board.
    importer: String,
    users: HashMap<String, User>,
}

struct User {
    username: String,
    name: String,
}

impl People {
    pub(super) fn read(board: &mut Object, importer: &str, findings: &mut Findings) -> Self {
        let mut users = HashMap::new();
        for mut member in board.objects("members", findings) {
            let id = member.required("id", findings);
            let username = member.required("username", findings);
            let name = member.text("fullName", findings);
            let (Some(id), Some(username)) = (id, username) else { continue };
            let name = name.filter(|name| can_be_seen(name));
            let name = name.unwrap_or_else(|| username.clone());
            if !username.eq_ignore_ascii_case(importer) {
                let name = short(&username);
                findings.warn(member.place, Omission::NotAMember { name, of: Of::default() });
            }
            users.insert(id, User { username, name });
        }
        Self { importer: importer.to_owned(), users }
    }

    /// The importer, where it is somebody of this name at Trello.
    pub(super) fn importer(&self, username: &str) -> Option<&str> {
        username.eq_ignore_ascii_case(&self.importer).then_some(self.importer.as_str())
    }

    /// What somebody of this id is called there, the name for log-ins.
    pub(super) fn username<'a>(&'a self, id: &'a str) -> &'a str {
        self.users.get(id).map_or(id, |user| &user.username)
    }

    /// What somebody of this id is called there by people.
    pub(super) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.users.get(id).map_or(id, |user| &user.name)
    }
}
