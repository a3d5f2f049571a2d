//! Who somebody is: the tokens that say it, and the passwords that prove it.

pub mod password;
mod signature;
mod token;

pub use signature::{Keys, WeakSecret};
pub use token::{Claims, Refused, TOKEN_SECONDS};
