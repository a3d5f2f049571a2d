//! The memory of a subscribed, silent socket.

use super::Stage;
use crate::audience::{Audience, Protocol};
use crate::measured::{Column, Row, compared};
use crate::process::Watched;
use crate::report::{Machine, Report};
use crate::servers::peers::Pusher;
use anyhow::{Context, Result, anyhow};
use std::thread;
use std::time::Duration;

/// Sockets of one server.
const SOCKETS: usize = 8_000;

/// How long a server may clean up before its memory is read.
const SETTLE: Duration = Duration::from_secs(2);

const MEMORY: Column = compared("PSS, KiB/socket");

pub(super) fn idle(stage: &Stage) -> Result<Report> {
    let mut machine = Machine::now();
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    let names = stage.builds.iter().map(|build| build.name.clone());
    rows.extend(names.chain(Pusher::ALL.map(|pusher| pusher.name().to_owned())).map(Row::new));
    for repeat in 0..stage.repeats {
        for (index, row) in rows.iter_mut().enumerate() {
            let measured = match stage.builds.get(index) {
                Some(_) => ours(stage, index),
                None => theirs(stage, Pusher::ALL[index - stage.builds.len()]),
            };
            match measured {
                Ok(memory) => row.push(MEMORY, memory),
                Err(error) if repeat == 0 && index >= stage.builds.len() => {
                    notes.push(format!("{} was not measured: {error:#}.", row.name));
                }
                Err(error) => return Err(error.context(row.name.clone())),
            }
        }
    }
    rows.retain(|row| !row.series.is_empty());
    machine.ended();
    Ok(Report {
        scenario: "idle",
        about:
            "8,000 sockets, subscribed to one board and silent: what the server's memory grew by, \
                divided by them. What the kernel keeps for a socket is not in it."
                .to_owned(),
        revisions: stage.revisions.clone(),
        machine,
        rows,
        notes,
    })
}

fn ours(stage: &Stage, index: usize) -> Result<f64> {
    let build = stage.builds.get(index).ok_or_else(|| anyhow!("no such build"))?;
    let board = build.board()?;
    let relay = build.relay(&board)?;
    let (id, _) = board.fixture.board_and_seq()?;
    let protocol = Protocol::Relay { token: board.fixture.token.clone(), board: id, after: None };
    growth(&relay.watched(), || Audience::open(relay.address, &protocol, SOCKETS))
}

fn theirs(stage: &Stage, pusher: Pusher) -> Result<f64> {
    let server = stage.peers.pusher(pusher, stage.now())?.server;
    let protocol = match pusher {
        Pusher::Raw | Pusher::Ws | Pusher::Bun => Protocol::Plain { path: "/" },
        Pusher::Nchan => Protocol::Plain { path: "/sub" },
        Pusher::SocketIo => Protocol::SocketIo,
        Pusher::Nats => Protocol::Nats,
    };
    growth(&server.watched(), || Audience::open(server.address, &protocol, SOCKETS))
}

fn growth(server: &Watched, open: impl FnOnce() -> Result<Audience>) -> Result<f64> {
    let before = server.memory_kib()?;
    let audience = open().context("not all sockets opened")?;
    thread::sleep(SETTLE);
    let after = server.memory_kib()?;
    drop(audience);
    Ok((after - before) / SOCKETS as f64)
}
