//! Who somebody is: the tokens that say it, the passwords and codes that prove it, and the links that let
//! them in.

mod api_token;
pub mod challenge;
pub mod flow;
mod keys;
mod link;
pub mod password;
pub mod provider;
mod sealing;
mod second_factor;
mod token;

pub use api_token::{ApiToken, Reach, Scope};
pub use keys::{Keys, Refused, WeakSecret};
pub use link::LinkToken;
pub use sealing::{Opened, Sealer};
pub use second_factor::{Code, RecoveryCode, TotpSecret};
pub use token::{Claims, STEP_SECONDS, TOKEN_SECONDS};
