//! Registering, logging in, and changing one's account.

use super::{Auth, LOGIN, ME, PASSWORD, REGISTER, World, fresh_name, stack, token};
use contract_tests::api::{is_timestamp, keys};
use futures::future::join_all;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn api_register_answers_201_with_user_token_expiry_and_cookie() {
    let world = World::shared().await;
    let auth = world.client();
    let name = fresh_name();
    let body = json!({"username": name, "password": PASSWORD, "display_name": " Ada L. "});
    let reply = auth.post(REGISTER, &body).await.expect(201);
    let answer = reply.json();
    assert_eq!(keys(&answer), ["expires_at", "token", "user"]);
    let user = &answer["user"];
    assert_eq!(keys(user), ["created_at", "display_name", "id", "role", "username"]);
    assert_eq!(user["username"], name.as_str());
    assert_eq!(user["display_name"], "Ada L.");
    assert_eq!(user["role"], "user");
    assert!(user["id"].as_u64().is_some_and(|id| id > 0));
    assert!(is_timestamp(&user["created_at"]) && is_timestamp(&answer["expires_at"]), "{answer}");
    let expected = format!(
        "token={}; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000; Secure",
        token(&answer)
    );
    assert_eq!(reply.header("set-cookie"), Some(expected.as_str()));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let me = auth.me(&token(&answer)).await.expect(200).json();
    assert_eq!(&me, user);
}

#[tokio::test]
async fn api_user_a_display_name_that_is_not_given_is_the_username() {
    let auth = World::shared().await.client();
    let name = fresh_name();
    assert_eq!(auth.register(&name).await["user"]["display_name"], name.as_str());
}

#[tokio::test]
async fn api_409_for_a_name_that_is_taken_without_regard_to_case_also_at_the_same_time() {
    let auth = World::shared().await.client();
    let name = fresh_name();
    let bodies = [name.clone(), name.to_uppercase(), name.replace("user", "User")]
        .map(|name| json!({"username": name, "password": PASSWORD}));
    let replies = join_all(bodies.iter().cycle().take(12).map(|body| auth.post(REGISTER, body)));
    let statuses: Vec<u16> = replies.await.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 11, "{statuses:?}");
    let _ = auth.post(REGISTER, &bodies[1]).await.problem(409, "username-taken");
}

#[tokio::test]
async fn api_idempotency_a_registration_whose_answer_was_lost_can_be_sent_again() {
    let world = World::shared().await;
    let auth = world.client();
    let name = fresh_name();
    let body = json!({"username": name, "password": PASSWORD, "display_name": "Ada"});
    let register = |body: &serde_json::Value, key: &str| {
        auth.call("POST", REGISTER).json(body).header("idempotency-key", key).send()
    };
    let replies = join_all((0..8).map(|_| register(&body, "register-1"))).await;
    let replayed: Vec<_> =
        replies.iter().filter(|reply| reply.header("idempotency-replayed").is_some()).collect();
    assert_eq!(replayed.len(), 7, "one of them created the user");
    let users: Vec<_> = replies.iter().map(|reply| reply.json()["user"].clone()).collect();
    assert!(users.iter().all(|user| *user == users[0]), "{users:?}");
    for reply in replies {
        let reply = reply.expect(201);
        let _ = auth.me(&token(&reply.json())).await.expect(200);
    }
    let mut other = body.clone();
    other["display_name"] = json!("Somebody else");
    let _ = register(&other, "register-1").await.problem(422, "idempotency-key-reused");
    let _ = register(&body, "register-2").await.problem(409, "username-taken");
    other["password"] = json!("not the password");
    let _ = register(&other, "register-1").await.problem(409, "username-taken");
    let _ = register(&body, "a b").await.problem(400, "malformed-header");
}

#[tokio::test]
async fn api_422_names_every_faulty_field_of_a_registration_at_once() {
    let auth = World::shared().await.client();
    let long = "x".repeat(65);
    let faulty =
        json!({"username": "a b", "password": "short", "display_name": long, "role": "admin"});
    let pointers = auth.post(REGISTER, &faulty).await.pointers();
    assert_eq!(pointers, ["/display_name", "/password", "/role", "/username"]);
    assert_eq!(auth.post(REGISTER, &json!({})).await.pointers(), ["/password", "/username"]);
    for wrong in ["ab", "x".repeat(33).as_str(), "ädä", "a/b", "", " ada", "a\u{0}da"] {
        let body = json!({"username": wrong, "password": PASSWORD});
        assert_eq!(auth.post(REGISTER, &body).await.pointers(), ["/username"], "{wrong:?}");
    }
    for wrong in ["x".repeat(9), "x".repeat(129)] {
        let body = json!({"username": fresh_name(), "password": wrong});
        assert_eq!(auth.post(REGISTER, &body).await.pointers(), ["/password"]);
    }
    let display = json!({"username": fresh_name(), "password": PASSWORD, "display_name": "a\u{0}"});
    assert_eq!(auth.post(REGISTER, &display).await.pointers(), ["/display_name"]);
}

#[tokio::test]
async fn api_user_a_password_may_hold_any_characters() {
    let auth = World::shared().await.client();
    for password in ["ü".repeat(128), "\u{0}".repeat(10), "  spaces  ".to_owned()] {
        let name = fresh_name();
        let body = json!({"username": name, "password": password});
        let _ = auth.post(REGISTER, &body).await.expect(201);
        let _ = auth.try_login(&name, &password).await.expect(200);
        let _ = auth.try_login(&name, password.trim()).await;
    }
}

#[tokio::test]
async fn api_login_answers_200_like_register_however_the_name_is_written() {
    let auth = World::shared().await.client();
    let name = fresh_name();
    let user = auth.register(&name).await["user"].clone();
    let reply = auth.try_login(&name.to_uppercase(), PASSWORD).await.expect(200);
    let answer = reply.json();
    assert_eq!(keys(&answer), ["expires_at", "token", "user"]);
    assert_eq!(answer["user"], user);
    assert!(reply.expect_header("set-cookie").starts_with("token=ey"));
    assert_eq!(auth.me(&token(&answer)).await.expect(200).json(), user);
    let timing = reply.expect_header("server-timing");
    assert!(timing.contains("pg;dur=") && timing.contains("redis;dur="), "{timing}");
}

#[tokio::test]
async fn api_401_with_one_message_for_a_wrong_password_and_an_unknown_user() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    let mut answers = Vec::new();
    for (name, password) in
        [(name.as_str(), "wrong"), (&name, &PASSWORD[1..]), ("nobody-of-that-name", PASSWORD)]
            .into_iter()
            .chain([("", ""), ("a\u{0}b", "x"), ("ada@example.org", PASSWORD)])
    {
        let reply = auth.try_login(name, password).await;
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        assert_eq!(reply.header("set-cookie"), None, "another's login is not ended");
        let mut problem = reply.problem(401, "invalid-credentials");
        problem["request_id"] = json!(null);
        answers.push(problem);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(auth.post(LOGIN, &json!({})).await.pointers(), ["/password", "/username"]);
    let wrong_types = json!({"username": 7, "password": null, "remember": true});
    assert_eq!(
        auth.post(LOGIN, &wrong_types).await.pointers(),
        ["/password", "/remember", "/username"]
    );
}

#[tokio::test]
async fn api_401_takes_as_long_for_an_unknown_user_as_for_a_wrong_password() {
    let world = World::shared().await;
    let (name, _) = world.client().somebody().await;
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    // Alternating, so that other load on the machine affects both; the fastest of each counts.
    for turn in 0..8 {
        let (name, fastest) = match turn % 2 {
            0 => (name.as_str(), &mut known),
            _ => ("nobody-of-this-name", &mut unknown),
        };
        let auth = world.client();
        let start = Instant::now();
        let _ = auth.try_login(name, "wrong password").await.expect(401);
        *fastest = start.elapsed().min(*fastest);
    }
    // If an unknown name were not hashed too, its answer would take a tenth of the time.
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
}

#[tokio::test]
async fn api_me_changes_the_display_name_and_null_makes_it_the_username() {
    let auth = World::shared().await.client();
    let (name, token) = auth.somebody().await;
    let changed = auth.patch_me(&token, &json!({"display_name": "Grace"})).await.expect(200).json();
    assert_eq!(changed["display_name"], "Grace");
    assert_eq!(auth.me(&token).await.expect(200).json(), changed);
    let same = auth.patch_me(&token, &json!({})).await.expect(200).json();
    assert_eq!(same, changed);
    let reset = auth.patch_me(&token, &json!({"display_name": null})).await.expect(200).json();
    assert_eq!(reset["display_name"], name.as_str());
    let merge = auth
        .with_token("PATCH", ME, &token)
        .header("content-type", "application/merge-patch+json")
        .body(r#"{"display_name":"Merged"}"#);
    assert_eq!(merge.send().await.expect(200).json()["display_name"], "Merged");
}

#[tokio::test]
async fn api_422_names_every_faulty_field_of_a_change() {
    let auth = World::shared().await.client();
    let (_, token) = auth.somebody().await;
    let faulty = json!({"display_name": "", "password": "short", "username": "other"});
    let pointers = auth.patch_me(&token, &faulty).await.pointers();
    assert_eq!(pointers, ["/display_name", "/password", "/username"]);
    let alone = json!({"password": "another password"});
    assert_eq!(auth.patch_me(&token, &alone).await.pointers(), ["/current_password"]);
    let wrong = json!({"password": "another password", "current_password": "wrong"});
    assert_eq!(auth.patch_me(&token, &wrong).await.pointers(), ["/current_password"]);
    assert_eq!(auth.patch_me(&token, &json!({"password": null})).await.pointers(), ["/password"]);
    let _ = auth.me(&token).await.expect(200);
}

#[tokio::test]
async fn api_me_a_new_password_revokes_every_other_token_and_is_the_only_one_from_then_on() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, first) = auth.somebody().await;
    let (second, third) = (auth.login(&name).await, auth.login(&name).await);
    for token in [&first, &second, &third] {
        let _ = auth.me(token).await.expect(200);
    }
    let change = json!({"password": "another password", "current_password": PASSWORD});
    let _ = auth.patch_me(&second, &change).await.expect(200);
    for round in 0..2 {
        let _ = auth.me(&second).await.expect(200);
        let _ = auth.me(&first).await.problem(401, "unauthorized");
        let _ = auth.me(&third).await.problem(401, "unauthorized");
        if round == 0 {
            world.databases.flush_redis();
        }
    }
    let _ = auth.try_login(&name, PASSWORD).await.problem(401, "invalid-credentials");
    let fresh = auth.try_login(&name, "another password").await.expect(200).json();
    let _ = auth.me(&token(&fresh)).await.expect(200);
    // The retained token can still be logged out.
    let _ = auth.logout(&second, "").await.expect(204);
    let _ = auth.me(&second).await.expect(401);
    let _ = auth.me(&token(&fresh)).await.expect(200);
}

#[tokio::test]
async fn api_me_of_two_new_passwords_at_the_same_time_one_wins_and_no_old_token_stays() {
    let auth = World::shared().await.client();
    let (name, first) = auth.somebody().await;
    let second = auth.login(&name).await;
    let change = |new: &str| json!({"password": new, "current_password": PASSWORD});
    let (one, other) = (change("password number one"), change("password number two"));
    let (one, other) = tokio::join!(auth.patch_me(&first, &one), auth.patch_me(&second, &other));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "{one}\n{other}");
    let kept = if one.status == 200 { &first } else { &second };
    let lost = if one.status == 200 { &second } else { &first };
    let _ = auth.me(kept).await.expect(200);
    let _ = auth.me(lost).await.expect(401);
}

#[tokio::test]
async fn api_token_the_cookie_is_secure_unless_the_variable_says_false() {
    let world = World::shared().await;
    let plain = stack(&world.databases, &[("SPIN_VARIABLE_COOKIE_SECURE", "false")]).await;
    let auth = Auth::new(&plain);
    let body = json!({"username": fresh_name(), "password": PASSWORD});
    let reply = auth.post(REGISTER, &body).await.expect(201);
    assert!(reply.expect_header("set-cookie").ends_with("; Path=/; Max-Age=2592000"), "{reply}");
    let reply = auth.call("GET", ME).send().await.expect(401);
    let cleared = "token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0";
    assert_eq!(reply.header("set-cookie"), Some(cleared));
}
