//! Where a command goes. One server is asked over the connection that is kept. A node of a cluster that
//! has not the key says who has: that one is asked then, and from there on by the map of slots that comes
//! with it (docs/adr/0029).

use super::servers::{self, SEED};
use super::{Argument, Trouble, Value, is_unknown_script};
use crate::host;
use shared::data::cluster::Redirect;
use spin_sdk::redis::Connection;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// How long Redis may take to answer, with making connections and following redirects. It is the fast way
/// to know: after this long the caller asks PostgreSQL, or comes back later.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many servers are asked in turn: one that is gone, one that says who is there instead, that one, and
/// as many again where the map changes meanwhile.
const TURNS: usize = 6;

/// Runs a command whose key is the argument at `key`, if that does not take too long.
pub(super) async fn attempt(
    command: &str,
    arguments: &[Argument],
    key: usize,
) -> Result<Vec<Value>, Trouble> {
    let place = RefCell::new(servers::place_of(arguments.get(key)));
    let answer = host::within(PATIENCE, follow(command, arguments, &place)).await;
    answer.unwrap_or_else(|| {
        // Whatever comes over this connection now is late.
        servers::fell_silent(&place.borrow(), PATIENCE);
        Err(Trouble::Answer(format!("no answer to {command} within {PATIENCE:?}")))
    })
}

/// Runs a command at this place, and where that sends it. Where a connection that was kept turns out to be
/// broken, or its server to be another than it was, it is run once more over a new one.
async fn follow(
    command: &str,
    arguments: &[Argument],
    at: &RefCell<Rc<str>>,
) -> Result<Vec<Value>, Trouble> {
    let mut trouble =
        Trouble::Answer(format!("{command} is redirected from one server to the next"));
    for _ in 0..TURNS {
        let place = Rc::clone(&at.borrow());
        if servers::was_silent(&place) {
            return Err(Trouble::Answer(format!(
                "{command} is not sent: the last one got no answer"
            )));
        }
        let kept = servers::kept(&place);
        let was_kept = kept.is_some();
        let connection = match kept {
            Some(connection) => connection,
            None => match servers::open(&place).await {
                Ok(connection) => Rc::new(connection),
                Err(why) if *place == *SEED => return Err(why),
                Err(why) => {
                    trouble = why;
                    servers::doubt_map();
                    *at.borrow_mut() = SEED.into();
                    continue;
                }
            },
        };
        let cause = match run(&connection, command, arguments).await {
            Err(cause) if !is_unknown_script(&cause) => cause,
            answer => {
                servers::keep(&place, connection);
                return answer.map_err(Trouble::Answer);
            }
        };
        match Redirect::parse(&cause) {
            Some(Redirect::Moved(slot, to)) => {
                let to = servers::learn(&connection, &place, slot, to).await?;
                servers::keep(&place, connection);
                *at.borrow_mut() = to;
            }
            Some(Redirect::Ask(to)) => {
                servers::keep(&place, connection);
                let to = servers::place_named(to, &place).await?;
                return ask_once(command, arguments, &to).await;
            }
            None => {
                servers::forget(&place, &connection);
                servers::doubt_map();
                if !was_kept {
                    return Err(Trouble::Answer(cause));
                }
                trouble = Trouble::Answer(cause);
                *at.borrow_mut() = SEED.into();
            }
        }
    }
    Err(trouble)
}

/// Runs a command at a node that the key's slot is on its way to. Nothing may come between the two
/// commands, so they have a connection of their own.
async fn ask_once(
    command: &str,
    arguments: &[Argument],
    place: &str,
) -> Result<Vec<Value>, Trouble> {
    let connection = servers::open(place).await?;
    run(&connection, "ASKING", &[]).await.map_err(Trouble::Answer)?;
    run(&connection, command, arguments).await.map_err(Trouble::Answer)
}

async fn run(
    connection: &Connection,
    command: &str,
    arguments: &[Argument],
) -> Result<Vec<Value>, String> {
    let answer = connection.execute(command, arguments.iter().cloned()).await;
    answer.map_err(|error| servers::message(&error))
}
