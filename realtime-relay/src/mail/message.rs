//! The text of a mail, in the language of the user who asked for it.

use super::{Letter, MailSettings, english, german};
use anyhow::Context as _;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use shared::models::Language;

/// How many bytes an encoded word has room for, so that its line has at most 76 characters (RFC 2047, section 2).
const WORD_BYTES: usize = 39;

impl Letter {
    /// The mail.
    ///
    /// # Errors
    /// Its address is malformed.
    pub fn message(
        &self,
        settings: &MailSettings,
        secret: Option<&str>,
    ) -> anyhow::Result<Message> {
        let to = self.address.parse().context("its address is malformed")?;
        let page = format!("{}{}", settings.app_url, self.kind.page());
        let link = secret.map_or_else(|| page.clone(), |secret| format!("{page}#{secret}"));
        let (subject, text) = self.words(settings.host(), &link);
        let domain = settings.from.email.domain();
        let mut message = Message::builder()
            .from(settings.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{domain}>", self.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .context("the mail cannot be built")?;
        message.headers_mut().insert_raw(subject_header(subject));
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

/// The header that is shown as this subject. A name in it may look like an encoded word itself, which lettre
/// leaves as it is and mail programs would decode: then all of it is encoded here.
fn subject_header(subject: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Subject");
    if !subject.contains("=?") {
        return HeaderValue::new(name, subject);
    }
    let (mut words, mut word) = (Vec::new(), String::new());
    for character in subject.chars() {
        if word.len() + character.len_utf8() > WORD_BYTES {
            words.push(std::mem::take(&mut word));
        }
        word.push(character);
    }
    words.push(word);
    let words = words.iter().map(|word| format!("=?utf-8?b?{}?=", BASE64_STANDARD.encode(word)));
    let encoded = words.collect::<Vec<_>>().join("\r\n ");
    HeaderValue::dangerous_new_pre_encoded(name, subject, encoded)
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
        for (kind, secret) in [
            (Kind::Verification, Some("s3cret")),
            (Kind::Reset, Some("s3cret")),
            (Kind::Invitation, Some("s3cret")),
            (Kind::AddressChanged, None),
            (Kind::PasswordSet, None),
        ] {
            for language in [Language::English, Language::German] {
                let message = letter(kind, language).message(&settings(), secret).expect("a mail");
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

    /// What a mail program shows of a header that is encoded as a whole.
    fn shown(value: &str) -> String {
        let words = value.split(' ').map(|word| {
            let word = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
            let bytes = BASE64_STANDARD.decode(word.expect("an encoded word")).expect("base64");
            String::from_utf8(bytes).expect("whole characters")
        });
        words.collect()
    }

    #[test]
    fn api_mail_a_name_that_looks_encoded_is_shown_as_it_is() {
        let long = format!("=?{}", "\u{1f469}".repeat(60));
        for name in
            ["=?utf-8?b?RXZl?=", "Zoë =?utf-8?q?Eve?= Müller", "a=?iso-8859-1?q?b?=c", &long]
        {
            for language in [Language::English, Language::German] {
                let mut letter = letter(Kind::Invitation, language);
                name.clone_into(&mut letter.name);
                let (subject, _) = letter.words("board.example", "");
                let message = letter.message(&settings(), Some("s3cret")).expect("a mail");
                let text = String::from_utf8(message.formatted()).expect("a text");
                let (head, _) = text.split_once("\r\n\r\n").expect("a head");
                assert!(head.lines().all(|line| line.len() <= 76), "{head}");
                let unfolded = head.replace("\r\n ", " ");
                let mut lines = unfolded.lines();
                let value = lines.find_map(|line| line.strip_prefix("Subject: ")).expect("one");
                assert_eq!(shown(value), subject);
            }
        }
    }
}
