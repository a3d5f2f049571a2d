//! A TOML file read key by key, so that whatever is wrong can be said with file, line and key.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a configuration file, and where.
///
/// Displays as `file:line: key: message`; the line and the key are left out if there are none.
#[derive(Debug)]
pub(crate) struct DocumentError {
    file: String,
    line: Option<usize>,
    key: String,
    message: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(formatter, ": {}", self.key)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

impl std::error::Error for DocumentError {}

/// A place in a file: what a message about a value starts with.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    file: String,
    line: usize,
    key: String,
}

impl Place {
    /// An error about the value at this place; a message of several lines becomes one.
    pub(crate) fn error(&self, message: impl fmt::Display) -> DocumentError {
        let message = message.to_string();
        DocumentError {
            file: self.file.clone(),
            line: Some(self.line),
            key: self.key.clone(),
            message: message.lines().map(str::trim).collect::<Vec<_>>().join(" "),
        }
    }
}

/// A value and the place it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    /// Its place in the file.
    pub(crate) place: Place,
}

impl<T> Located<T> {
    /// An error about this value.
    pub(crate) fn error(&self, message: impl fmt::Display) -> DocumentError {
        self.place.error(message)
    }
}

/// The text of a TOML file under the name that messages call it by.
pub(crate) struct Document {
    file: String,
    text: String,
}

impl Document {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read or is not UTF-8.
    pub(crate) fn read(path: &Path) -> Result<Self, DocumentError> {
        let file = path.display().to_string();
        let file = file.strip_prefix("./").unwrap_or(&file).to_owned();
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { file, text }),
            Err(error) => Err(DocumentError {
                message: format!("cannot be read: {error}"),
                file,
                line: None,
                key: String::new(),
            }),
        }
    }

    /// Parses the text; give the result to [`Document::root`].
    ///
    /// # Errors
    /// The text is not TOML.
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'_>>, DocumentError> {
        DeTable::parse(&self.text).map_err(|error| DocumentError {
            file: self.file.clone(),
            line: error.span().map(|span| self.line(span.start)),
            key: String::new(),
            message: error.message().to_owned(),
        })
    }

    /// The outermost table.
    pub(crate) fn root<'a>(&'a self, parsed: &'a Spanned<DeTable<'a>>) -> Table<'a> {
        Table::new(self, String::new(), parsed.span(), parsed.get_ref())
    }

    fn line(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn place(&self, key: &str, span: &Range<usize>) -> Place {
        Place { file: self.file.clone(), line: self.line(span.start), key: key.to_owned() }
    }
}

/// A table whose keys are asked for one after the other; what nobody asked for is unknown.
pub(crate) struct Table<'a> {
    document: &'a Document,
    path: String,
    span: Range<usize>,
    entries: &'a DeTable<'a>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Table<'a> {
    fn new(
        document: &'a Document,
        path: String,
        span: Range<usize>,
        entries: &'a DeTable<'a>,
    ) -> Self {
        Self { document, path, span, entries, asked: RefCell::default() }
    }

    /// The place of the table itself.
    pub(crate) fn place(&self) -> Place {
        self.document.place(&self.path, &self.span)
    }

    /// The value under `key`, if there is one.
    pub(crate) fn value(&self, key: &str) -> Option<Value<'a>> {
        self.asked.borrow_mut().insert(key.to_owned());
        let value = self.entries.get(key)?;
        Some(Value {
            document: self.document,
            path: self.path_of(key),
            span: value.span(),
            value: value.get_ref(),
        })
    }

    /// Every key with its place and its value, for tables whose keys are names.
    pub(crate) fn named(&self) -> impl Iterator<Item = (Located<String>, Value<'a>)> + '_ {
        self.entries.iter().map(|(key, value)| {
            let path = self.path_of(key.get_ref());
            let place = self.document.place(&path, &key.span());
            let name = Located { value: key.get_ref().to_string(), place };
            let span = value.span();
            (name, Value { document: self.document, path, span, value: value.get_ref() })
        })
    }

    /// The string under `key`.
    pub(crate) fn string(&self, key: &str) -> Result<Located<String>, DocumentError> {
        self.required(key)?.string()
    }

    /// The string under `key`, if there is one.
    pub(crate) fn optional_string(
        &self,
        key: &str,
    ) -> Result<Option<Located<String>>, DocumentError> {
        self.value(key).map(|value| value.string()).transpose()
    }

    /// The boolean under `key`; false if absent.
    pub(crate) fn boolean(&self, key: &str) -> Result<bool, DocumentError> {
        self.value(key).map_or(Ok(false), |value| value.boolean())
    }

    /// The list of strings under `key`; empty if absent.
    pub(crate) fn strings(&self, key: &str) -> Result<Vec<Located<String>>, DocumentError> {
        let Some(value) = self.value(key) else { return Ok(Vec::new()) };
        value.items()?.iter().map(Value::string).collect()
    }

    /// The table under `key`, if there is one.
    pub(crate) fn table(&self, key: &str) -> Result<Option<Table<'a>>, DocumentError> {
        self.value(key).map(|value| value.table()).transpose()
    }

    /// The value under `key`, or the error that it is missing.
    pub(crate) fn required(&self, key: &str) -> Result<Value<'a>, DocumentError> {
        self.value(key).ok_or_else(|| {
            let place = Place { key: self.path_of(key), ..self.place() };
            place.error("is missing")
        })
    }

    /// Says that the keys asked for are all that may be there.
    ///
    /// # Errors
    /// Names the first key that is unknown, and the known ones.
    pub(crate) fn finish(&self) -> Result<(), DocumentError> {
        let asked = self.asked.borrow();
        let unknown = self.entries.keys().find(|key| !asked.contains(key.get_ref().as_ref()));
        let Some(key) = unknown else { return Ok(()) };
        let known = asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let place = self.document.place(&self.path_of(key.get_ref()), &key.span());
        Err(place.error(format_args!("is not a known key here; known keys: {known}")))
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// Any value, not yet asked what it is.
pub(crate) struct Value<'a> {
    document: &'a Document,
    path: String,
    span: Range<usize>,
    value: &'a DeValue<'a>,
}

impl<'a> Value<'a> {
    /// The place of this value.
    pub(crate) fn place(&self) -> Place {
        self.document.place(&self.path, &self.span)
    }

    /// True for a table, also an inline one.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// True for an integer equal to `expected`.
    pub(crate) fn is_integer(&self, expected: i64) -> bool {
        let DeValue::Integer(integer) = self.value else { return false };
        i64::from_str_radix(integer.as_str(), integer.radix()) == Ok(expected)
    }

    /// This value as a string.
    pub(crate) fn string(&self) -> Result<Located<String>, DocumentError> {
        let DeValue::String(string) = self.value else { return Err(self.wrong("a string")) };
        Ok(Located { value: string.to_string(), place: self.place() })
    }

    /// This value as a boolean.
    pub(crate) fn boolean(&self) -> Result<bool, DocumentError> {
        let DeValue::Boolean(boolean) = self.value else { return Err(self.wrong("true or false")) };
        Ok(*boolean)
    }

    /// This value as a number of things, of which there is one at least.
    pub(crate) fn count(&self) -> Result<u32, DocumentError> {
        let wrong = || self.place().error("must be a whole number of at least 1");
        let DeValue::Integer(integer) = self.value else { return Err(wrong()) };
        let count = u32::from_str_radix(integer.as_str(), integer.radix());
        count.ok().filter(|count| *count > 0).ok_or_else(wrong)
    }

    /// This value as a table.
    pub(crate) fn table(&self) -> Result<Table<'a>, DocumentError> {
        let DeValue::Table(table) = self.value else { return Err(self.wrong("a table")) };
        Ok(Table::new(self.document, self.path.clone(), self.span.clone(), table))
    }

    /// The items of this value, which is a list; each is called `key[index]`.
    pub(crate) fn items(&self) -> Result<Vec<Value<'a>>, DocumentError> {
        let DeValue::Array(items) = self.value else { return Err(self.wrong("a list")) };
        let item = |(index, item): (usize, &'a Spanned<DeValue<'a>>)| Value {
            document: self.document,
            path: format!("{}[{index}]", self.path),
            span: item.span(),
            value: item.get_ref(),
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    fn wrong(&self, expected: &str) -> DocumentError {
        self.place().error(format_args!("must be {expected}, is a {}", self.value.type_str()))
    }
}
