//! The raw send loop: reads events from a Redis stream, makes one WebSocket frame of each batch of
//! events for all, and gives it to each socket by one `send`. It checks nothing, keeps nothing and loses
//! what a socket does not take: what the system charges for the bytes alone.
//!
//! `bench-raw ADDRESS`, with the Redis at `REDIS_URL` and the stream's name in `STREAM`.

use anyhow::{Context, Result};
use benchmarks::handshake;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The most events that are joined for one `send`.
const BATCH: usize = 16;

fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("an address to listen on")?;
    let listener = TcpListener::bind(&address)?;
    let sockets = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&sockets);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever only looks whether somebody listens is none.
            if open(&stream).is_ok() {
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
            }
        }
    });
    let mut redis = redis::Client::open(std::env::var("REDIS_URL")?)?.get_connection()?;
    let stream = std::env::var("STREAM")?;
    let mut last = "$".to_owned();
    loop {
        let mut read = redis::cmd("XREAD");
        read.arg("COUNT").arg(BATCH).arg("BLOCK").arg(0).arg("STREAMS");
        let answer: Streams = read.arg(&stream).arg(&last).query(&mut redis)?;
        let mut frames = Vec::new();
        for (id, [_, event]) in answer.into_iter().flat_map(|(_, entries)| entries) {
            push_frame(&mut frames, &event)?;
            last = id;
        }
        for mut socket in sockets.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = socket.write(&frames);
        }
    }
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
