//! The server's side of RFC 6455: handshake, frames read from a client, frames written to it.
//!
//! Why not a library: an event's frame is encoded once, header included, and the same bytes go to
//! every subscriber. A server's frames are not masked, so nothing in them differs by client.

mod decoder;
mod frame;
mod handshake;
#[cfg(test)]
mod properties;

pub use decoder::{Decoder, Incoming, Violation};
pub use frame::{close_frame, ping_frame, pong_frame, text_frame, text_of};
pub use handshake::{Refusal, accept_key};
