//! The raw send loop: reads events from a Redis stream, makes one WebSocket frame of each batch of
//! events for all, and gives it to each socket by one `send`. It checks nothing, keeps nothing and drops
//! what a socket does not accept: the system's cost of the bytes alone.
//!
//! `bench-raw ADDRESS`, with the Redis at `REDIS_URL` and the stream's name in `STREAM`.

use anyhow::{Context, Result};
use benchmarks::handshake;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The most events that are joined for one `send`.
const BATCH: usize = 16;

/// How long it waits for that many, if several came during the last round.
const JOIN: Duration = Duration::from_millis(40);

fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("an address to listen on")?;
    let listener = TcpListener::bind(&address)?;
    let sockets = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&sockets);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A connection that only checks whether the port is open does not count.
            if open(&stream).is_ok() {
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
            }
        }
    });
    let mut redis = redis::Client::open(std::env::var("REDIS_URL")?)?.get_connection()?;
    let stream = std::env::var("STREAM")?;
    let mut last = "$".to_owned();
    let mut is_busy = false;
    loop {
        let mut events = read(&mut redis, &stream, &mut last, BATCH, Duration::ZERO)?;
        let deadline = Instant::now() + JOIN;
        while is_busy && events.len() < BATCH {
            let left = deadline.saturating_duration_since(Instant::now());
            if left < Duration::from_millis(1) {
                break;
            }
            let missing = BATCH - events.len();
            events.append(&mut read(&mut redis, &stream, &mut last, missing, left)?);
        }
        is_busy = events.len() > 1;
        let mut frames = Vec::new();
        events.iter().try_for_each(|event| push_frame(&mut frames, event))?;
        let mut sockets = sockets.lock().unwrap_or_else(PoisonError::into_inner);
        sockets.retain_mut(|socket| match socket.write(&frames) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        });
    }
}

/// The next events, as soon as there are some; none when the time is over (zero: no limit).
fn read(
    redis: &mut redis::Connection,
    stream: &str,
    last: &mut String,
    count: usize,
    limit: Duration,
) -> Result<Vec<String>> {
    let mut read = redis::cmd("XREAD");
    read.arg("COUNT").arg(count).arg("BLOCK").arg(limit.as_millis() as u64);
    let answer: Option<Streams> = read.arg("STREAMS").arg(stream).arg(&*last).query(redis)?;
    let entries = answer.into_iter().flatten().flat_map(|(_, entries)| entries);
    Ok(entries
        .map(|(id, [_, event])| {
            *last = id;
            event
        })
        .collect())
}

/// What XREAD answers: streams by name, with entries by id, of one field each.
type Streams = Vec<(String, Vec<(String, [String; 2])>)>;

fn open(mut stream: &TcpStream) -> Result<()> {
    let (mut request, mut chunk) = (Vec::new(), [0; 1024]);
    while handshake::end_of_head(&request).is_none() {
        let length = stream.read(&mut chunk)?;
        anyhow::ensure!(length > 0, "no request");
        request.extend_from_slice(&chunk[..length]);
    }
    stream.write_all(handshake::answer(&String::from_utf8_lossy(&request)).as_bytes())?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(())
}

fn push_frame(frames: &mut Vec<u8>, event: &str) -> Result<()> {
    frames.extend_from_slice(&[0x81, 126]);
    frames.extend_from_slice(&u16::try_from(event.len())?.to_be_bytes());
    frames.extend_from_slice(event.as_bytes());
    Ok(())
}
