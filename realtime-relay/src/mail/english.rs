//! Mails in English.

use super::{Kind, Letter};

/// Subject and text of a letter.
pub(super) fn words(letter: &Letter, host: &str, link: &str) -> (String, String) {
    let name = &letter.name;
    match letter.kind {
        Kind::Verification => (
            format!("Confirm your e-mail address for {host}"),
            format!(
                "Hello {name},\n\nplease confirm that this address is yours. Open this link where you are logged \
                 in, within 24 hours:\n\n{link}\n\nIf you did not enter this address at {host}, ignore this \
                 mail: nothing happens then.\n"
            ),
        ),
        Kind::Reset => (
            format!("Set a new password for {host}"),
            format!(
                "Hello {name},\n\nsomebody, probably you, asked for a new password for your account at {host}. \
                 Set it here, once and within an hour:\n\n{link}\n\nIf that was not you, ignore this mail: your \
                 password stays as it is.\n"
            ),
        ),
        Kind::AddressChanged => (
            format!("The e-mail address of your account at {host} was changed"),
            format!(
                "Hello {name},\n\nthis is no longer the e-mail address of your account at {host}: somebody who is \
                 logged in changed or removed it.\n\nIf that was not you, change your password at once, and end \
                 every session that is not yours:\n\n{link}\n\nIf you can no longer log in, ask an admin.\n"
            ),
        ),
        Kind::PasswordSet => (
            format!("Your account at {host} has a new password"),
            format!(
                "Hello {name},\n\na new password was set for your account at {host} with a link that was created for you, \
                 and you were logged out everywhere.\n\nIf that was not you, request a link for a new password \
                 here at once, or ask an admin:\n\n{link}\n"
            ),
        ),
        Kind::Invitation => {
            let what = letter.board.as_deref().map_or_else(
                || host.to_owned(),
                |board| format!("the board \u{201c}{board}\u{201d} at {host}"),
            );
            (
                format!("{name} invites you to {what}"),
                format!(
                    "Hello,\n\n{name} invites you to {what}. Join here:\n\n{link}\n\nIf you do not know {name}, ignore \
                     this mail.\n"
                ),
            )
        }
    }
}
