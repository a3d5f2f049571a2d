//! Mails in German.

use super::{Kind, Letter};

/// Subject and text of a letter.
pub(super) fn words(letter: &Letter, host: &str, link: &str) -> (String, String) {
    let name = &letter.name;
    match letter.kind {
        Kind::Verification => (
            format!("Bestätigen Sie Ihre E-Mail-Adresse für {host}"),
            format!(
                "Guten Tag {name},\n\nbitte bestätigen Sie, dass diese Adresse Ihnen gehört. Öffnen Sie diesen Link \
                 dort, wo Sie angemeldet sind, innerhalb von 24 Stunden:\n\n{link}\n\nWenn Sie diese Adresse nicht \
                 bei {host} eingegeben haben, ignorieren Sie diese Nachricht: dann geschieht nichts.\n"
            ),
        ),
        Kind::Reset => (
            format!("Setzen Sie ein neues Passwort für {host}"),
            format!(
                "Guten Tag {name},\n\njemand, vermutlich Sie, möchte ein neues Passwort für Ihr Konto bei {host}. \
                 Setzen Sie es hier, einmalig und innerhalb einer Stunde:\n\n{link}\n\nWenn Sie das nicht waren, \
                 ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.\n"
            ),
        ),
        Kind::AddressChanged => (
            format!("Die E-Mail-Adresse Ihres Kontos bei {host} wurde geändert"),
            format!(
                "Guten Tag {name},\n\ndies ist nicht mehr die E-Mail-Adresse Ihres Kontos bei {host}: Jemand, der dort \
                 angemeldet ist, hat sie geändert oder entfernt.\n\nWenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und \
                 beenden Sie alle Sitzungen, die nicht Ihre sind:\n\n{link}\n\nWenn Sie sich nicht mehr anmelden \
                 können, fragen Sie die Verwaltung.\n"
            ),
        ),
        Kind::PasswordSet => (
            format!("Ihr Konto bei {host} hat ein neues Passwort"),
            format!(
                "Guten Tag {name},\n\nmit einem Link, der für Sie erstellt wurde, wurde ein neues Passwort für Ihr Konto \
                 bei {host} gesetzt, und Sie wurden überall abgemeldet.\n\nWenn Sie das nicht waren, fordern Sie hier \
                 sofort einen Link für ein neues Passwort an, oder fragen Sie die Verwaltung:\n\n{link}\n"
            ),
        ),
        Kind::Invitation => {
            let what = letter.board.as_deref().map_or_else(
                || format!("zu {host}"),
                |board| format!("zum Board \u{201e}{board}\u{201c} auf {host}"),
            );
            (
                format!("{name} lädt Sie {what} ein"),
                format!(
                    "Guten Tag,\n\n{name} lädt Sie {what} ein. Hier treten Sie bei:\n\n{link}\n\nWenn Sie {name} nicht \
                     kennen, ignorieren Sie diese Nachricht.\n"
                ),
            )
        }
    }
}
