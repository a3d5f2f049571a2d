//! Who somebody is: the tokens that say it, and the passwords that prove it.

mod keys;
pub mod password;
mod provider;
mod token;

pub use keys::{Keys, WeakSecret};
pub use token::{Claims, Refused, TOKEN_SECONDS};
