//! One file or folder for each command.

pub(crate) mod admin;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod build_components;
pub(crate) mod check_history;
pub(crate) mod fuzz;
pub(crate) mod migrate;
mod on_database;
pub(crate) mod release;
pub(crate) mod reset_password;
pub(crate) mod restore;
pub(crate) mod restored;
pub(crate) mod seed;
pub(crate) mod test;
pub(crate) mod tidy;
pub(crate) mod up;
