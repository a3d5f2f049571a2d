//! The tokens of a Rust file that show what a module uses: without comments, strings and
//! characters.

use std::iter::Peekable;
use std::str::CharIndices;

/// A file's tokens: words, `::`, and single punctuation characters.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, letter)) = rest.next() {
        let tail = &text[start..];
        if tail.starts_with("//") {
            skip_while(&mut rest, |letter| letter != '\n');
        } else if tail.starts_with("/*") {
            skip_to(&mut rest, start + comment_length(tail));
        } else if letter == '"' {
            skip_to(&mut rest, start + text_length(tail));
        } else if let Some(length) = raw_text_length(tail) {
            skip_to(&mut rest, start + length);
        } else if letter == '\'' {
            // A lifetime becomes its name.
            skip_to(&mut rest, start + character_length(tail));
        } else if tail.starts_with("::") {
            rest.next();
            tokens.push(&tail[..2]);
        } else if is_of_word(letter) {
            let length = tail.find(|letter| !is_of_word(letter)).unwrap_or(tail.len());
            skip_to(&mut rest, start + length);
            tokens.push(&tail[..length]);
        } else if !letter.is_whitespace() {
            tokens.push(&tail[..letter.len_utf8()]);
        }
    }
    tokens
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn skip_while(rest: &mut Peekable<CharIndices<'_>>, wanted: impl Fn(char) -> bool) {
    while rest.next_if(|(_, letter)| wanted(*letter)).is_some() {}
}

fn skip_to(rest: &mut Peekable<CharIndices<'_>>, end: usize) {
    while rest.next_if(|(index, _)| *index < end).is_some() {}
}

/// The bytes of a comment, which may contain others.
fn comment_length(tail: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = tail.get(at..).and_then(|rest| rest.find(['/', '*'])) {
        at += next;
        match tail.get(at..at + 2) {
            Some("/*") => (depth, at) = (depth + 1, at + 2),
            Some("*/") if depth == 1 => return at + 2,
            Some("*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    tail.len()
}

/// The bytes of a string literal.
fn text_length(tail: &str) -> usize {
    let mut escaped = false;
    for (index, letter) in tail.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return index + 1,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    tail.len()
}

/// The bytes of a raw string or byte string like `r#"…"#`; `None` if none begins here.
fn raw_text_length(tail: &str) -> Option<usize> {
    let marks = tail.strip_prefix("br").or_else(|| tail.strip_prefix('r'))?;
    let quote = marks.find(|letter| letter != '#')?;
    let inside = marks[quote..].strip_prefix('"')?;
    let end = format!("\"{}", &marks[..quote]);
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(tail.len() - inside.len() + length)
}

/// The bytes of a character literal; for a lifetime only its quote.
fn character_length(tail: &str) -> usize {
    let mut letters = tail.char_indices().skip(1);
    match letters.next() {
        Some((_, '\\')) => letters.skip(1).find(|(_, it)| *it == '\'').map_or(1, |(at, _)| at + 1),
        Some(_) => match letters.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_and_characters_are_left_out() {
        let text = r##"use a::b; // use c::d;
            /* use e; /* f */ */ let g = "use h; \" i"; 'j' '\'' '\u{7d}' &'k l r#"m "n"# br"o" p"##;
        let expected = "use a :: b ; let g = ; & k l p";
        assert_eq!(tokens(text), expected.split(' ').collect::<Vec<_>>());
    }
}
