//! OpenID Connect as far as it needs no I/O: the providers that an operator names, and what their documents and tokens
//! have to say (docs/contract/api.md, API-OIDC).

mod claims;
mod metadata;
mod settings;

pub use claims::{Expected, IdClaims, LogoutClaims, Untrue};
pub use metadata::Metadata;
pub use settings::{Faulty, Provider, Secret, providers};
