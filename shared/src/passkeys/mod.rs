//! Passkeys (Web Authentication Level 3) as far as it needs neither CBOR nor keys: what a browser is asked for, and what
//! it and the authenticator say of themselves (docs/contract/api.md, API-PASSKEY).

mod authenticator_data;
mod client_data;
mod refused;
mod relying_party;

/// How many passkeys a user may have; PostgreSQL has it too (`passkey_add`).
pub const MOST_PASSKEYS: usize = 20;

pub use authenticator_data::{AuthenticatorData, Credential};
pub use client_data::{Ceremony, ClientData};
pub use refused::Refused;
pub use relying_party::{ALGORITHMS, EDDSA, ES256, Newcomer, RS256, RelyingParty};
