//! Who may register, and by what (docs/contract/api.md, API-REGISTRATION).

use crate::postgres::{self, Row};
use crate::sqlstate::INVALID_LINK;
use crate::{Call, Failure, variables};
use shared::auth::LinkToken;
use shared::data::sql;
use shared::http::problem::{Problem, ProblemKind};

/// Who may register.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Registration {
    /// Anybody.
    Open,
    /// Only with an invitation.
    Invite,
    /// Only with an admin's invitation.
    Closed,
}

impl Registration {
    /// What the variable `registration` says.
    ///
    /// # Errors
    /// 500 if it says something else; the log names the variable.
    pub async fn configured() -> Result<Self, Failure> {
        Ok(match variables::word("registration").await?.as_str() {
            "open" => Self::Open,
            "invite" => Self::Invite,
            _ => Self::Closed,
        })
    }

    /// As the variable says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }

    /// Whether somebody may register with this invitation.
    #[must_use]
    pub fn takes(self, invitation: &Invitation) -> bool {
        self != Self::Closed || invitation.board_name.is_none()
    }

    /// Nobody may who has no (such) invitation (403).
    #[must_use]
    pub fn closed(self) -> Failure {
        let detail = match self {
            Self::Closed => "Only an admin's invitation makes an account here.",
            _ => "Only an invitation makes an account here.",
        };
        let problem = Problem::new(ProblemKind::RegistrationClosed, detail);
        problem.with("registration", self.as_str()).into()
    }
}

/// What an invitation that is valid leads to.
#[derive(Debug)]
pub struct Invitation {
    /// The board; none of an admin's, which leads to an account alone.
    pub board_name: Option<String>,
    /// What one becomes there.
    pub role: Option<String>,
    /// The display name of its maker.
    pub invited_by: String,
    /// When it ends.
    pub expires_at: String,
}

/// The invitation of this link.
///
/// # Errors
/// 404 if it is not valid, 503 if PostgreSQL is unavailable.
pub async fn find(call: &Call, token: &LinkToken) -> Result<Invitation, Failure> {
    let parameters = vec![postgres::text(&token.digest())];
    let row = postgres::query_one(call, sql::FIND_INVITATION, parameters).await?;
    read(&row.ok_or_else(invalid_link)?)
}

fn read(row: &Row) -> Result<Invitation, Failure> {
    Ok(Invitation {
        board_name: row.optional_text(0)?.map(str::to_owned),
        role: row.optional_text(1)?.map(str::to_owned),
        invited_by: row.text(2)?.to_owned(),
        expires_at: row.text(3)?.to_owned(),
    })
}

/// A link is not valid (404): whatever is wrong with it, the answer is the same.
#[must_use]
pub fn invalid_link() -> Failure {
    Failure::refused(ProblemKind::LinkInvalid, INVALID_LINK)
}
