//! Why a passkey does not count, in sentences without their subject.

use thiserror::Error;

/// Why a passkey does not count.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Refused {
    /// It answers another ceremony.
    #[error("belongs to another ceremony")]
    Ceremony,
    /// It was asked for by another page.
    #[error("has another origin than public_origin")]
    Origin,
    /// What the authenticator says cannot be read.
    #[error("has no readable authenticator data")]
    Malformed,
    /// It is for another site.
    #[error("is for another relying party")]
    RelyingParty,
    /// The authenticator did not make sure who uses it.
    #[error("was used without verifying its user")]
    NotVerified,
    /// Its flags contradict each other, or what they said when it was made.
    #[error("has impossible backup flags")]
    Backup,
    /// Its key is of no kind that was asked for.
    #[error("has a key of a kind that was not asked for")]
    Key,
    /// It is another user's.
    #[error("names another user")]
    User,
    /// Its key has not signed this.
    #[error("has a signature that its key did not make")]
    Signature,
    /// It was used as often before: there are two of it.
    #[error("has a signature counter that did not grow: it may have been copied")]
    Counter,
}
