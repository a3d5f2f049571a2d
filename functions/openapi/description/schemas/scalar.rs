//! Single values: texts, ids, moments, each with the limits that `shared` checks.

use serde_json::json;
use shared::models::{
    ApiTokenName as SharedApiTokenName, Assignee as SharedAssignee, BoardName as SharedBoardName,
    ChecklistTitle as SharedChecklistTitle, ColumnKey as SharedColumnKey,
    ColumnName as SharedColumnName, CommentText as SharedCommentText,
    Description as SharedDescription, DescriptionLine as SharedDescriptionLine,
    DisplayName as SharedDisplayName, ItemText as SharedItemText, Labels as SharedLabels,
    MAX_GUESS, MAX_ID, MAX_LABELS, MAX_WIP_LIMIT, Password as SharedPassword,
    TaskTitle as SharedTaskTitle, Username as SharedUsername,
};
use std::ops::RangeInclusive;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, SchemaType, Type};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// One line without control characters, not all of it white space.
pub(crate) const LINE: &str = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$";

/// The same with a visible character. (Beyond the first plane some more shows nothing.)
const SEEN_LINE: &str = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u2800\uFE00-\uFE0F\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB][^\u0000-\u001F\u007F-\u009F]*$";

/// The same without what shows nothing: bidi controls, and what has no width but joiners between
/// letters that need them. (Beyond the first plane some more are refused, and joined emoji and flags taken.)
const VISIBLE_LINE: &str = r"^(?:[\u0600-\u061B\u061D-\u115E\u1161-\u17B3\u17B6-\u180D\u180F-\u1CFF\u2190-\u27FF\u2801-\u2BFF\uA800-\uABFF](?:[\u200C\u200D][\u0600-\u061B\u061D-\u115E\u1161-\u17B3\u17B6-\u180D\u180F-\u1CFF\u2190-\u27FF\u2801-\u2BFF\uA800-\uABFF])+|[^\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB])*(?:[\u0600-\u061B\u061D-\u115E\u1161-\u17B3\u17B6-\u180D\u180F-\u1CFF\u2190-\u27FF\u2801-\u2BFF\uA800-\uABFF](?:[\u200C\u200D][\u0600-\u061B\u061D-\u115E\u1161-\u17B3\u17B6-\u180D\u180F-\u1CFF\u2190-\u27FF\u2801-\u2BFF\uA800-\uABFF])+|[^\s\u2800\uFE00-\uFE0F\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB])(?:[\u0600-\u061B\u061D-\u115E\u1161-\u17B3\u17B6-\u180D\u180F-\u1CFF\u2190-\u27FF\u2801-\u2BFF\uA800-\uABFF](?:[\u200C\u200D][\u0600-\u061B\u061D-\u115E\u1161-\u17B3\u17B6-\u180D\u180F-\u1CFF\u2190-\u27FF\u2801-\u2BFF\uA800-\uABFF])+|[^\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB])*$";

/// Any lines: no control characters but tabs and line breaks.
const LINES: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$";

/// The same with a visible character.
const SEEN_LINES: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*[^\s\u2800\uFE00-\uFE0F\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB][^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$";

/// How the API writes a moment.
const MOMENT: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";

/// What has the form of an e-mail address.
const EMAIL: &str = r"^[^\s@\u0022]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}$";

/// A day that there can be.
const DAY: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

/// The names of time zones that are looked up.
const TIME_ZONE: &str =
    r"^(UTC|Etc/GMT(0|\+([0-9]|1[0-2])|-([0-9]|1[0-4]))?|[A-Za-z_-]+(/[A-Za-z_-]+){1,2})$";

/// Defines a named schema of a single value.
macro_rules! scalar {
    ($($(#[doc = $doc:literal])+ $name:ident = $schema:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.description(Some(concat!($($doc),+).trim())).build().into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

/// A text of this many characters that matches this pattern.
fn text(length: RangeInclusive<usize>, pattern: &str) -> ObjectBuilder {
    let least = Some(*length.start()).filter(|least| *least > 0);
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(least)
        .max_length(Some(*length.end()))
        .pattern(Some(pattern))
}

/// A whole number in this range.
fn integer(range: RangeInclusive<u64>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(*range.start()))
        .maximum(Some(*range.end()))
}

/// One of these words.
fn one_of(words: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()))
}

fn moment() -> ObjectBuilder {
    let date_time = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    ObjectBuilder::new().schema_type(Type::String).format(Some(date_time))
}

fn any_text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

scalar! {
    /// Identifies a board. Quick-win boards are numbered from 1 in each run of the host.
    BoardId = integer(1..=MAX_ID).examples([json!(7)]);
    /// Identifies a task; numbered from 1 on each board.
    TaskId = integer(1..=MAX_ID).examples([json!(3)]);
    /// Identifies a comment; numbered from 1 on each board.
    CommentId = integer(1..=MAX_ID).examples([json!(5)]);
    /// Identifies a checklist; numbered from 1 on each board.
    ChecklistId = integer(1..=MAX_ID).examples([json!(2)]);
    /// Identifies an item of a checklist; numbered from 1 on each board.
    ChecklistItemId = integer(1..=MAX_ID).examples([json!(9)]);
    /// Identifies a user.
    UserId = integer(1..=MAX_ID).examples([json!(2)]);
    /// The number of an event in its board's history, which grows by exactly one with every change to
    /// anything on the board; 0 before the first.
    Seq = integer(0..=MAX_ID).examples([json!(43)]);
    /// Grows by one with every change; 1 for something new. The entity tag begins with it.
    Version = integer(1..=MAX_ID).examples([json!(2)]);
    /// Distinguishes a board from another that had the same id before the databases (or, in quick-win
    /// mode, the host) started over: a sequence number is valid only within its epoch.
    Epoch = any_text().min_length(Some(1)).examples([json!("0f8fad5b-d9cb-469f-a165-70867728950e")]);
    /// A time: RFC 3339 in UTC with milliseconds and `Z`.
    Timestamp = moment().pattern(Some(MOMENT)).examples([json!("2026-01-02T03:04:05.678Z")]);
    /// A time from a client: RFC 3339 with any offset. It is stored in UTC.
    GivenMoment = moment().examples([json!("2026-01-09T17:00:00+01:00")]);
    /// A day of the calendar.
    Day = any_text().pattern(Some(DAY)).examples([json!("2026-11-29")]);
    /// A time zone: an IANA name with a region, or `UTC`.
    TimeZone = text(3..=64, TIME_ZONE).examples([json!("Europe/Berlin")]);
    /// How long something took, in milliseconds.
    Duration = integer(0..=MAX_ID).examples([json!(3_600_000)]);
    /// How many there are.
    Count = integer(0..=MAX_ID).examples([json!(4)]);
    /// The name of a board, in one line.
    BoardName = text(SharedBoardName::LENGTH, SEEN_LINE).examples([json!("Launch")]);
    /// The name of a board from now on, in one line: nothing invisible except joiners where a script or an emoji needs
    /// them. White space around it is removed.
    NewBoardName = text(SharedBoardName::LENGTH, VISIBLE_LINE).examples([json!("Launch")]);
    /// What is to be done from now on, in one line: nothing invisible except joiners where a script or an emoji needs
    /// them. White space around it is removed.
    NewTaskTitle = text(SharedTaskTitle::LENGTH, VISIBLE_LINE).examples([json!("Write the invitation")]);
    /// What is to be done, in one line.
    TaskTitle = text(SharedTaskTitle::LENGTH, SEEN_LINE).examples([json!("Write the invitation")]);
    /// The long description, in Markdown; empty if there is none.
    Description = text(SharedDescription::LENGTH, LINES).examples([json!("By **Friday**.")]);
    /// Who does it. On a quick-win board any name is allowed, otherwise only a member's.
    Assignee = text(SharedAssignee::LENGTH, SEEN_LINE).examples([json!("ada")]);
    /// Who does it from now on: nothing invisible except joiners where a script or an emoji needs them.
    NewAssignee = text(SharedAssignee::LENGTH, VISIBLE_LINE).examples([json!("ada")]);
    /// The title of a checklist from now on, in one line: nothing invisible except joiners where a script or an emoji
    /// needs them.
    NewChecklistTitle = text(SharedChecklistTitle::LENGTH, VISIBLE_LINE).examples([json!("Before the party")]);
    /// The title of a checklist, in one line.
    ChecklistTitle = text(SharedChecklistTitle::LENGTH, SEEN_LINE).examples([json!("Before the party")]);
    /// What an item says from now on, in one line: nothing invisible except joiners where a script or an emoji needs
    /// them.
    NewItemText = text(SharedItemText::LENGTH, VISIBLE_LINE).examples([json!("Order the cake")]);
    /// What an item says, in one line.
    ItemText = text(SharedItemText::LENGTH, SEEN_LINE).examples([json!("Order the cake")]);
    /// A line of a description.
    DescriptionLine = text(SharedDescriptionLine::LENGTH, SEEN_LINES).examples([json!("- [ ] Order the cake")]);
    /// What somebody wrote about a task, in Markdown.
    CommentBody = text(SharedCommentText::LENGTH, SEEN_LINES).examples([json!("Looks good.")]);
    /// Identifies a column on its board; a task's `status`.
    ColumnKey = text(SharedColumnKey::LENGTH, "^[a-z0-9_-]+$").examples([json!("in_progress")]);
    /// The name of a column.
    ColumnName = text(SharedColumnName::LENGTH, SEEN_LINE).examples([json!("In progress")]);
    /// The name of a column from now on: nothing invisible except joiners where a script or an emoji needs them.
    NewColumnName = text(SharedColumnName::LENGTH, VISIBLE_LINE).examples([json!("In progress")]);
    /// The most tasks that a column may have.
    WipLimit = integer(1..=MAX_WIP_LIMIT).examples([json!(3)]);
    /// The position of a task in its column: an opaque text. The tasks of a column are sorted by its
    /// bytes.
    Position = any_text().min_length(Some(1)).examples([json!("V")]);
    /// A word that sorts tasks.
    Label = text(SharedLabels::LENGTH, SEEN_LINE).examples([json!("urgent")]);
    /// A word that sorts tasks from now on: nothing invisible except joiners where a script or an emoji needs them.
    NewLabel = text(SharedLabels::LENGTH, VISIBLE_LINE).examples([json!("urgent")]);
    /// The name that a user logs in with, unique regardless of case.
    Username = text(SharedUsername::LENGTH, "^[a-zA-Z0-9_.-]+$").examples([json!("ada")]);
    /// The name that a user wants to be shown with.
    DisplayName = text(SharedDisplayName::LENGTH, LINE).examples([json!("Ada Lovelace")]);
    /// The name that a user wants to be shown with from now on: nothing invisible except joiners where a script or
    /// an emoji needs them.
    NewDisplayName = text(SharedDisplayName::LENGTH, VISIBLE_LINE).examples([json!("Ada Lovelace")]);
    /// A password: any characters.
    Password = any_text()
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .min_length(Some(*SharedPassword::LENGTH.start()))
        .max_length(Some(*SharedPassword::LENGTH.end()))
        .examples([json!("correct horse battery")]);
    /// A name or a password as it was entered. One that nobody can have is answered like one
    /// that nobody has.
    Guess = any_text().max_length(Some(MAX_GUESS)).examples([json!("correct horse battery")]);
    /// A signed token (JWT, HS256), valid for 30 days.
    Token = any_text().pattern(Some(r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"))
        .examples([json!("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoyfQ.3vO0Zk3nF7c")]);
    /// The secret of a link: 256 random bits in base64url.
    LinkToken = text(43..=43, "^[A-Za-z0-9_-]{43}$")
        .examples([json!("Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk")]);
    /// An e-mail address of ASCII characters, without quotes. White space around it is removed.
    EmailAddress = text(3..=254, EMAIL).examples([json!("ada@example.org")]);
    /// A user name or an e-mail address.
    MailedAccount = any_text().max_length(Some(254)).examples([json!("ada@example.org")]);
    /// The language of a mail; English by default.
    Language = one_of(&["en", "de"]);
    /// The name of a token for a program, in one line.
    ApiTokenName = text(SharedApiTokenName::LENGTH, SEEN_LINE).examples([json!("Nightly report")]);
    /// The name of a new token for a program, in one line: nothing invisible except joiners where a script or an emoji
    /// needs them. White space around it is removed.
    NewApiTokenName =
        text(SharedApiTokenName::LENGTH, VISIBLE_LINE).examples([json!("Nightly report")]);
    /// A token for a program: `tb_`, the scope's letter, `b` if it is for some boards only, the
    /// user's id, `_` and 256 random bits in base64url.
    ApiTokenText = text(49..=67, "^tb_[rwa]b?[1-9][0-9]{0,15}_[A-Za-z0-9_-]{43}$")
        .examples([json!("tb_rb2_Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk")]);
    /// What a token for a program allows: to read boards (`read`), also to change what is on them
    /// as an editor may (`write`), or also to change the boards themselves as an owner may (`admin`).
    Scope = one_of(&["read", "write", "admin"]);
    /// What an authenticator app makes codes of: 160 bits in base32.
    TotpSecret = text(32..=32, "^[A-Z2-7]{32}$")
        .examples([json!("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]);
    /// The role that a link to a board gives.
    InvitationRole = one_of(&["editor", "viewer"]);
    /// What a user may do beyond their own boards.
    UserRole = one_of(&["user", "admin"]);
    /// What a member may do: viewers read, editors change, owners also manage columns and members
    /// and delete.
    Role = one_of(&["viewer", "editor", "owner"]);
    /// A quick-win task's column.
    Status = one_of(&["todo", "in_progress", "finished"]);
    /// `Move` is a change that (also) put a task into another column or position.
    Action = one_of(&["Add", "Update", "Move", "Delete"]);
    /// Where the next page begins: send it as `?cursor=`. It is opaque.
    Cursor = any_text().min_length(Some(1)).max_length(Some(100)).examples([json!("Mw")]);
    /// A position in the activity: send it as `?after=`, or to the feed. It is opaque.
    ActivityCursor = any_text().min_length(Some(1)).max_length(Some(100)).examples([json!("1.742.7.43")]);
    /// Anything else about a task: any JSON object of up to 16 KiB, with at most
    /// 64 levels of objects and arrays, itself being the first. A PATCH merges into it.
    FreeFields = ObjectBuilder::new()
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .examples([json!({"estimate": 3})]);
    /// The fields that differ, each with its old and its new value.
    Changes = ObjectBuilder::new()
        .additional_properties(Some(Schema::from(pair())))
        .examples([json!({"status": ["todo", "finished"]})]);
    /// Different labels.
    Labels = labels(super::reference::<Label>());
    /// Different labels, from now on.
    NewLabels = labels(super::reference::<NewLabel>());
    /// What the standard says (WebAuthn, sections 5.4 and 5.5), in JSON.
    PasskeyOptions = ObjectBuilder::new()
        .property("challenge", any_text())
        .required("challenge")
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    /// A `RegistrationResponseJSON` of the standard's; members that are not listed are ignored.
    NewPasskeyCredential = credential(&["clientDataJSON", "attestationObject"]);
    /// An `AuthenticationResponseJSON` of the standard's, likewise.
    UsedPasskeyCredential =
        credential(&["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

/// What browsers make of passkeys, with these parts of the authenticator's response.
fn credential(parts: &[&str]) -> ObjectBuilder {
    let bytes = || any_text().pattern(Some("^[A-Za-z0-9_-]*$"));
    let open = || {
        let anything = AdditionalProperties::FreeForm(true);
        ObjectBuilder::new().additional_properties(Some(anything))
    };
    let response = parts
        .iter()
        .fold(open(), |response, part| response.property(*part, bytes()).required(*part));
    open()
        .property("rawId", bytes())
        .required("rawId")
        .property("response", response)
        .required("response")
}

/// An old and a new value.
fn pair() -> utoipa::openapi::Array {
    let anything = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
    ArrayBuilder::new().items(anything).min_items(Some(2)).max_items(Some(2)).build()
}

fn labels(each: RefOr<Schema>) -> ArrayBuilder {
    ArrayBuilder::new().items(each).max_items(Some(MAX_LABELS)).unique_items(true)
}
