//! The text of a mail, in the language of the user who asked for it.

use super::{Letter, MailSettings, english, german};
use anyhow::Context as _;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use shared::models::Language;

impl Letter {
    /// The mail.
    ///
    /// # Errors
    /// Its address is malformed.
    pub fn message(&self, settings: &MailSettings, secret: &str) -> anyhow::Result<Message> {
        let to = self.address.parse().context("its address is malformed")?;
        let link = format!("{}{}#{secret}", settings.app_url, self.kind.page());
        let (subject, text) = self.words(settings.host(), &link);
        let domain = settings.from.email.domain();
        let mut message = Message::builder()
            .from(settings.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{domain}>", self.id)))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .context("the mail cannot be built")?;
        // RFC 3834: no answering machine answers.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(message)
    }

    /// Subject and text.
    fn words(&self, host: &str, link: &str) -> (String, String) {
        match self.language {
            Language::English => english::words(self, host, link),
            Language::German => german::words(self, host, link),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn settings() -> MailSettings {
        MailSettings::for_tests("https://board.example", "Board <board@example.org>")
    }

    fn letter(kind: Kind, language: Language) -> Letter {
        Letter {
            kind,
            language,
            address: "ada@example.org".to_owned(),
            id: "7.1".to_owned(),
            name: "Zoë\r\nBcc: eve@example.org".to_owned(),
            board: Some("Plan".to_owned()),
        }
    }

    #[test]
    fn api_email_a_mail_is_plain_text_with_one_link_and_nobody_else_gets_it() {
        for kind in [Kind::Verification, Kind::Reset, Kind::Invitation] {
            for language in [Language::English, Language::German] {
                let message =
                    letter(kind, language).message(&settings(), "s3cret").expect("a mail");
                let text = String::from_utf8(message.formatted()).expect("a text");
                let (head, _) = text.split_once("\r\n\r\n").expect("a head");
                assert!(head.contains("Message-ID: <7.1@example.org>"), "{head}");
                assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
                assert!(head.contains("text/plain; charset=utf-8"), "{head}");
                assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
                let to: Vec<String> =
                    message.envelope().to().iter().map(ToString::to_string).collect();
                assert_eq!(to, ["ada@example.org"]);
                let (_, words) = letter(kind, language).words("board.example", "LINK");
                assert_eq!(words.matches("LINK").count(), 1, "{words}");
            }
        }
    }
}
