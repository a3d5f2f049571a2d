//! People in bulk: inserted into the database, with tokens signed here, because hashing a password
//! for each would take longer than the scenario.

use crate::databases::Databases;
use crate::stack::JWT_SECRET;
use shared::auth::{Claims, Keys};
use shared::models::{Role, Timestamp, User};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Clone, Debug)]
pub struct Person {
    /// Their id; 0 for a guest.
    pub id: u64,
    pub name: String,
    /// Their token; guests have none.
    pub token: Option<String>,
}

impl Person {
    /// A guest of quick-win mode.
    pub(super) fn guest() -> Self {
        Self { id: 0, name: "guest".to_owned(), token: None }
    }

    /// A token of this generation that expires after this many seconds.
    ///
    /// # Panics
    /// If the clock is before 1970.
    #[must_use]
    pub fn sign(&self, generation: u64, seconds: u64) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let now = Timestamp::from_milliseconds(i64::try_from(now).expect("in range"));
        let user = User {
            id: self.id,
            username: self.name.clone(),
            display_name: self.name.clone(),
            role: Role::User,
            created_at: now,
        };
        let mut claims =
            Claims::issue(&user, generation, &format!("{:032x}", fastrand::u128(..)), now);
        claims.exp = claims.iat + seconds;
        claims.sign(&Keys::new(JWT_SECRET, "").expect("a secret that is long enough"))
    }
}

/// Creates this many people, with tokens valid for a day.
pub(super) fn crowd(databases: &Databases, count: usize) -> Vec<Person> {
    let statement = format!(
        "INSERT INTO users (username, display_name, password_hash, role) \
         SELECT 'person-' || n, 'person-' || n, '$argon2id$none', 'user' \
         FROM generate_series(1, {count}) AS n RETURNING id, username"
    );
    let rows = databases.psql(&statement).expect("people");
    let people = rows.lines().filter_map(|row| {
        let (id, name) = row.split_once('|')?;
        let person = Person { id: id.parse().ok()?, name: name.to_owned(), token: None };
        Some(Person { token: Some(person.sign(0, 24 * 60 * 60)), ..person })
    });
    let people: Vec<Person> = people.collect();
    assert_eq!(people.len(), count, "{rows}");
    people
}
