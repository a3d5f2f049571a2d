//! Tests that the load generator notices servers that misbehave in known ways.

use benchmarks::audience::{Audience, Protocol, Published};
use benchmarks::handshake;
use benchmarks::http::Request;
use benchmarks::load::{self, Target};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Serves each connection with this on its own thread, until the process ends.
fn serve(on_connection: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let on_connection = Arc::new(on_connection);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            stream.set_nodelay(true).expect("a socket");
            let on_connection = Arc::clone(&on_connection);
            thread::spawn(move || on_connection(stream));
        }
    });
    address
}

/// Reads a head; false when the client has gone.
fn read_head(stream: &mut TcpStream) -> bool {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while handshake::end_of_head(&head).is_none() {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return false,
        }
    }
    true
}

/// A server that answers at once, except one request, at which the whole server stops.
fn stalling(at: u64, stall: Duration) -> SocketAddr {
    let (count, gate) = (AtomicU64::new(0), std::sync::Mutex::new(()));
    serve(move |mut stream| {
        while read_head(&mut stream) {
            let held = gate.lock().expect("the gate");
            if count.fetch_add(1, Ordering::SeqCst) == at {
                thread::sleep(stall);
            }
            drop(held);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        }
    })
}

fn target(address: SocketAddr) -> Target {
    Target { address, requests: vec![Request::get("/", None)], status: 200 }
}

/// 400 requests in two seconds, of which a stall of 500 ms delays a hundred, on average by half of it.
#[test]
fn a_stalled_server_is_seen_by_every_request_that_was_due_meanwhile() {
    let target = target(stalling(100, Duration::from_millis(500)));
    let outcome = load::open(&target, 4, 200.0, Duration::from_secs(2)).expect("answers");
    assert_eq!(outcome.latencies.len(), 400);
    let latencies = &outcome.latencies;
    assert!(latencies.most_milliseconds() >= 490.0, "{}", latencies.most_milliseconds());
    // A client that waits for each response would record only one in 400 as late.
    assert!(latencies.milliseconds_at(0.9) >= 200.0, "{}", latencies.milliseconds_at(0.9));
    assert!(latencies.milliseconds_at(0.8) >= 10.0, "{}", latencies.milliseconds_at(0.8));
}

#[test]
fn answers_of_known_length_and_in_chunks_are_read_whole() {
    let address = serve(|mut stream| {
        let mut chunked = false;
        while read_head(&mut stream) {
            let answer: &[u8] = if chunked {
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            } else {
                b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcde"
            };
            chunked = !chunked;
            // In two parts, so that a response does not end where a read ends.
            let _ = stream.write_all(&answer[..20]);
            thread::sleep(Duration::from_millis(1));
            let _ = stream.write_all(&answer[20..]);
        }
    });
    let outcome = load::closed(&target(address), 2, Duration::from_millis(100)).expect("answers");
    assert!(outcome.answers >= 4);
    assert_eq!(outcome.body_bytes, 5 * outcome.answers);
}

#[test]
fn an_answer_of_another_status_is_an_error_and_no_measurement() {
    let address = serve(|mut stream| {
        while read_head(&mut stream) {
            let _ = stream.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let error = load::closed(&target(address), 1, Duration::from_millis(100)).unwrap_err();
    assert!(error.to_string().contains("503"), "{error}");
}

/// One socket gets events 1, 3, 2, 2 and 5 of five, in frames split at arbitrary points.
#[test]
fn a_socket_tells_what_is_missing_twice_and_out_of_order() {
    let address = serve(|mut stream| {
        read_head(&mut stream);
        let _ = stream.write_all(handshake::answer("sec-websocket-key: a\r\n").as_bytes());
        let message = |seq: u64| format!(r#"{{"type":"event","seq":{seq}}}"#);
        let mut bytes = Vec::new();
        for seq in [1, 3, 2, 2, 5] {
            let text = message(seq);
            bytes.extend_from_slice(&[0x81, text.len() as u8]);
            bytes.extend_from_slice(text.as_bytes());
        }
        for part in bytes.chunks(7) {
            let _ = stream.write_all(part);
            // So that each part arrives in a separate read.
            thread::sleep(Duration::from_millis(2));
        }
        let _ = stream.read(&mut [0]);
    });
    let mut audience =
        Audience::open(address, &Protocol::Plain { path: "/" }, 1).expect("a socket");
    let published = Published::new(1, 5);
    let received = audience.listen(&published, Duration::from_millis(500)).expect("received");
    assert_eq!(received.deliveries, 4);
    let faults = received.faults;
    assert_eq!((faults.missing, faults.duplicates, faults.disorder), (1, 1, 1));
}
