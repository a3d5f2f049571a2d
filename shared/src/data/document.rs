//! A board's document in its parts: as PostgreSQL gives it, as the cache keeps it, as the API shows it.

use super::publication::DOCUMENT_SECONDS;
use crate::models::Seq;
use crate::preconditions::EntityTag;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A board with its tasks and members, at one moment. All texts are JSON.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    seq: Seq,
    updated_at: &'a str,
    board: Cow<'a, str>,
    tasks: Entities<'a>,
    members: Entities<'a>,
}

/// Where a board stands: after which event, when that was, and in which history of the database. The
/// time tells apart what the number cannot: a database that was set back, and nobody told, has other
/// events under the same numbers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Moment {
    /// The newest event.
    pub seq: Seq,
    /// The time of that event, or of the board's making (RFC 3339).
    pub updated_at: String,
    /// The database's epoch.
    pub epoch: String,
}

/// What the cache has in the place of a board's document.
#[derive(Clone, Debug)]
pub enum Found<'a> {
    /// Nothing, or nobody answered.
    Nothing,
    /// A document, and the moment it is of.
    Document(Document<'a>, Moment),
    /// Something else.
    Garbage,
}

impl<'a> Found<'a> {
    /// From what `document_read.lua` answers.
    #[must_use]
    pub fn of(values: &[&'a str]) -> Self {
        match Document::from_cache(values) {
            Ok(None) => Self::Nothing,
            Ok(Some(document)) => match document.moment() {
                Ok(moment) => Self::Document(document, moment),
                Err(_) => Self::Garbage,
            },
            Err(_) => Self::Garbage,
        }
    }
}

/// Ids and what they name.
type Entities<'a> = Vec<(u64, Cow<'a, str>)>;

/// A text that is no document of a board.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a board's document: {0}")]
pub struct NotADocument(String);

impl From<serde_json::Error> for NotADocument {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

#[derive(Deserialize)]
struct Named {
    id: u64,
}

#[derive(Deserialize)]
struct Placed<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    position: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Column {
    key: String,
}

#[derive(Deserialize)]
struct Member {
    role: String,
}

#[derive(Deserialize)]
struct Head {
    version: u64,
    epoch: String,
    columns: Vec<Column>,
}

/// What the cache keeps as JSON (`document_read.lua`).
#[derive(Deserialize)]
struct Kept<'a> {
    seq: Seq,
    #[serde(borrow)]
    updated_at: &'a RawValue,
    #[serde(borrow)]
    board: &'a RawValue,
    #[serde(borrow)]
    tasks: Parts<'a>,
    #[serde(borrow)]
    members: Parts<'a>,
    #[serde(borrow, default)]
    task_patches: Parts<'a>,
}

type Parts<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

impl<'a> Document<'a> {
    /// The document as PostgreSQL gives it: the board with `tasks` and `members` in it.
    ///
    /// # Errors
    /// [`NotADocument`] for anything else.
    pub fn from_database(text: &'a str) -> Result<Self, NotADocument> {
        let mut parts: Parts<'a> = serde_json::from_str(text)?;
        let mut take =
            |name: &str| parts.remove(name).ok_or_else(|| NotADocument(format!("no {name}")));
        let (tasks, members) = (take("tasks")?, take("members")?);
        let seq = parts.get("seq").and_then(|seq| Seq::parse(seq.get()));
        let updated_at = parts.get("updated_at").map(|time| time.get());
        Ok(Self {
            seq: seq.ok_or_else(|| NotADocument("no seq".to_owned()))?,
            updated_at: updated_at.ok_or_else(|| NotADocument("no updated_at".to_owned()))?,
            board: Cow::Owned(serde_json::to_string(&parts)?),
            tasks: entities(tasks)?,
            members: entities(members)?,
        })
    }

    /// The document as the cache keeps it (`document_read.lua`); `None` where it has none.
    ///
    /// # Errors
    /// [`NotADocument`] where it keeps something else.
    pub fn from_cache(values: &[&'a str]) -> Result<Option<Self>, NotADocument> {
        match values {
            [] => Ok(None),
            [json] => Self::from_json(json).map(Some),
            pairs => Self::from_pairs(pairs).map(Some),
        }
    }

    fn from_json(json: &'a str) -> Result<Self, NotADocument> {
        // A path answers with an array of what it matches.
        let [kept]: [Kept<'a>; 1] = serde_json::from_str(json)?;
        let entities = |parts: Parts<'a>| -> Result<Vec<_>, NotADocument> {
            parts.into_iter().map(|(id, text)| Ok((number(&id)?, text.get().into()))).collect()
        };
        Ok(Self {
            seq: kept.seq,
            updated_at: kept.updated_at.get(),
            board: Cow::Borrowed(kept.board.get()),
            tasks: patched(entities(kept.tasks)?, &entities(kept.task_patches)?)?,
            members: sorted(entities(kept.members)?),
        })
    }

    fn from_pairs(pairs: &[&'a str]) -> Result<Self, NotADocument> {
        let (mut seq, mut updated_at, mut board) = (None, None, None);
        let (mut tasks, mut members, mut patches) = (Vec::new(), Vec::new(), Vec::new());
        for pair in pairs.chunks(2) {
            let [name, value] = pair else { return Err(NotADocument("a name alone".to_owned())) };
            match (*name, name.split_once(':')) {
                ("seq", _) => seq = Seq::parse(value),
                ("updated_at", _) => updated_at = Some(*value),
                ("board", _) => board = Some(Cow::Borrowed(*value)),
                (_, Some(("tasks", task))) => tasks.push((number(task)?, (*value).into())),
                (_, Some(("members", member))) => members.push((number(member)?, (*value).into())),
                (_, Some(("task_patches", task))) => patches.push((number(task)?, (*value).into())),
                (name, _) => return Err(NotADocument(format!("the name {name}"))),
            }
        }
        let missing = || NotADocument("a part is missing".to_owned());
        Ok(Self {
            seq: seq.ok_or_else(missing)?,
            updated_at: updated_at.ok_or_else(missing)?,
            board: board.ok_or_else(missing)?,
            tasks: patched(tasks, &patches)?,
            members: sorted(members),
        })
    }

    /// The newest event in it.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The moment that it shows.
    ///
    /// # Errors
    /// [`NotADocument`] where a part is not what it must be.
    pub fn moment(&self) -> Result<Moment, NotADocument> {
        let Head { epoch, .. } = serde_json::from_str(&self.board)?;
        Ok(Moment { seq: self.seq, updated_at: serde_json::from_str(self.updated_at)?, epoch })
    }

    /// What a user is on this board: `owner`, `editor`, `viewer`, or nothing to it.
    ///
    /// # Errors
    /// [`NotADocument`] where the member is none.
    pub fn role_of(&self, user: u64) -> Result<Option<String>, NotADocument> {
        let member = self.members.iter().find(|(id, _)| *id == user);
        let member = member.map(|(_, text)| serde_json::from_str::<Member>(text)).transpose()?;
        Ok(member.map(|member| member.role))
    }

    /// Its entity tag.
    ///
    /// # Errors
    /// [`NotADocument`] where the board is not what it must be.
    pub fn tag(&self) -> Result<EntityTag, NotADocument> {
        let head: Head = serde_json::from_str(&self.board)?;
        Ok(EntityTag::of_board_parts(head.version, self.seq, &head.epoch))
    }

    /// As the API shows it to a member of this role, with its entity tag: tasks by column, then
    /// position; members by id.
    ///
    /// # Errors
    /// [`NotADocument`] where a part is not what it must be.
    pub fn show(&self, role: &str) -> Result<(String, EntityTag), NotADocument> {
        let head: Head = serde_json::from_str(&self.board)?;
        let parts: Parts<'_> = serde_json::from_str(&self.board)?;
        let mut tasks = Vec::with_capacity(self.tasks.len());
        for (_, text) in &self.tasks {
            let placed: Placed<'_> = serde_json::from_str(text)?;
            let column = head.columns.iter().position(|column| column.key == placed.status);
            let column = column.ok_or_else(|| NotADocument("a task in no column".to_owned()))?;
            tasks.push((column, placed.position, text));
        }
        tasks.sort_unstable();

        let size = |entities: &Entities<'_>| -> usize {
            entities.iter().map(|(_, text)| text.len() + 1).sum()
        };
        let size = self.board.len() + size(&self.tasks) + size(&self.members) + 128;
        let mut json = String::with_capacity(size);
        json.push('{');
        for (name, value) in &parts {
            if !matches!(name.as_ref(), "seq" | "updated_at") {
                push_all(&mut json, &["\"", name, "\":", value.get(), ","]);
            }
        }
        let (seq, role) = (self.seq.to_string(), ["\"", role, "\""].concat());
        push_all(&mut json, &["\"seq\":", &seq, ",\"updated_at\":", self.updated_at]);
        push_all(&mut json, &[",\"role\":", &role, ",\"members\":["]);
        join(&mut json, self.members.iter().map(|(_, text)| text.as_ref()));
        json.push_str("],\"tasks\":[");
        join(&mut json, tasks.iter().map(|(_, _, text)| text.as_ref()));
        json.push_str("]}");
        Ok((json, EntityTag::of_board_parts(head.version, self.seq, &head.epoch)))
    }

    /// The arguments that `document_fill.lua` takes, where this was found in its place. A document with
    /// events that the database does not have, though it was asked later, is of a lost future.
    #[must_use]
    pub fn fill_arguments(&self, found: &Found<'_>) -> Vec<String> {
        let [wrong_seq, wrong_time] = match found {
            Found::Garbage => ["*".to_owned(), String::new()],
            Found::Document(wrong, _) if wrong.seq >= self.seq => {
                [wrong.seq.to_string(), wrong.updated_at.to_owned()]
            }
            Found::Nothing | Found::Document(..) => [String::new(), String::new()],
        };
        let mut arguments = vec![
            self.seq.to_string(),
            self.updated_at.to_owned(),
            self.board.clone().into_owned(),
            DOCUMENT_SECONDS.to_string(),
            String::new(),
            wrong_seq,
            wrong_time,
        ];
        for (part, entities) in [("tasks", &self.tasks), ("members", &self.members)] {
            for (id, text) in entities {
                arguments.extend([part.to_owned(), id.to_string(), text.clone().into_owned()]);
            }
        }
        arguments
    }
}

fn push_all(json: &mut String, texts: &[&str]) {
    texts.iter().for_each(|text| json.push_str(text));
}

fn join<'t>(json: &mut String, texts: impl Iterator<Item = &'t str>) {
    for (nth, text) in texts.enumerate() {
        if nth > 0 {
            json.push(',');
        }
        json.push_str(text);
    }
}

fn number(id: &str) -> Result<u64, NotADocument> {
    id.parse().map_err(|_| NotADocument("an id that is no number".to_owned()))
}

/// The tasks, with the members that replace some of theirs.
fn patched<'a>(
    mut tasks: Entities<'a>,
    patches: &Entities<'_>,
) -> Result<Entities<'a>, NotADocument> {
    let patches: BTreeMap<u64, &str> =
        patches.iter().map(|(id, text)| (*id, text.as_ref())).collect();
    for (id, task) in &mut tasks {
        let Some(patch) = patches.get(id) else { continue };
        let mut members: Parts<'_> = serde_json::from_str(task)?;
        members.extend(serde_json::from_str::<Parts<'_>>(patch)?);
        let text = serde_json::to_string(&members)?;
        *task = text.into();
    }
    Ok(tasks)
}

fn sorted(mut entities: Entities<'_>) -> Entities<'_> {
    entities.sort_unstable_by_key(|(id, _)| *id);
    entities
}

fn entities<'a>(array: &'a RawValue) -> Result<Entities<'a>, NotADocument> {
    let texts: Vec<&'a RawValue> = serde_json::from_str(array.get())?;
    let entity = |text: &'a RawValue| {
        let named: Named = serde_json::from_str(text.get())?;
        Ok((named.id, text.get().into()))
    };
    texts.into_iter().map(entity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn database() -> String {
        json!({
            "id": 7, "epoch": "1d08bd32d2afd03a", "name": "Plan", "seq": 5, "version": 2,
            "columns": [{"key": "todo"}, {"key": "done"}], "updated_at": "2026-01-02T03:04:05.678Z",
            "tasks": [
                {"id": 10, "status": "todo", "position": "b0"},
                {"id": 2, "status": "todo", "position": "b5"},
                {"id": 9, "status": "done", "position": "a0"},
            ],
            "members": [{"id": 3, "role": "viewer"}, {"id": 11, "role": "owner"}],
        })
        .to_string()
    }

    /// What `document_fill.lua` makes of its arguments, and `document_read.lua` of that.
    fn kept(arguments: &[String]) -> (Vec<String>, String) {
        let (head, rest) = arguments.split_at(7);
        let mut pairs = vec!["seq", &head[0], "updated_at", &head[1], "board", &head[2]]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        let mut json = json!({"tasks": {}, "members": {}});
        for name in ["seq", "updated_at", "board"] {
            let at = pairs.iter().position(|part| part == name).expect("there");
            json[name] = serde_json::from_str(&pairs[at + 1]).expect("JSON");
        }
        for triple in rest.chunks(3) {
            pairs.extend([format!("{}:{}", triple[0], triple[1]), triple[2].clone()]);
            json[&triple[0]][&triple[1]] = serde_json::from_str(&triple[2]).expect("JSON");
        }
        (pairs, json!([json]).to_string())
    }

    fn shown(document: &Document<'_>) -> Value {
        let (json, tag) = document.show("viewer").expect("a document");
        assert_eq!(tag.as_str(), "\"2.5.1d08bd32\"");
        serde_json::from_str(&json).expect("JSON")
    }

    #[test]
    fn a_document_is_shown_alike_from_the_database_and_from_both_kinds_of_cache() {
        let text = database();
        let document = Document::from_database(&text).expect("a document");
        let mut expected: Value = serde_json::from_str(&text).expect("JSON");
        expected["role"] = json!("viewer");
        assert_eq!(shown(&document), expected);

        let (pairs, json) = kept(&document.fill_arguments(&Found::Nothing));
        let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
        for values in [pairs.as_slice(), &[json.as_str()]] {
            let cached = Document::from_cache(values).expect("a document").expect("there");
            assert_eq!(shown(&cached), expected);
            assert_eq!(cached.role_of(11).expect("a member").as_deref(), Some("owner"));
            assert_eq!(cached.role_of(4), Ok(None));
            assert_eq!(cached.moment(), document.moment());
        }
    }

    #[test]
    fn rt9_what_was_found_and_is_wrong_is_told_when_a_document_is_offered_in_its_place() {
        let text = database();
        let document = Document::from_database(&text).expect("a document");
        let told = |found: &Found<'_>| {
            let arguments = document.fill_arguments(found);
            (arguments[5].clone(), arguments[6].clone())
        };
        let of = |seq: u64, time: &'static str| {
            let wrong = Document {
                seq: Seq::new(seq).expect("a seq"),
                updated_at: time,
                ..document.clone()
            };
            let moment = wrong.moment().expect("a moment");
            Found::Document(wrong, moment)
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(told(&Found::Nothing), (text(""), text("")));
        assert_eq!(told(&of(4, "\"t\"")), (text(""), text("")), "it is older: it goes anyway");
        assert_eq!(told(&of(5, "\"t\"")), (text("5"), text("\"t\"")), "another history");
        assert_eq!(told(&of(9, "\"t\"")), (text("9"), text("\"t\"")), "a lost future");
        assert_eq!(told(&Found::of(&["[]"])), (text("*"), text("")), "whatever it is");
    }

    #[test]
    fn rt5_what_comments_have_changed_of_a_task_stands_in_the_place_of_its_own() {
        let text = database();
        let document = Document::from_database(&text).expect("a document");
        let (mut pairs, json) = kept(&document.fill_arguments(&Found::Nothing));
        let mut json: Value = serde_json::from_str(&json).expect("JSON");
        let mut expected = shown(&document);
        expected["tasks"][1]["version"] = json!(7);
        // The second is left of a task that is gone.
        for (id, patch) in [("2", json!({"id": 2, "version": 7})), ("99", json!({"id": 99}))] {
            pairs.extend([format!("task_patches:{id}"), patch.to_string()]);
            json[0]["task_patches"][id] = patch;
        }
        let json = json.to_string();
        let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
        for values in [pairs.as_slice(), &[json.as_str()]] {
            let cached = Document::from_cache(values).expect("a document").expect("there");
            assert_eq!(shown(&cached), expected);
        }
    }

    #[test]
    fn an_empty_cache_is_no_error_and_a_broken_one_is() {
        assert!(Document::from_cache(&[]).expect("no error").is_none());
        for broken in [&["seq", "1"][..], &["[]"], &["seq", "1", "x"], &["what", "1", "seq", "1"]] {
            assert!(Document::from_cache(broken).is_err(), "{broken:?}");
        }
    }
}
