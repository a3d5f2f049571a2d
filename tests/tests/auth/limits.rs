//! Limits on guessing passwords and on registering accounts, and their cost.

use super::{Auth, LOGIN, PASSWORD, REGISTER, World, fresh_name};
use contract_tests::Reply;
use futures::future::join_all;
use serde_json::json;
use std::cell::Cell;
use std::time::{Duration, Instant};

#[track_caller]
fn assert_limited(reply: Reply) {
    let seconds = reply.expect_header("retry-after").to_owned();
    let number: u64 = seconds.parse().expect("seconds");
    assert!((1..=900).contains(&number), "{reply}");
    let problem = reply.problem(429, "too-many-attempts");
    assert_eq!(problem["retry_after"], number);
}

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

/// How many were refused so far, by the metric that operators see.
fn refused(world: &World, what: &str) -> u64 {
    let answer = world.databases.redis(&["HGET", "{login}:refused", what]).expect("an answer");
    answer.lines().nth(1).map_or(0, |count| count.parse().expect("a number"))
}

#[tokio::test]
async fn api_429_after_5_failures_for_a_name_from_an_address_whatever_the_password() {
    let world = World::shared().await;
    let (owner, stranger) = (world.client(), world.client());
    let (name, token) = owner.somebody().await;
    for attempt in 0..5 {
        let written = if attempt % 2 == 0 { name.clone() } else { name.to_uppercase() };
        let _ = stranger.try_login(&written, "wrong").await.expect(401);
    }
    let before = refused(world, "logins");
    assert_limited(stranger.try_login(&name, "wrong").await);
    assert_limited(stranger.try_login(&name, PASSWORD).await);
    // Other tests' requests may be refused at the same time.
    assert!(refused(world, "logins") >= before + 2, "{before}");
    let (other, _) = stranger.somebody().await;
    let _ = stranger.login(&other).await;
    // The owner of the name notices nothing: their session, their password and their log-in go on.
    let _ = owner.me(&token).await.expect(200);
    let change = json!({"password": "another password", "current_password": PASSWORD});
    let _ = owner.patch_me(&token, &change).await.expect(200);
    let _ = owner.try_login(&name, "another password").await.expect(200);
}

#[tokio::test]
async fn api_429_after_100_failures_for_a_name_but_not_where_its_owner_logs_in() {
    let world = World::start().await;
    let owner = world.client();
    let (name, _) = owner.somebody().await;
    let _ = owner.login(&name).await;
    // As if from this many addresses, each below its own limits.
    let failures = "local time = redis.call('TIME') for id = 1, 100 do \
                    redis.call('ZADD', KEYS[1], time[1] * 1000, id) end";
    let key = format!("{{login}}:name:{name}:failed");
    let _ = world.databases.redis(&["EVAL", failures, "1", &key]).expect("an answer");
    assert_limited(world.client().try_login(&name, PASSWORD).await);
    let _ = owner.login(&name).await;
}

#[tokio::test]
async fn api_429_after_20_failures_from_an_address_whatever_the_name() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, _) = auth.somebody().await;
    for number in 0..20 {
        let _ = auth.try_login(&format!("nobody-{number}-here"), "wrong").await.expect(401);
        // A successful login does not reset the address's count.
        if number % 7 == 0 {
            let _ = auth.login(&name).await;
        }
    }
    assert_limited(auth.try_login(&fresh_name(), "wrong").await);
    assert_limited(auth.try_login(&name, PASSWORD).await);
    let _ = world.client().login(&name).await;
}

#[tokio::test]
async fn api_429_counts_for_the_address_that_connects_whatever_a_header_says() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    for number in 0..30 {
        let guess = json!({"username": name, "password": "wrong"});
        // Without a proxy's header, the connection's address counts.
        let call = auth.client.post(LOGIN, &guess);
        let forged = call.header("spin-client-addr", &format!("192.0.2.{number}:4711"));
        let _ = forged.send().await.problem(400, "malformed-header");
    }
    // None of them was a guess, so the name is not limited either.
    let _ = auth.login(&name).await;
}

#[tokio::test]
async fn api_login_forgets_the_failures_of_its_name() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    for _ in 0..3 {
        for _ in 0..4 {
            let _ = auth.try_login(&name, "wrong").await.expect(401);
        }
        let _ = auth.login(&name).await;
    }
}

#[tokio::test]
async fn api_429_also_for_guesses_at_the_same_time() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, _) = auth.somebody().await;
    let replies = join_all((0..32).map(|_| auth.try_login(&name, "wrong"))).await;
    assert_eq!((count(&replies, 401), count(&replies, 429)), (5, 27));
}

#[tokio::test]
async fn api_login_many_at_the_same_time_do_not_limit_each_other() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    let replies = join_all((0..24).map(|_| auth.try_login(&name, PASSWORD))).await;
    assert_eq!(count(&replies, 200), 24);
}

#[tokio::test]
async fn api_login_of_64_right_passwords_at_once_each_gets_in_at_once_or_a_second_later() {
    let auth = World::shared().await.client();
    let (name, _) = auth.somebody().await;
    let deadline = Instant::now() + Duration::from_secs(30);
    let log_in = async || loop {
        let reply = auth.try_login(&name, PASSWORD).await;
        if reply.status == 200 {
            return;
        }
        assert!(Instant::now() < deadline, "{reply}");
        let problem = reply.problem(429, "too-many-attempts");
        assert_eq!(problem["retry_after"], 1);
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.starts_with("Too many passwords are being checked"), "{detail}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    let _ = join_all((0..64).map(|_| log_in())).await;
    // None of them counted as a failure.
    for _ in 0..5 {
        let _ = auth.try_login(&name, "wrong").await.expect(401);
    }
    assert_limited(auth.try_login(&name, PASSWORD).await);
}

#[tokio::test]
async fn api_me_a_stolen_token_cannot_guess_the_password() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, token) = auth.somebody().await;
    let guess = json!({"password": "another password", "current_password": "wrong"});
    for _ in 0..5 {
        assert_eq!(auth.patch_me(&token, &guess).await.pointers(), ["/current_password"]);
    }
    assert_limited(auth.patch_me(&token, &guess).await);
    let _ = auth.login(&name).await;
    let _ = auth.patch_me(&token, &json!({"display_name": "Free"})).await.expect(200);
}

/// Adds twenty members with the current time to a sorted set in Redis.
fn put_twenty(world: &World, key: &str) {
    let script = "local time = redis.call('TIME') \
                  for id = 1, 20 do redis.call('ZADD', KEYS[1], time[1] * 1000, id) end";
    let _ = world.databases.redis(&["EVAL", script, "1", key]).expect("an answer");
}

#[tokio::test]
async fn limit_login_of_64_guesses_at_once_5_are_looked_at_and_the_rest_is_refused() {
    let world = World::shared().await;
    let (owner, stranger) = (world.client(), world.client());
    let (name, _) = owner.somebody().await;
    let guesses: Vec<String> = (0..64).map(|number| format!("wrong {number}")).collect();
    let replies = join_all(guesses.iter().map(|guess| stranger.try_login(&name, guess))).await;
    assert_eq!(count(&replies, 401), 5);
    replies.into_iter().filter(|reply| reply.status != 401).for_each(assert_limited);
    let _ = owner.login(&name).await;
}

#[tokio::test]
async fn limit_login_20_from_an_address_wait_for_others_and_no_more() {
    let world = World::shared().await;
    let auth = &world.client();
    let key = |name: &str| format!("{{login}}:address:{}:{name}", auth.address);
    // The maximum number is in progress for as long as this test wants.
    put_twenty(world, &key("open"));
    let answered = &Cell::new(0);
    let tries = join_all((0..50).map(|number| async move {
        let reply = auth.try_login(&format!("nobody-{number}-waits"), "wrong").await;
        answered.set(answered.get() + 1);
        reply
    }));
    let watch = async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while answered.get() < 30 {
            assert!(Instant::now() < deadline, "{} of 50 were answered", answered.get());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let waiting = world.databases.redis(&["ZCARD", &key("waiting")]).expect("an answer");
        // These need not wait any longer.
        put_twenty(world, &key("failed"));
        waiting
    };
    let (replies, waiting) = tokio::join!(tries, watch);
    replies.into_iter().for_each(assert_limited);
    let waiting: u32 = waiting.trim_start_matches(':').trim().parse().expect("a number");
    assert!((1..=20).contains(&waiting), "{waiting} wait");
}

#[tokio::test]
async fn limit_login_is_as_the_operator_says_for_an_address_that_many_share() {
    let world = World::shared().await;
    let more = [("SPIN_VARIABLE_LOGIN_FAILURES_PER_ADDRESS", "22")];
    let stack = super::stack(&world.databases, &more).await;
    let auth = Auth::new(&stack);
    let (name, _) = auth.somebody().await;
    for number in 0..22 {
        let _ = auth.try_login(&format!("nobody-{number}-there"), "wrong").await.expect(401);
    }
    assert_limited(auth.try_login(&name, PASSWORD).await);
}

#[tokio::test]
async fn limit_login_goes_on_where_something_else_has_the_names_of_its_counts() {
    let world = World::shared().await;
    let auth = world.client();
    let (name, other) = (fresh_name(), fresh_name());
    let (of_address, of_name) = (format!("address:{}", auth.address), format!("name:{name}"));
    let of_both = format!("{of_name}:{of_address}");
    let mut keys = vec!["hashes".to_owned(), format!("{of_name}:addresses")];
    for (whose, kinds) in [
        (&of_address, &["failed", "open", "waiting", "registered"][..]),
        (&of_name, &["failed", "open"]),
        (&of_both, &["failed", "open"]),
    ] {
        keys.extend(kinds.iter().map(|kind| format!("{whose}:{kind}")));
    }
    for key in keys {
        let key = &format!("{{login}}:{key}");
        // In one step, because other tests count their hashes at the same time.
        let replace =
            "redis.call('DEL', KEYS[1]) return redis.call('RPUSH', KEYS[1], 'something else')";
        let answer = world.databases.redis(&["EVAL", replace, "1", key]).expect("an answer");
        assert_eq!(answer, ":1\r\n", "{key}");
    }
    let _ = auth.register(&name).await;
    for _ in 0..5 {
        let _ = auth.try_login(&name, "wrong").await.expect(401);
    }
    assert_limited(auth.try_login(&name, PASSWORD).await);
    let _ = auth.register(&other).await;
    let _ = auth.login(&other).await;
}

#[tokio::test]
async fn limit_registrations_30_from_an_address_within_15_minutes_also_for_names_that_are_taken() {
    let world = World::shared().await;
    let auth = world.client();
    let (taken, _) = world.client().somebody().await;
    for _ in 0..29 {
        let _ = auth.try_register(&taken).await.problem(409, "username-taken");
    }
    let _ = auth.register(&fresh_name()).await;
    let free = fresh_name();
    let before = refused(world, "registrations");
    assert_limited(auth.try_register(&free).await);
    assert_limited(auth.try_register(&taken).await);
    assert_eq!(refused(world, "registrations"), before + 2);
    // Only there, and existing users may log in.
    let _ = world.client().register(&free).await;
    let _ = auth.login(&taken).await;
}

#[tokio::test]
async fn limit_hashes_60_registrations_at_once_take_turns_and_little_memory() {
    let world = World::start().await;
    // The first one initializes everything that stays in memory.
    let _ = world.client().somebody().await;
    let before = world.stack.functions_memory_peak();
    let clients: Vec<Auth> = (0..60).map(|_| world.client()).collect();
    let names: Vec<String> = (0..60).map(|_| fresh_name()).collect();
    let replies =
        join_all(clients.iter().zip(&names).map(|(auth, name)| auth.try_register(name))).await;
    // On a slow machine, a request that waited too long is asked to retry.
    let made = count(&replies, 201);
    assert_eq!(made + count(&replies, 503), 60);
    assert!(made > 0, "{made}");
    let more = (world.stack.functions_memory_peak() - before) / 1_000_000;
    // Without turns 558; with instances that keep their 19 MB once they have hashed up to 473; now up to 227.
    assert!(more < 320, "{more} MB for 60 registrations at once");
}

#[tokio::test]
async fn limit_hashes_whose_end_nobody_told_are_given_up() {
    let world = World::start().await;
    let auth = world.client();
    let (name, _) = auth.somebody().await;
    // As if a host had died nine seconds ago while it held every slot.
    let lost = "local time = redis.call('TIME') \
                for id = 1, 2 do redis.call('ZADD', '{login}:hashes', time[1] * 1000 - 9000, id) end";
    let _ = world.databases.redis(&["EVAL", lost, "0"]).expect("an answer");
    // Requests that need no hash still work.
    let _ = auth.try_register(&name).await.problem(409, "username-taken");
    let _ = auth.login(&name).await;
    let left = world.databases.redis(&["ZCARD", "{login}:hashes"]).expect("an answer");
    assert_eq!(left, ":0\r\n");
}

#[tokio::test]
async fn api_register_looks_at_the_name_before_it_hashes() {
    let auth = World::shared().await.client();
    let name = fresh_name();
    let timing = |reply: Reply| reply.expect_header("server-timing").to_owned();
    let made = timing(auth.try_register(&name).await.expect(201));
    assert!(made.contains("hash;dur="), "{made}");
    let taken = timing(auth.try_register(&name).await.expect(409));
    assert!(!taken.contains("hash;dur=") && taken.contains("pg;dur="), "{taken}");
}

#[tokio::test]
async fn limit_login_counts_guesses_by_the_idempotency_key_of_a_registration() {
    let world = World::shared().await;
    let thief = world.client();
    for _ in 0..4 {
        let (name, key) = (fresh_name(), fresh_name());
        let register = async |auth: &Auth, password: &str| {
            let body = json!({"username": name, "password": password});
            auth.call("POST", REGISTER).json(&body).header("idempotency-key", &key).send().await
        };
        let victim = world.client();
        let _ = register(&victim, PASSWORD).await.expect(201);
        for _ in 0..5 {
            let _ = register(&thief, "a wrong password").await.problem(409, "username-taken");
        }
        assert_limited(register(&thief, PASSWORD).await);
        assert_limited(thief.try_login(&name, PASSWORD).await);
        let _ = victim.login(&name).await;
    }
    // Those were 20 from this address.
    let (name, _) = world.client().somebody().await;
    assert_limited(thief.try_login(&name, PASSWORD).await);
    let _ = world.client().login(&name).await;
}
