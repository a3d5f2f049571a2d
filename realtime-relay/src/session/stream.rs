//! The client of an event stream: what it follows was decided before its answer began.

use super::{Deadlines, Session, Shared};
use crate::accounts::Registration;
use crate::connection::Connection;
use crate::hub::{Cursor, Membership};
use crate::sockets::Slot;
use shared::models::BoardId;
use std::sync::Arc;
use tokio::time::Instant;

/// What a stream gives.
pub struct Following {
    pub board: BoardId,
    /// Where it starts.
    pub cursor: Cursor,
    /// Its user in state-of-the-art mode: a valid token, of a member.
    pub member: Option<(Registration, Membership)>,
}

/// Serves one stream until it ends, in a task of its own.
pub fn stream(shared: Shared, connection: &Arc<Connection>, slot: Slot, following: Following) {
    let Following { board, cursor, member } = following;
    let deadlines = Deadlines::new(Instant::now(), &shared.settings).without_pings();
    let mut session = Session::new(shared, Arc::clone(connection), slot);
    session.deadlines = deadlines;
    session.welcomed = true;
    let membership = member.map(|(registration, membership)| {
        // From here on a revocation closes it; one that came before does so now.
        registration.attach(connection);
        session.lasts_as_long_as(&Arc::clone(registration.claims()));
        session.accounts = Some(Arc::clone(registration.accounts()));
        session.registration = Some(registration);
        membership
    });
    session.subscribe(board, cursor, membership);
    tokio::spawn(session.run(None));
}
