//! Which characters can be seen, and which only seem to be there.

/// Whether anything of a text can be seen: not all of it is white space, control, blank or invisible.
pub(crate) fn can_be_seen(text: &str) -> bool {
    let shows = |character: char| {
        !character.is_whitespace()
            && !character.is_control()
            && !is_blank(character)
            && !is_invisible(character)
    };
    text.chars().any(shows)
}

/// The first invisible character that has no reason to be where it is.
pub(super) fn hidden(name: &str) -> Option<char> {
    let mut before = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let joins = matches!(character, '\u{200c}' | '\u{200d}')
            && before.is_some_and(can_be_joined)
            && characters.peek().is_some_and(|after| can_be_joined(*after));
        if is_invisible(character) && !joins {
            return Some(character);
        }
        before = Some(character);
    }
    None
}

/// Whether joiners are beside such characters for a reason: letters of scripts that change their form
/// beside each other (from Arabic to those of India and its neighbours), and what emoji are made of.
fn can_be_joined(character: char) -> bool {
    let joined = matches!(character,
        '\u{600}'..='\u{1cff}' | '\u{2190}'..='\u{2bff}' | '\u{a800}'..='\u{abff}' | '\u{fe0f}'
        | '\u{1f000}'..='\u{1faff}');
    joined && !is_invisible(character)
}

/// Whether a character that may be in a name shows nothing on its own: variation selectors,
/// and the Braille pattern without dots.
fn is_blank(character: char) -> bool {
    matches!(character,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character shows nothing of its own: it has no width, or turns the direction of those
/// around it, so that a name could pass for another. These are Unicode's default ignorable code
/// points (DerivedCoreProperties.txt) but for variation selectors, which say how an emoji looks, and the
/// two that break a line.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_can_be_seen_if_any_of_its_characters_can() {
        for seen in
            ["a", "\u{200b}a", "\u{202e}a\u{202c}", "\u{2764}\u{fe0f}", "\u{301}", "\u{10ffff}"]
        {
            assert!(can_be_seen(seen), "{seen:?}");
        }
        for unseen in [
            "",
            " \u{a0}\u{3000}",
            "\u{200b}",
            "\u{0}\u{7}\u{9f}",
            "\u{200d} \u{feff}",
            "\u{2800}",
            "\u{180b}",
            "\u{fe0f}",
            "\u{e0041}",
        ] {
            assert!(!can_be_seen(unseen), "{unseen:?}");
        }
    }
}
