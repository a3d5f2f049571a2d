//! What the functions share: the adapter over `spin_sdk`, and HTTP as docs/contract/api.md wants it.
//!
//! No business rule lives here. What needs no Spin compiles and is tested natively; the modules
//! that call the host exist for `wasm32` only.

#![warn(missing_docs)]

mod answer;
mod call;
mod cors;
pub mod credential;
mod cursor;
mod failure;
pub mod gzip;
mod head;
mod host_headers;
pub mod page;
mod path_parameters;
pub mod ready_document;
mod relay_sources;
pub mod sqlstate;

pub use answer::Answer;
pub use bytes::Bytes;
pub use call::{Call, MAX_BODY_BYTES};
pub use cors::AllowedOrigins;
pub use failure::{Failure, to_json};
pub use head::{Head, Headers};
pub use relay_sources::relay_sources;

#[cfg(target_arch = "wasm32")]
pub mod board_reading;
#[cfg(target_arch = "wasm32")]
pub mod change;
#[cfg(target_arch = "wasm32")]
mod entry;
#[cfg(target_arch = "wasm32")]
pub mod fetching;
#[cfg(target_arch = "wasm32")]
pub mod host;
#[cfg(target_arch = "wasm32")]
mod incoming;
#[cfg(target_arch = "wasm32")]
pub mod invitation;
#[cfg(target_arch = "wasm32")]
mod key_value;
#[cfg(target_arch = "wasm32")]
pub mod login_attempts;
#[cfg(target_arch = "wasm32")]
pub mod mailing;
#[cfg(target_arch = "wasm32")]
pub mod oidc;
#[cfg(target_arch = "wasm32")]
mod outgoing;
#[cfg(target_arch = "wasm32")]
pub mod own_password;
#[cfg(target_arch = "wasm32")]
pub mod passkeys;
#[cfg(target_arch = "wasm32")]
pub mod password_hashing;
#[cfg(target_arch = "wasm32")]
pub mod postgres;
#[cfg(target_arch = "wasm32")]
pub mod publishing;
#[cfg(target_arch = "wasm32")]
pub mod quick_win;
#[cfg(target_arch = "wasm32")]
pub mod redis;
#[cfg(target_arch = "wasm32")]
pub mod registrations;
#[cfg(target_arch = "wasm32")]
mod relay;
#[cfg(target_arch = "wasm32")]
mod serve;
#[cfg(target_arch = "wasm32")]
pub mod token_checker;
#[cfg(target_arch = "wasm32")]
pub mod variables;
mod weighted;

#[cfg(target_arch = "wasm32")]
pub use incoming::Request;
#[cfg(target_arch = "wasm32")]
pub use outgoing::Response;
#[cfg(target_arch = "wasm32")]
pub use serve::{Endpoint, serve};
/// For [`http_service`] alone.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use spin_sdk::wasip3;

pub use http::{HeaderName, Method, StatusCode, header};
