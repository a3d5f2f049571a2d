//! Names put into Markdown: they show as they were typed, whatever signs are in them.

use std::fmt::Write as _;

/// The signs that mean something anywhere in a line (CommonMark and GitHub's tables and strikes).
const SIGNS: &str = "\\`*[]<>&|~";

/// Signs that an address may not hold as they are where they would mean something to Markdown.
const NOT_IN_ADDRESSES: &str = "\\`*[]<>|~() ";

/// A text as one line of Markdown that shows just that. Addresses in it stay addresses.
pub(super) fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        if is_address(word) {
            line.push_str(&address(word));
        } else {
            escape_word(word, line.is_empty(), &mut line);
        }
    }
    line
}

/// A link that shows this name.
pub(super) fn link(name: &str, target: &str) -> String {
    format!("[{}]({})", escaped(name), address(target))
}

fn is_address(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// An address with nothing in it that Markdown would take for its own.
fn address(text: &str) -> String {
    let mut address = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        if NOT_IN_ADDRESSES.contains(letter) || letter.is_whitespace() || letter.is_control() {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(address, "%{byte:02X}");
            }
        } else {
            address.push(letter);
        }
    }
    address
}

fn escape_word(word: &str, first: bool, line: &mut String) {
    let letters: Vec<char> = word.chars().collect();
    // At a line's beginning these make a heading, a quote, a list, a rule or a table.
    let begins = first && (letters[0] == '#' || matches!(letters[0], '-' | '+' | '=' | ':'));
    if begins {
        line.push('\\');
    }
    let digits = letters.iter().take_while(|letter| letter.is_ascii_digit()).count();
    for (nth, &letter) in letters.iter().enumerate() {
        let within = |nth: usize| letters.get(nth).is_some_and(|letter| letter.is_alphanumeric());
        let means = match letter {
            // `snake_case` is no emphasis.
            '_' => !(nth > 0 && within(nth - 1) && within(nth + 1)),
            '.' | ')' => first && digits > 0 && nth == digits,
            '!' => letters.get(nth + 1) == Some(&'['),
            _ => SIGNS.contains(letter),
        };
        if means && !(begins && nth == 0) {
            line.push('\\');
        }
        line.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_as_they_were_typed() {
        for (name, markdown) in [
            ("plain words", "plain words"),
            ("snake_case stays", "snake_case stays"),
            (
                "_so_ *so* [x](y) <b> `c` ~~d~~ a|b R&D",
                "\\_so\\_ \\*so\\* \\[x\\](y) \\<b\\> \\`c\\` \\~\\~d\\~\\~ a\\|b R\\&D",
            ),
            ("# no heading", "\\# no heading"),
            ("- no list", "\\- no list"),
            ("1. no list, 2. either", "1\\. no list, 2. either"),
            ("![x] \\n", "\\!\\[x\\] \\\\n"),
            ("see https://example.org/a_b_c?d=*e*", "see https://example.org/a_b_c?d=%2Ae%2A"),
            ("  two\n lines ", "two lines"),
            ("", ""),
        ] {
            assert_eq!(escaped(name), markdown);
        }
    }

    #[test]
    fn a_link_holds_together_whatever_its_name_and_address() {
        assert_eq!(
            link("a](b) [c", "https://example.org/a (1).pdf"),
            "[a\\](b) \\[c](https://example.org/a%20%281%29.pdf)"
        );
    }
}
