//! Pings and pongs: their lengths, many of them, and unsolicited ones.

use super::raw::{CLOSE, Frame, PING, PONG, TEXT, frame, frame_with_length};
use super::{Case, ENDPOINTS, Scene, ping_message, pong};

#[tokio::test]
async fn rfc_6455_5_5_a_ping_is_answered_with_its_payload_of_up_to_125_bytes() {
    let mut cases = Vec::new();
    for length in [0, 1, 2, 63, 64, 124, 125] {
        let payload: Vec<u8> = (0..length).map(|number| 0xff - number).collect();
        let answer = vec![(PONG, payload.clone())];
        cases.push(Case::answers(format!("{length} bytes"), frame(PING, &payload), answer));
    }
    for (name, first) in [("ping", PING), ("pong", PONG), ("good-bye", CLOSE)] {
        let long = frame(first, &[0x30; 126]);
        cases.push(Case::closes(1002, format!("a {name} of 126 bytes"), long));
        let header = frame_with_length(first, &[0xff, 0, 0, 0, 0, 0, 1, 0, 0], b"");
        cases.push(Case::closes(1002, format!("a {name} of 65,536 bytes"), header));
        let long_winded = frame_with_length(first, &[0xfe, 0, 2], b"xx");
        cases.push(Case::closes(1002, format!("a {name} with a non-minimal length"), long_winded));
        let part = frame(first & 0x0f, b"");
        cases.push(Case::closes(1002, format!("a {name} that is fragmented"), part));
    }
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_5_3_pongs_that_nobody_asked_for_are_passed_over() {
    let unasked = [frame(PONG, b""), frame(PONG, b"unasked"), frame(PONG, &[0xff; 125])].concat();
    let with_ping = [frame(PONG, b"a"), frame(PING, b"b"), frame(PONG, b"c")].concat();
    let cases = vec![
        Case::answers("three of them", unasked, Vec::new()),
        Case::answers("around a ping", with_ping, vec![(PONG, b"b".to_vec())]),
        Case::answers("a thousand", frame(PONG, b"x").repeat(1_000), Vec::new()),
    ];
    Scene::patient().await.try_all(cases).await;
}

#[tokio::test]
async fn rfc_6455_5_5_2_ten_pings_in_a_row_get_ten_pongs_in_their_order() {
    let names: Vec<_> = (0..10).map(|number| format!("ping {number}").into_bytes()).collect();
    let pings: Vec<u8> = names.iter().flat_map(|name| frame(PING, name)).collect();
    let pongs: Vec<Frame> = names.into_iter().map(|name| (PONG, name)).collect();
    let message = [frame(TEXT, &ping_message(15)), pings.clone()].concat();
    let behind = [vec![pong()], pongs.clone()].concat();
    let cases = vec![
        Case::answers("ten pings", pings, pongs),
        Case::answers("ten pings behind a message", message, behind),
    ];
    // With the default limits: ten are within them.
    Scene::new(&[]).await.try_all(cases).await;
}

#[tokio::test]
async fn limit_messages_a_flood_of_pings_is_answered_at_their_rate_and_ends_nothing() {
    let mut scene = Scene::new(&[]).await;
    for endpoint in ENDPOINTS {
        let mut raw = scene.raw(endpoint).await;
        raw.send(&frame(PING, &[0x61; 125]).repeat(1_000)).await;
        scene.bystander_lives().await;
        raw.send(&frame(CLOSE, b"")).await;
        let (answers, code) = raw.rest().await;
        assert_eq!(code, 1000, "{endpoint}");
        assert!((30..100).contains(&answers.len()), "{} pongs at {endpoint}", answers.len());
        assert!(answers.iter().all(|answer| *answer == (PONG, vec![0x61; 125])));
    }
}
