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

/// The flags of England, Scotland and Wales: a black flag, and invisible letters that say which.
const FLAGS: [&str; 3] = [
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// The first invisible character that has no reason to be where it is.
pub(super) fn hidden(line: &str) -> Option<char> {
    judged(line).find_map(|(character, is_hidden)| is_hidden.then_some(character))
}

/// A line without invisible characters that have no reason to be where they are.
pub(crate) fn without_hidden(line: &str) -> String {
    judged(line).filter_map(|(character, is_hidden)| (!is_hidden).then_some(character)).collect()
}

/// The characters of a line, each with whether it is invisible without a reason.
fn judged(line: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = None;
    let mut of_flag = 0_usize;
    line.char_indices().map(move |(at, character)| {
        let flag = FLAGS.iter().find(|flag| line[at..].starts_with(**flag));
        of_flag = flag.map_or(of_flag, |flag| flag.chars().count());
        let joins = matches!(character, '\u{200c}' | '\u{200d}')
            && before.is_some_and(can_be_joined)
            && line[at + character.len_utf8()..].starts_with(can_be_joined);
        let is_hidden = is_invisible(character) && !joins && of_flag == 0;
        of_flag = of_flag.saturating_sub(1);
        before = Some(character);
        (character, is_hidden)
    })
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
/// points (DerivedCoreProperties.txt) but for variation selectors, which say how an emoji looks, and those
/// that break a line or annotate one.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
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

    #[test]
    fn api_line_is_rid_of_what_is_hidden_and_keeps_what_has_a_reason() {
        // Persian, Kannada, a woman at her computer, a heart in colours, the flags of Scotland and the pirates.
        for kept in [
            "",
            "علی\u{200c}رضا",
            "ರ\u{200d}್ಕ",
            "\u{1f469}\u{200d}\u{1f4bb}",
            "\u{2764}\u{fe0f}",
            FLAGS[1],
            "\u{1f3f4}\u{200d}\u{2620}\u{fe0f}",
        ] {
            assert_eq!((hidden(kept), without_hidden(kept)), (None, kept.to_owned()), "{kept:?}");
        }
        for (line, first, kept) in [
            ("zero\u{200b}width", '\u{200b}', "zerowidth"),
            ("\u{202e}live\u{202c}", '\u{202e}', "live"),
            ("one\u{2028}two\u{2029}", '\u{2028}', "onetwo"),
            ("a\u{fff9}b", '\u{fff9}', "ab"),
            ("علی\u{200c}\u{200c}رضا", '\u{200c}', "علیرضا"),
            ("علی\u{200c}", '\u{200c}', "علی"),
            ("\u{1f3f4}\u{e0041}", '\u{e0041}', "\u{1f3f4}"),
            (&format!("{}\u{e0067}", FLAGS[0]), '\u{e0067}', FLAGS[0]),
        ] {
            assert_eq!(
                (hidden(line), without_hidden(line)),
                (Some(first), kept.to_owned()),
                "{line:?}"
            );
        }
    }
}
