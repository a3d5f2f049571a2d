//! Writing to a socket that may take only a part: what was begun is kept, and finished first.

use super::Wire;
use super::outbox::{Outbox, cut};
use crate::event_stream;
use bytes::Bytes;
use socket2::SockRef;
use std::io::{ErrorKind, IoSlice};
use tokio::net::TcpStream;

impl Outbox {
    /// Writes consecutive events in one go; returns how many are out or begun.
    pub(super) fn write_events(
        &mut self,
        stream: &TcpStream,
        first: u64,
        frames: &[Bytes],
    ) -> usize {
        match self.wire {
            Wire::WebSocket => self.write(stream, frames, 1),
            Wire::EventStream => {
                let blocks = event_stream::events(first, frames);
                self.write(stream, &blocks, event_stream::PIECES)
            }
        }
    }

    /// Writes one message that is made as a frame for everybody; returns whether it is out or begun.
    pub(super) fn write_message(&mut self, stream: &TcpStream, frame: &Bytes) -> usize {
        match self.wire {
            Wire::WebSocket => self.write(stream, std::slice::from_ref(frame), 1),
            Wire::EventStream => self.write(stream, event_stream::message(frame).as_slice(), 1),
        }
    }

    /// Writes messages of this many pieces each in one go; returns how many messages are out or begun.
    pub(super) fn write(&mut self, stream: &TcpStream, pieces: &[Bytes], each: usize) -> usize {
        let (begun, rest) = cut(pieces, self.try_write(stream, pieces));
        let messages = begun.div_ceil(each);
        self.keep(rest, pieces.get(begun..messages * each).unwrap_or_default());
        messages
    }

    /// Writes the rest of a begun message; returns whether it is out.
    pub(super) fn finish_message(&mut self, stream: &TcpStream) -> bool {
        let pieces = std::mem::take(&mut self.partial);
        let (begun, rest) = cut(&pieces, self.try_write(stream, &pieces));
        self.keep(rest, pieces.get(begun..).unwrap_or_default());
        self.partial.is_empty()
    }

    /// Keeps what is left of a begun message: the rest of a piece, and the pieces after that.
    pub(super) fn keep(&mut self, rest: Bytes, pieces: &[Bytes]) {
        self.partial.extend(Some(rest).filter(|rest| !rest.is_empty()));
        self.partial.extend_from_slice(pieces);
    }

    /// Returns how many bytes the socket took.
    fn try_write(&mut self, stream: &TcpStream, pieces: &[Bytes]) -> usize {
        let slices: Vec<_> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        let written = if self.write_anyway {
            SockRef::from(stream).send_vectored(&slices)
        } else {
            stream.try_write_vectored(&slices)
        };
        match written {
            Ok(written) => {
                self.progress |= written > 0;
                written
            }
            Err(error) => {
                self.broken |= error.kind() != ErrorKind::WouldBlock;
                0
            }
        }
    }
}
