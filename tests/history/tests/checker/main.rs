//! The check of recordings: good ones are proved, and each kind of bad one is refuted by its rule.

mod bad;
mod good;
mod random;
mod story;
