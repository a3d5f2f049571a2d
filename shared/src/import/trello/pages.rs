//! Texts that may be longer than a description or a comment, laid out on pages that are not: what does
//! not fit on the first goes on in comments.

use crate::import::{MAX_BYTES, MAX_COMMENTS};
use crate::models::{CommentText, can_be_seen};
use std::collections::BTreeSet;
use std::mem;

/// The most characters of a page: a description may have as many as a comment.
const PAGE_CHARACTERS: usize = *CommentText::LENGTH.end();

/// Lines of Markdown that belong together.
pub(super) struct Section {
    /// The heading above them, on every page that they are on; short, and empty for a text of somebody.
    heading: String,
    /// None is torn apart unless it is longer than a page.
    lines: Vec<String>,
}

impl Section {
    /// What somebody wrote.
    pub(super) fn text(text: &str) -> Self {
        Self { heading: String::new(), lines: text.split('\n').map(str::to_owned).collect() }
    }

    /// A list that the import makes.
    pub(super) fn list(heading: &str) -> Self {
        Self { heading: format!("### {heading}\n\n"), lines: Vec::new() }
    }

    pub(super) fn add(&mut self, item: String) {
        self.lines.push(item);
    }

    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// The most characters of a line that is not split over pages.
    pub(super) fn room(&self) -> usize {
        PAGE_CHARACTERS - self.heading.chars().count()
    }

    fn is_text(&self) -> bool {
        self.heading.is_empty()
    }
}

/// The content of one page.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    pub(super) characters: usize,
    /// The lines that are on it, also in part: each with its section's place and its own.
    pub(super) lines: BTreeSet<(usize, usize)>,
}

impl Page {
    fn add(&mut self, place: (usize, usize), text: &str, characters: usize) {
        self.text.push_str(text);
        self.characters += characters;
        self.lines.insert(place);
    }
}

/// The sections on as few pages as their order allows, at least one. A text that goes on has its last
/// page for itself: whatever it leaves open, such as a block of code, ends with it.
pub(super) fn lay_out(sections: &[Section]) -> Vec<Page> {
    let mut pages = vec![Page::default()];
    let mut last = None;
    for (nth, section) in sections.iter().enumerate() {
        let is_torn = last.is_some_and(|last: usize| sections[last].is_text() && pages.len() > 1);
        if is_torn {
            pages.push(Page::default());
        }
        let begin = section.heading.as_str();
        // A list without items is shown by its heading.
        let nothing = (!section.is_text() && section.lines.is_empty()).then_some("");
        let lines = section.lines.iter().map(String::as_str).chain(nothing).enumerate();
        for (line_nth, line) in lines {
            for piece in pieces(line, section.room()) {
                let mut page = pages.pop().unwrap_or_default();
                let is_under_way = page.lines.range((nth, 0)..).next().is_some();
                let between = match (is_under_way, page.lines.is_empty()) {
                    (true, _) => "\n".to_owned(),
                    (false, true) => begin.to_owned(),
                    (false, false) => format!("\n\n{begin}"),
                };
                let added = between + piece;
                let characters = added.chars().count();
                if page.characters + characters <= PAGE_CHARACTERS {
                    page.add((nth, line_nth), &added, characters);
                    pages.push(page);
                } else {
                    let mut next = Page::default();
                    let added = begin.to_owned() + piece;
                    next.add((nth, line_nth), &added, added.chars().count());
                    pages.extend([page, next]);
                }
            }
        }
        last = Some(nth);
    }
    let mut is_first = true;
    pages.retain(|page| mem::take(&mut is_first) || can_be_seen(&page.text));
    pages
}

/// A line in pieces of at most this many characters: between words where there are any, and never behind
/// a backslash, which belongs to the sign that it escapes.
fn pieces(line: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some((end, _)) = rest.char_indices().nth(most) {
        let fitting = &rest[..end];
        let words =
            fitting.rfind(char::is_whitespace).filter(|end| !fitting[..*end].trim().is_empty());
        let backslashes = fitting.len() - fitting.trim_end_matches('\\').len();
        let end = words.unwrap_or(end - backslashes % 2);
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces.push(rest);
    pieces
}

/// How much can go on in comments that the file does not hold.
pub(super) struct Room {
    comments: usize,
    bytes: usize,
}

impl Room {
    /// Beside this many comments that it does have. Together those that are made may be as large as a file.
    pub(super) fn beside(comments: usize) -> Self {
        Self { comments: MAX_COMMENTS.saturating_sub(comments), bytes: MAX_BYTES }
    }

    /// Whether there is room for this comment, which it takes then.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let fits = self.comments > 0 && text.len() <= self.bytes;
        if fits {
            self.comments -= 1;
            self.bytes -= text.len();
        }
        fits
    }
}
