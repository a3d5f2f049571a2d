//! Raw bytes that no WebSocket library sends, against the relay's own codec.

use crate::support::wait::PATIENCE;
use crate::support::{Functions, Relay};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A socket with a manual handshake, sent together with these bytes.
pub(crate) async fn raw(relay: &Relay, early: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&relay.address).await.expect("connected");
    let head = format!(
        "GET /ws/quick-win HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        relay.address
    );
    stream.write_all(&[head.as_bytes(), early].concat()).await.expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.expect("an answer"));
    }
    let answer = String::from_utf8(answer).expect("text").to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    assert!(answer.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{answer}");
    stream
}

/// A client's frame.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [7, 77, 177, 27];
    let length = u8::try_from(payload.len()).expect("short");
    let mut frame = vec![first, 0x80 | length];
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// The next frame from the relay: its first byte and its payload.
async fn read_frame(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let read = async {
        let first = stream.read_u8().await.expect("a frame");
        let length = match stream.read_u8().await.expect("a length") {
            126 => usize::from(stream.read_u16().await.expect("a length")),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await.expect("a payload");
        (first, payload)
    };
    tokio::time::timeout(PATIENCE, read).await.expect("a frame in time")
}

/// The next message from the relay.
async fn read_text(stream: &mut TcpStream) -> String {
    let (first, payload) = read_frame(stream).await;
    assert_eq!(first, 0x81, "a text frame");
    String::from_utf8(payload).expect("text")
}

/// The relay's close code, after which nothing comes.
async fn read_close(stream: &mut TcpStream) -> u16 {
    loop {
        let (first, payload) = read_frame(stream).await;
        if first == 0x88 {
            let code = u16::from_be_bytes([payload[0], payload[1]]);
            let mut rest = Vec::new();
            let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
            assert_eq!(end.expect("an end in time").expect("a clean end"), 0);
            return code;
        }
    }
}

#[tokio::test]
async fn rfc_6455_a_message_may_come_along_with_the_handshake_and_in_fragments() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    let early = [frame(0x01, br#"{"type":"#), frame(0x89, b"!"), frame(0x00, br#""ping""#)];
    let mut stream = raw(&relay, &early.concat()).await;
    assert!(read_text(&mut stream).await.contains("welcome"));
    assert_eq!(read_frame(&mut stream).await, (0x8a, b"!".to_vec()));
    for byte in frame(0x80, b"}") {
        stream.write_all(&[byte]).await.expect("sent");
    }
    assert_eq!(read_text(&mut stream).await, r#"{"type":"pong"}"#);
}

#[tokio::test]
async fn rfc_6455_malformed_frames_close_with_1002_and_text_that_is_none_with_1007() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    for (what, bytes, code) in [
        ("not masked", vec![0x81, 0x02, b'h', b'i'], 1002),
        ("a reserved bit", frame(0xc1, b"hi"), 1002),
        ("a reserved opcode", frame(0x83, b"hi"), 1002),
        ("a continuation without a message", frame(0x80, b"hi"), 1002),
        ("a fragmented ping", frame(0x09, b"hi"), 1002),
        ("a long-winded length", vec![0x81, 0xfe, 0, 2, 0, 0, 0, 0, b'h', b'i'], 1002),
        ("a close code of one byte", frame(0x88, &[3]), 1002),
        ("not UTF-8", frame(0x81, &[0xff]), 1007),
        ("binary", frame(0x82, b"hi"), 4400),
        ("a gigabyte announced", vec![0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0], 1009),
    ] {
        let mut stream = raw(&relay, b"").await;
        stream.write_all(&bytes).await.expect("sent");
        assert_eq!(read_close(&mut stream).await, code, "{what}");
    }
}

#[tokio::test]
async fn close_4408_a_client_that_does_not_answer_pings_is_closed() {
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &["--ping-ms", "100", "--pong-ms", "200"]).await;
    let mut stream = raw(&relay, b"").await;
    assert!(read_text(&mut stream).await.contains("welcome"));
    assert_eq!(read_frame(&mut stream).await, (0x89, Vec::new()), "a ping");
    stream.write_all(&frame(0x8a, b"")).await.expect("sent");
    assert_eq!(read_frame(&mut stream).await, (0x89, Vec::new()), "the next ping");
    assert_eq!(read_close(&mut stream).await, 4408);
}

#[tokio::test]
async fn random_bytes_never_stop_the_relay() {
    let seed = fastrand::u64(..);
    eprintln!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let functions = Functions::start().await;
    let relay = Relay::start(&functions, &[]).await;
    for _ in 0..100 {
        let bytes: Vec<_> = (0..random.usize(1..200)).map(|_| random.u8(..)).collect();
        let mut stream = raw(&relay, &bytes).await;
        // Clients may also disconnect in the middle.
        let _ = stream.shutdown().await;
    }
    relay.client().await;
}
