//! A mail that is to be sent.

use shared::models::Language;

/// What a mail is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Whether an address is somebody's.
    Verification,
    /// A new password.
    Reset,
    /// Coming in.
    Invitation,
    /// Reports that the account has another address, or none.
    AddressChanged,
    /// Reports that the password was set with a link.
    PasswordSet,
}

impl Kind {
    /// As the database writes it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "verification" => Some(Self::Verification),
            "reset" => Some(Self::Reset),
            "invitation" => Some(Self::Invitation),
            "address" => Some(Self::AddressChanged),
            "password" => Some(Self::PasswordSet),
            _ => None,
        }
    }

    /// The page that its link leads to.
    pub(super) fn page(self) -> &'static str {
        match self {
            Self::Verification => "/verify-email",
            Self::Reset => "/reset",
            Self::Invitation => "/invite",
            Self::AddressChanged => "/profile",
            Self::PasswordSet => "/login",
        }
    }
}

/// A mail without its link.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What it is about.
    pub kind: Kind,
    /// How it is worded.
    pub language: Language,
    /// Where it goes.
    pub address: String,
    /// What no other mail is called.
    pub id: String,
    /// The user name of whose account it is about; of an invitation what its maker is called.
    pub name: String,
    /// The board that it invites to.
    pub board: Option<String>,
}
