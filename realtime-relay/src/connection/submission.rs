//! Many sockets written to in one call of the kernel, by io_uring: a fifth cheaper than a call for each
//! (docs/performance.md). Where the kernel does not offer it, as in containers that forbid it, there is a
//! call for each.

use super::delivery::Delivery;
use io_uring::{IoUring, Probe, opcode, types};
use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd as _;

/// Writes in one call.
const ENTRIES: u32 = 64;
/// Fewer are not worth it.
const FEWEST: usize = 8;
/// `MSG_DONTWAIT` and `MSG_NOSIGNAL` of Linux. A write that may not wait has ended when the call returns.
const FLAGS: i32 = 0x40 | 0x4000;

thread_local! {
    static QUEUE: RefCell<Option<IoUring>> = RefCell::new(open());
}

/// Writes to each socket; each gets the number of bytes that it took.
pub(super) fn write(deliveries: &mut [Delivery<'_>]) {
    QUEUE.with_borrow_mut(|queue| {
        for deliveries in deliveries.chunks_mut(ENTRIES as usize) {
            match queue {
                Some(ring) if deliveries.len() >= FEWEST => {
                    if let Err(error) = submit(ring, deliveries) {
                        tracing::warn!(%error, "io_uring fails: sockets are written to one by one");
                        *queue = None;
                    }
                }
                _ => deliveries.iter_mut().for_each(Delivery::write),
            }
        }
    });
}

fn open() -> Option<IoUring> {
    let open = || {
        let ring = IoUring::new(ENTRIES)?;
        let mut probe = Probe::new();
        ring.submitter().register_probe(&mut probe)?;
        if probe.is_supported(opcode::Send::CODE) {
            Ok(ring)
        } else {
            Err(ErrorKind::Unsupported.into())
        }
    };
    open().inspect_err(|error: &io::Error| tracing::debug!(%error, "there is no io_uring")).ok()
}

/// Writes to these, [`ENTRIES`] at most. After an error those without a result were not written to.
fn submit(ring: &mut IoUring, deliveries: &mut [Delivery<'_>]) -> io::Result<()> {
    let entries: Vec<_> = (0_u64..)
        .zip(&*deliveries)
        .map(|(index, delivery)| {
            let (socket, bytes) = (types::Fd(delivery.socket().as_raw_fd()), delivery.bytes());
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            opcode::Send::new(socket, bytes.as_ptr(), length).flags(FLAGS).build().user_data(index)
        })
        .collect();
    #[expect(unsafe_code, reason = "the kernel gets addresses")]
    // SAFETY: the bytes and the sockets are borrowed from `deliveries`, which outlive this call; it ends
    // when all writes have ended, or when the kernel took none of the rest, which goes with the ring.
    unsafe { ring.submission().push_multiple(&entries) }.map_err(io::Error::other)?;
    let mut left = entries.len();
    while left > 0 {
        match ring.submit_and_wait(left) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            Ok(_) | Err(_) => {}
        }
        for ended in ring.completion() {
            left -= 1;
            let written = usize::try_from(ended.result());
            let written = written.map_err(|_| io::Error::from_raw_os_error(-ended.result()));
            let index = usize::try_from(ended.user_data()).ok();
            if let Some(delivery) = index.and_then(|index| deliveries.get_mut(index)) {
                delivery.took(written);
            }
        }
    }
    Ok(())
}
