//! Ports that nobody listens on.

use anyhow::Result;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// An address of this machine that was free a moment ago.
///
/// # Errors
/// When there is none.
pub fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
