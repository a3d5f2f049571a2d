//! A page from a foreign origin opens no socket, even with a user's cookies.

use super::raw::{Raw, handshake};
use super::{ENDPOINTS, Scene};
use contract_tests::stack::ALLOWED_ORIGIN;

/// The status of the answer to a handshake with these lines, and the whole head.
async fn status(scene: &Scene, endpoint: &str, lines: &str) -> (String, String) {
    let mut raw = Raw::connect(&scene.relay).await;
    raw.send(handshake(&scene.relay, endpoint, lines).as_bytes()).await;
    let head = raw.head().await;
    (head.get(9..12).unwrap_or_default().to_owned(), head)
}

#[tokio::test]
async fn rt_handshake_a_foreign_origin_is_refused_with_403_in_both_modes_cookie_or_not() {
    let mut scene = Scene::new(&[]).await;
    let counter = r#"realtime_relay_refused_handshakes_total{reason="foreign-origin"}"#;
    let before = scene.relay.metric(counter).await;
    let own = scene.relay.url.strip_prefix("http://").expect("http").to_owned();
    let allowed = ALLOWED_ORIGIN;
    let foreign = [
        "null".to_owned(),
        String::new(),
        "https://evil.example".to_owned(),
        "http://localhost".to_owned(),
        format!("{allowed}.evil.example"),
        format!("{allowed}:81"),
        format!("{allowed}/"),
        format!("http://{own}.evil.example"),
        format!("http://evil.example/{own}"),
        format!("http://evil@{own}"),
        format!("{allowed}, https://evil.example"),
        "\u{fc}".to_owned(),
    ];
    let cookie = format!("Cookie: token={}\r\n", scene.world.token(&scene.ada));
    let mut refused = 0;
    for endpoint in ENDPOINTS {
        for origin in &foreign {
            for with in ["", &cookie] {
                let (code, head) =
                    status(&scene, endpoint, &format!("{with}Origin: {origin}\r\n")).await;
                assert_eq!(code, "403", "{origin:?} at {endpoint}: {head}");
                assert!(head.contains("application/problem+json"), "{head}");
                refused += 1;
            }
        }
        let two = format!("{cookie}Origin: {allowed}\r\nOrigin: https://evil.example\r\n");
        assert_eq!(status(&scene, endpoint, &two).await.0, "403", "two origins at {endpoint}");
        refused += 1;
    }
    let after = scene.relay.metric(counter).await;
    assert_eq!(after - before, refused);
    scene.bystander_lives().await;
}

#[tokio::test]
async fn rt_handshake_a_known_origin_and_the_relays_own_open_sockets_by_cookie() {
    let mut scene = Scene::new(&[]).await;
    let own = scene.relay.url.clone();
    let own_in_tls = own.replace("http:", "https:");
    let cookie = format!("Cookie: token={}\r\n", scene.world.token(&scene.ada));
    for endpoint in ENDPOINTS {
        for origin in [ALLOWED_ORIGIN, &ALLOWED_ORIGIN.to_uppercase(), &own, &own_in_tls] {
            let lines = format!("{cookie}Origin: {origin}\r\n");
            Raw::open(&scene.relay, endpoint, &lines).await;
        }
    }
    scene.bystander_lives().await;
}
