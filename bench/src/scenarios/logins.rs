//! Whether expensive requests (a registration hashes a password) delay others.

use super::Stage;
use crate::http::{Connection, Request};
use crate::load::{self, Outcome, Target};
use crate::measured::{Column, Row, compared, plain};
use crate::report::{Machine, Report};
use crate::servers::{Board, registration};
use anyhow::{Result, anyhow, ensure};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

/// Clients that register, one after the other.
const CLIENTS: usize = 12;

/// Requests for `/healthz` a second.
const RATE: f64 = 50.0;

const CONNECTIONS: usize = 16;

const WORST: Column = compared("/healthz beside them, longest ms");
const P99: Column = plain("p99 ms");
const ALONE: Column = plain("alone, longest ms");
const REGISTRATIONS: Column = plain("registrations/s");

/// `healthz-beside-logins`.
pub(super) fn healthz(stage: &Stage) -> Result<Report> {
    let mut machine = Machine::now();
    let mut rows: Vec<Row> = stage.builds.iter().map(|build| Row::new(&*build.name)).collect();
    let boards =
        stage.builds.iter().map(crate::servers::Build::board).collect::<Result<Vec<_>>>()?;
    for _ in 0..stage.repeats {
        for (board, row) in boards.iter().zip(&mut rows) {
            let requests = vec![Request::get("/healthz", None)];
            let target = Target { address: board.host.address, requests, status: 200 };
            let alone = load::open(&target, CONNECTIONS, RATE, stage.duration)?;
            let (beside, registered) = beside(board, &target, stage)?;
            row.push(WORST, beside.latencies.most_milliseconds());
            row.push(P99, beside.latencies.milliseconds_at(0.99));
            row.push(ALONE, alone.latencies.most_milliseconds());
            row.push(REGISTRATIONS, registered as f64 / beside.seconds);
        }
    }
    machine.ended();
    Ok(Report {
        scenario: "healthz-beside-logins",
        about:
            "50 requests a second for `/healthz`, alone and beside 12 clients that register, whose \
                passwords are hashed."
                .to_owned(),
        revisions: stage.revisions.clone(),
        machine,
        rows,
        notes: Vec::new(),
    })
}

fn beside(board: &Board, target: &Target, stage: &Stage) -> Result<(Outcome, u64)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (stop, registered) = (AtomicBool::new(false), AtomicU64::new(0));
    let address = board.host.address;
    let register = || {
        let mut connection = Connection::open(address)?;
        while !stop.load(Ordering::Relaxed) {
            let name = format!("user-{}", NEXT.fetch_add(1, Ordering::Relaxed));
            let request = Request::post("/api/auth/register", None, &registration(&name));
            let answer = connection.exchange(&request)?;
            // If too many hash already, the answer is to try again.
            ensure!(matches!(answer.status, 201 | 429 | 503), "answered {}", answer.status);
            registered.fetch_add(u64::from(answer.status == 201), Ordering::Relaxed);
        }
        anyhow::Ok(())
    };
    let outcome = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(register)).collect();
        let outcome = load::open(target, CONNECTIONS, RATE, stage.duration);
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().map_err(|_| anyhow!("a client panicked"))??;
        }
        outcome
    })?;
    Ok((outcome, registered.into_inner()))
}
