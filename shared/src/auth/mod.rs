//! Who somebody is: the tokens that say it, the passwords that prove it, and the links that let them in.

mod keys;
mod link;
pub mod password;
mod provider;
mod token;

pub use keys::{Keys, WeakSecret};
pub use link::LinkToken;
pub use token::{Claims, Refused, TOKEN_SECONDS};
