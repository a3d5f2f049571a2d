//! The opening handshake: its required and optional headers, and how it may arrive.

use super::raw::{ACCEPT, CLOSE, KEY, Raw, TEXT, frame, handshake};
use super::{ENDPOINTS, Scene, ping_message, pong};

const VERSION: &str = "Sec-WebSocket-Version: 13";

/// The lines of a valid handshake, one of them replaced.
fn but(line: &str, with: &str) -> String {
    let key = format!("Sec-WebSocket-Key: {KEY}");
    let lines = ["Host: relay.example", "Connection: Upgrade", "Upgrade: websocket", VERSION, &key];
    assert!(line.is_empty() || lines.iter().any(|it| it.starts_with(line)), "{line}");
    let kept = lines.iter().filter(|it| line.is_empty() || !it.starts_with(line));
    let mut text: String = kept.map(|line| format!("{line}\r\n")).collect();
    text.extend(with.split('|').filter(|line| !line.is_empty()).map(|line| format!("{line}\r\n")));
    text
}

/// The status line's code and the head of the answer to these bytes.
async fn answer(scene: &Scene, bytes: &[u8]) -> (u16, String) {
    let mut raw = Raw::connect(&scene.relay).await;
    raw.send(bytes).await;
    let head = raw.head().await;
    let code = head.get(9..12).and_then(|code| code.parse().ok());
    (code.unwrap_or_else(|| panic!("no answer: {head:?}")), head.to_ascii_lowercase())
}

#[tokio::test]
async fn rfc_6455_4_2_1_a_handshake_that_is_none_is_refused_with_what_it_lacks() {
    let mut scene = Scene::new(&[]).await;
    let twice = format!("Sec-WebSocket-Key: {KEY}|Sec-WebSocket-Key: {KEY}");
    let cases = [
        ("Host", "", 400),
        ("Host", "Host: a.example|Host: b.example", 400),
        ("Connection", "", 426),
        ("Connection", "Connection: keep-alive", 426),
        ("Connection", "Connection: notupgrade", 426),
        ("Upgrade", "", 426),
        ("Upgrade", "Upgrade: h2c", 426),
        ("Upgrade", "Upgrade: websockets", 426),
        (VERSION, "", 426),
        (VERSION, "Sec-WebSocket-Version: 8", 426),
        (VERSION, "Sec-WebSocket-Version: 14", 426),
        (VERSION, "Sec-WebSocket-Version: 13, 8", 426),
        (VERSION, "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 13", 426),
        ("Sec-WebSocket-Key", "", 400),
        ("Sec-WebSocket-Key", "Sec-WebSocket-Key:", 400),
        ("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ", 400),
        ("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j", 400),
        ("Sec-WebSocket-Key", "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", 400),
        ("Sec-WebSocket-Key", &twice, 400),
        ("", "Content-Length: 5", 400),
        ("", "Transfer-Encoding: chunked", 400),
    ];
    for endpoint in ENDPOINTS {
        for (line, with, expected) in &cases {
            let text = format!("GET {endpoint} HTTP/1.1\r\n{}\r\n", but(line, with));
            let (code, head) = answer(&scene, text.as_bytes()).await;
            assert_eq!(code, *expected, "{line:?} replaced by {with:?} at {endpoint}: {head}");
            assert!(head.contains("application/problem+json"), "{head}");
            if *line == VERSION {
                assert!(head.contains("sec-websocket-version: 13\r\n"), "{head}");
            }
        }
        for (method, version, expected) in [
            ("POST", "HTTP/1.1", 405),
            ("HEAD", "HTTP/1.1", 405),
            ("get", "HTTP/1.1", 405),
            ("GET", "HTTP/1.0", 426),
        ] {
            let text = format!("{method} {endpoint} {version}\r\n{}\r\n", but("", ""));
            let (code, head) = answer(&scene, text.as_bytes()).await;
            assert_eq!(code, expected, "{method} by {version} at {endpoint}: {head}");
        }
    }
    scene.bystander_lives().await;
}

#[tokio::test]
async fn rfc_9112_what_is_no_http_is_refused_and_what_is_too_long_with_431() {
    let mut scene = Scene::new(&[]).await;
    let many: String = (0..200).map(|number| format!("X-{number}: y\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "y".repeat(128 << 10));
    for (what, lines, expected) in [
        ("a header without a colon", "nonsense\r\n", 400),
        ("a header's name with a space", "X y: z\r\n", 400),
        ("a control character", "X: \u{1}\r\n", 400),
        ("200 headers", &many, 431),
        ("a header of 128 KiB", &long, 431),
    ] {
        let (code, _) = answer(&scene, handshake(&scene.relay, "/ws", lines).as_bytes()).await;
        assert_eq!(code, expected, "{what}");
    }
    for (what, bytes) in [
        ("the preface of HTTP/2", &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..]),
        ("the beginning of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("a frame", &frame(TEXT, &ping_message(15))),
        ("zeros", &[0; 64]),
    ] {
        let mut raw = Raw::connect(&scene.relay).await;
        raw.send(bytes).await;
        let head = raw.head().await;
        assert!(head.is_empty() || head.starts_with("HTTP/1.1 4"), "{what}: {head}");
    }
    scene.bystander_lives().await;
}

#[tokio::test]
async fn rfc_6455_4_2_2_no_extension_and_no_subprotocol_is_agreed_on() {
    let mut scene = Scene::new(&[]).await;
    for endpoint in ENDPOINTS {
        let offers = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
                      Sec-WebSocket-Extensions: x-webkit-deflate-frame\r\n\
                      Sec-WebSocket-Protocol: chat, superchat\r\n";
        let lines = scene.credentials(endpoint) + offers;
        let mut raw = Raw::connect(&scene.relay).await;
        raw.send(handshake(&scene.relay, endpoint, &lines).as_bytes()).await;
        let head = raw.head().await.to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 101 "), "{head}");
        for declined in ["sec-websocket-extensions", "sec-websocket-protocol"] {
            assert!(!head.contains(declined), "{head}");
        }
        assert!(raw.frame().await.is_some(), "a welcome");
        // `{"type":"ping"}`, compressed as if compression had been negotiated.
        raw.send(&frame(TEXT | 0x40, b"\xaa\x56\x2a\xa9\x2c\x48\x55\xb2\x52")).await;
        assert_eq!(raw.rest().await, (Vec::new(), 1002));
    }
    scene.bystander_lives().await;
}

#[tokio::test]
async fn rfc_6455_4_2_1_a_handshake_may_be_written_in_other_ways_and_arrive_byte_by_byte() {
    let mut scene = Scene::new(&[]).await;
    for endpoint in ENDPOINTS {
        let who = scene.credentials(endpoint);
        for (line, with) in [
            ("Connection", "connection: keep-alive, UPGRADE"),
            ("Connection", "CONNECTION: keep-alive|Connection: upgrade"),
            ("Upgrade", "upgrade: WebSocket"),
            ("Upgrade", "Upgrade: h2c, websocket"),
            ("", "Content-Length: 0"),
        ] {
            let text = format!("GET {endpoint}?x=y HTTP/1.1\r\n{}{who}\r\n", but(line, with));
            let (code, head) = answer(&scene, text.as_bytes()).await;
            assert_eq!(code, 101, "{line:?} replaced by {with:?} at {endpoint}: {head}");
            assert!(head.contains(&ACCEPT.to_ascii_lowercase()), "{head}");
        }
        let mut raw = Raw::connect(&scene.relay).await;
        raw.trickle(handshake(&scene.relay, endpoint, &who).as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
        assert!(raw.frame().await.is_some(), "a welcome");
        raw.send(&frame(CLOSE, b"")).await;
        assert_eq!(raw.rest().await, (Vec::new(), 1000));
    }
    scene.bystander_lives().await;
}

#[tokio::test]
async fn rt_handshake_frames_may_come_in_the_same_segment_as_the_handshake() {
    let mut scene = Scene::new(&[]).await;
    for endpoint in ENDPOINTS {
        let head = handshake(&scene.relay, endpoint, &scene.credentials(endpoint));
        let early = [frame(TEXT, &ping_message(10_000)), frame(CLOSE, b"")].concat();
        let mut raw = Raw::connect(&scene.relay).await;
        raw.send(&[head.as_bytes(), &early].concat()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
        assert!(
            raw.frame().await.is_some_and(|(_, text)| text.starts_with(b"{\"type\":\"welcome"))
        );
        assert_eq!(raw.rest().await, (vec![pong()], 1000), "{endpoint}");
    }
    scene.bystander_lives().await;
}

#[tokio::test]
async fn rt_handshake_a_token_in_the_url_is_none() {
    let mut scene = Scene::new(&[]).await;
    let path = format!("/ws?token={}", scene.world.token(&scene.ada));
    let mut raw = Raw::connect(&scene.relay).await;
    raw.send(handshake(&scene.relay, &path, "").as_bytes()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    raw.send(&frame(TEXT, &ping_message(15))).await;
    assert_eq!(raw.rest().await, (Vec::new(), 4401));
    assert!(!scene.relay.log().contains("token="), "nor does it appear in the log");
    scene.bystander_lives().await;
}
