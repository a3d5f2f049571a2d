//! Answers that no honest authenticator or browser gives.

use super::authenticator::{COPIED, ELIGIBLE, ORIGIN, Passkey, base64url};
use super::{LOGIN, add, added, list, log_in, login_options, options, person, use_passkey};
use crate::{Auth, World};
use contract_tests::stack::JWT_SECRET;
use serde_json::{Value, json};
use shared::auth::Keys;
use shared::auth::challenge::Challenge;
use shared::models::Timestamp;

/// Forged passkeys, each with its fault.
fn forged(honest: &Passkey) -> Vec<(&'static str, Passkey)> {
    let stranger = Passkey::new();
    vec![
        ("another origin", Passkey { origin: "https://evil.example".into(), ..honest.clone() }),
        ("another port", Passkey { origin: format!("{ORIGIN}:8443"), ..honest.clone() }),
        ("another page's frame", Passkey { cross_origin: true, ..honest.clone() }),
        ("another site", Passkey { party: "evil.example".into(), ..honest.clone() }),
        ("another kind", Passkey { kind: Some("payment.get"), ..honest.clone() }),
        ("nobody there", honest.unattended()),
        ("nobody verified", honest.unverified()),
        ("copied, but not to be", Passkey { flags: honest.flags | COPIED, ..honest.clone() }),
        ("now to be copied", Passkey { flags: honest.flags | ELIGIBLE, ..honest.clone() }),
        ("another key", Passkey { key: stranger.key.clone(), ..honest.clone() }),
        ("another id", Passkey { id: stranger.id.clone(), ..honest.clone() }),
        ("nobody's", Passkey { user: String::new(), ..honest.clone() }),
        ("a stranger's", Passkey { user: honest.user.clone(), ..stranger }),
    ]
}

/// Challenges that we did not issue or that are not valid.
fn wrong_challenges(good: &str) -> Vec<(&'static str, String)> {
    let keys = |secret| Keys::new(secret, "").expect("long enough");
    let long_ago = Timestamp::from_milliseconds(1_700_000_000_000);
    let old = Challenge::new("old".to_owned(), None, long_ago);
    let forged = Challenge { ends: 1 << 40, ..old.clone() };
    let mut bent = good.to_owned();
    bent.replace_range(
        good.len() - 3..good.len() - 2,
        if good.as_bytes()[good.len() - 3] == b'A' { "B" } else { "A" },
    );
    vec![
        ("none", String::new()),
        ("random", base64url(&[7; 32])),
        ("expired", old.seal(&keys(JWT_SECRET))),
        ("signed by another", forged.seal(&keys("another-secret-another-secret-another"))),
        ("changed", bent),
    ]
}

/// A new client each time: failures are counted per address.
async fn refused(world: &World, what: &str, credential: &Value) {
    let reply = log_in(&world.client(), credential).await;
    assert_eq!(reply.status, 401, "{what}");
    assert_eq!(reply.header("set-cookie"), None, "{what}");
    let _ = reply.problem(401, "passkey-invalid");
}

#[tokio::test]
async fn api_passkey_check_what_is_forged_logs_nobody_in() {
    let world = World::shared().await;
    let auth = world.client();
    let person = person(&auth).await;
    for (what, passkey) in forged(&person.passkey) {
        refused(world, what, &passkey.used(&login_options(&auth).await)).await;
    }
    let honest = person.passkey.used(&login_options(&auth).await);
    for part in ["signature", "authenticatorData", "clientDataJSON"] {
        let mut changed = honest.clone();
        let other = person.passkey.used(&login_options(&auth).await);
        changed["response"][part] = match part {
            "authenticatorData" => json!(base64url(&[0; 36])),
            part => other["response"][part].clone(),
        };
        refused(world, part, &changed).await;
    }
    // Another user's passkey does not make it theirs.
    let other = super::person(&auth).await;
    let taken = Passkey { user: person.passkey.user.clone(), ..other.passkey.clone() };
    refused(world, "a handle of another", &taken.used(&login_options(&auth).await)).await;
    // None of that used the challenge up.
    let _ = log_in(&auth, &honest).await.expect(200);
    let entered = use_passkey(&auth, &other.passkey).await.expect(200).json();
    assert_eq!(entered["user"]["username"], other.name.as_str());
}

#[tokio::test]
async fn api_passkey_check_a_challenge_counts_once_in_time_and_for_what_it_was_given() {
    let world = World::shared().await;
    let auth = world.client();
    let person = person(&auth).await;
    let good = login_options(&auth).await;
    let mut wrong = wrong_challenges(good["challenge"].as_str().expect("a challenge"));
    let to_add = options(&auth, &person.token).await["challenge"].clone();
    wrong.push(("one to add a passkey", to_add.as_str().expect("a challenge").to_owned()));
    for (what, challenge) in wrong {
        refused(world, what, &person.passkey.used(&json!({"challenge": challenge}))).await;
    }
    let credential = person.passkey.used(&good);
    let _ = log_in(&auth, &credential).await.expect(200);
    refused(world, "used", &credential).await;
    refused(world, "used, and signed anew", &person.passkey.used(&good)).await;

    let (_, stranger) = auth.somebody().await;
    let asked = options(&auth, &person.token).await;
    let again = auth.login(&person.name).await;
    let mut wrong = wrong_challenges(asked["challenge"].as_str().expect("a challenge"));
    let login = login_options(&auth).await["challenge"].as_str().expect("a challenge").to_owned();
    wrong.push(("one to log in", login));
    for (what, challenge) in wrong {
        let asked = json!({"challenge": challenge, "user": asked["user"]});
        let reply = add(&auth, &person.token, "Mine", &Passkey::new().made(&asked)).await;
        assert_eq!(reply.pointers(), ["/credential"], "{what}");
    }
    for somebody_else in [&stranger, &again] {
        let reply = add(&auth, somebody_else, "Mine", &Passkey::new().made(&asked)).await;
        assert_eq!(reply.pointers(), ["/credential"]);
    }
    let _ = add(&auth, &person.token, "Mine", &Passkey::new().made(&asked)).await.expect(201);
    let reply = add(&auth, &person.token, "Mine", &Passkey::new().made(&asked)).await;
    assert_eq!(reply.pointers(), ["/credential"], "used");
    assert_eq!(list(&auth, &person.token).await.len(), 2);
}

#[tokio::test]
async fn api_passkey_check_one_whose_counter_does_not_grow_may_be_a_copy_and_logs_nobody_in() {
    let world = World::shared().await;
    let auth = world.client();
    let (_, token) = auth.somebody().await;
    let mut passkey = Passkey { count: 5, ..Passkey::new() };
    let id = added(&auth, &token, &mut passkey).await;
    let with = |count| Passkey { count, ..passkey.clone() };
    for (count, counts) in [(5, false), (6, true), (6, false), (0, false), (9, true), (7, false)] {
        let reply = use_passkey(&world.client(), &with(count)).await;
        assert_eq!(reply.status == 200, counts, "{count}");
    }
    // Only the operator sees it.
    let reported = format!("passkey {id} has a signature counter that did not grow");
    assert!(world.stack.functions_log().contains(&reported));
}

#[tokio::test]
async fn api_passkey_check_what_is_forged_is_not_added() {
    let auth = World::shared().await.client();
    let person = person(&auth).await;
    let fresh = Passkey::new();
    let made = forged(&fresh).into_iter().filter(|(what, _)| {
        // The server does not know this passkey yet.
        !["now to be copied", "another key", "another id", "nobody's", "a stranger's"]
            .contains(what)
    });
    for (what, mut passkey) in made {
        let credential = passkey.made(&options(&auth, &person.token).await);
        let reply = add(&auth, &person.token, "Mine", &credential).await;
        assert_eq!(reply.pointers(), ["/credential"], "{what}");
    }
    let honest = fresh.clone().made(&options(&auth, &person.token).await);
    for (part, value) in [
        ("attestationObject", base64url(b"\xa0")),
        ("attestationObject", base64url(b"no CBOR")),
        ("attestationObject", "=".to_owned()),
        ("clientDataJSON", base64url(b"{}")),
    ] {
        let mut changed = honest.clone();
        changed["response"][part] = json!(value);
        let reply = add(&auth, &person.token, "Mine", &changed).await;
        assert_eq!(reply.pointers(), ["/credential"], "{part}: {value}");
    }
    let mut other = honest.clone();
    other["rawId"] = json!(base64url(b"another"));
    assert_eq!(add(&auth, &person.token, "Mine", &other).await.pointers(), ["/credential"]);
    let twice = person.passkey.clone().made(&options(&auth, &person.token).await);
    assert_eq!(add(&auth, &person.token, "Mine", &twice).await.pointers(), ["/credential"]);
    assert_eq!(list(&auth, &person.token).await.len(), 1);
    let missing = auth.post(LOGIN, &json!({"credential": {"rawId": 7}, "more": 1})).await;
    assert_eq!(missing.pointers(), ["/credential", "/more"]);
}

#[tokio::test]
async fn limit_passkeys_that_do_not_count_are_failures_to_log_in_from_their_address() {
    let world = World::shared().await;
    let (owner, thief) = (world.client(), world.client());
    let person = person(&owner).await;
    let wrong = Passkey { key: Passkey::new().key, ..person.passkey.clone() };
    let attempt = async |auth: &Auth, passkey: &Passkey| use_passkey(auth, passkey).await;
    for _ in 0..20 {
        let _ = attempt(&thief, &wrong).await.problem(401, "passkey-invalid");
    }
    let _ = attempt(&thief, &person.passkey).await.problem(429, "too-many-attempts");
    let _ = attempt(&owner, &person.passkey).await.expect(200);
}
