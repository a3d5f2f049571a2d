//! The part of an answer about days that are over for the reader: most of it, and the same whatever happens on the
//! board today, so it is kept on its own. PostgreSQL says which one it is (RT9).

use platform::Bytes;
use platform::gzip::{self, Deflated};
use serde::{Deserialize, Serialize};
use shared::data::analytics::{Finishes, Week, beginning};

/// The middle part of an answer.
#[derive(Debug)]
pub(crate) struct Closed {
    /// Which one it is, in one word.
    pub(crate) of: String,
    /// The tasks that were finished on these days, and whether some of them are listed.
    finishes: Finishes,
    lists: bool,
    text: Text,
}

/// As the client takes it.
#[derive(Debug)]
enum Text {
    Plain(Vec<u8>),
    Deflated(Deflated),
}

/// The part about today, around it.
pub(crate) struct Today<'text> {
    pub(crate) opening: &'text str,
    pub(crate) listed: Option<&'text str>,
    pub(crate) finishes: Finishes,
    pub(crate) ending: &'text str,
}

/// The line that a value begins with, in JSON; after it come `leads` and `cycles`, of eight bytes each, and the text.
#[derive(Deserialize, Serialize)]
struct Head {
    of: String,
    lists: bool,
    weeks: Vec<Week>,
    /// How many.
    leads: usize,
    cycles: usize,
    /// Checksum and size of a text that is deflated.
    deflated: Option<(u32, u64)>,
    /// Of the text, as it is here.
    bytes: usize,
}

impl Closed {
    /// `gzip` is whether it may be compressed.
    pub(crate) fn new(of: &str, text: &str, finishes: Finishes, gzip: bool) -> Self {
        let is_compressed = gzip && text.len() >= gzip::LEAST;
        // Else the list ends at once.
        let lists = !text.starts_with(']');
        let text = text.as_bytes();
        let text = match is_compressed {
            true => Text::Deflated(Deflated::of(text)),
            false => Text::Plain(text.to_vec()),
        };
        Self { of: of.to_owned(), finishes, lists, text }
    }

    /// Whether it is as well made each time: below what is compressed.
    pub(crate) fn is_small(&self) -> bool {
        matches!(&self.text, Text::Plain(text) if text.len() < gzip::LEAST)
    }

    pub(crate) fn between(&self, today: Today<'_>) -> Bytes {
        let Today { opening, listed, finishes, ending } = today;
        let mut all = self.finishes.clone();
        all.add(finishes);
        let beginning = beginning(opening, &mut all, listed, self.lists);
        match &self.text {
            Text::Plain(text) => [beginning.as_bytes(), text, ending.as_bytes()].concat().into(),
            Text::Deflated(deflated) => {
                let beginning = Deflated::of(beginning.as_bytes());
                let ending = Deflated::as_it_is(ending.as_bytes());
                Deflated::joined(&[&beginning, deflated, &ending]).into()
            }
        }
    }

    /// As it is kept.
    pub(crate) fn value(&self) -> Vec<u8> {
        let (deflated, text) = match &self.text {
            Text::Plain(text) => (None, text),
            Text::Deflated(it) => (Some((it.checksum, it.size)), &it.blocks),
        };
        let Finishes { leads, cycles, weeks } = &self.finishes;
        let head = Head {
            of: self.of.clone(),
            lists: self.lists,
            weeks: weeks.clone(),
            leads: leads.len(),
            cycles: cycles.len(),
            deflated,
            bytes: text.len(),
        };
        // Nothing of it can fail.
        let mut value = serde_json::to_vec(&head).unwrap_or_default();
        value.push(b'\n');
        value.extend(leads.iter().chain(cycles).flat_map(|time| time.to_le_bytes()));
        value.extend_from_slice(text);
        value
    }

    /// What [`Self::value`] gave, if it is whole.
    pub(crate) fn kept(value: &[u8]) -> Option<Self> {
        let end = value.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&value[..end]).ok()?;
        let mut rest = &value[end + 1..];
        let mut times = |count: usize| {
            let (bytes, others) = rest.split_at_checked(count.checked_mul(8)?)?;
            rest = others;
            let (times, _) = bytes.as_chunks::<8>();
            Some(times.iter().map(|time| i64::from_le_bytes(*time)).collect::<Vec<_>>())
        };
        let (leads, cycles) = (times(head.leads)?, times(head.cycles)?);
        let text = (rest.len() == head.bytes).then(|| rest.to_vec())?;
        let text = match head.deflated {
            Some((checksum, size)) => Text::Deflated(Deflated { blocks: text, checksum, size }),
            None => Text::Plain(text),
        };
        let finishes = Finishes { leads, cycles, weeks: head.weeks };
        Some(Self { of: head.of, finishes, lists: head.lists, text })
    }
}
