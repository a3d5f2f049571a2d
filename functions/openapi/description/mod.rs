//! The API's description, from which the build makes the document.

mod document;
mod headers;
mod operation;
mod parameters;
mod paths;
mod problems;
mod schemas;

pub(crate) use document::build;
