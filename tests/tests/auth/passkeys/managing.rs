//! Managing one's passkeys: what adding or removing one requires and does.

use super::authenticator::Passkey;
use super::{PASSKEYS, add, added, list, options, person, post, use_passkey};
use crate::second_factor::enrolled;
use crate::{PASSWORD, World, token};
use serde_json::{Value, json};

#[tokio::test]
async fn api_passkey_proof_takes_the_password_and_a_code_where_log_ins_ask() {
    let auth = World::shared().await.client();
    let owner = person(&auth).await;
    let begin = format!("{PASSKEYS}/options");
    let remove = format!("{PASSKEYS}/{}/remove", owner.id);
    for (path, missing, wrong) in [
        (&begin, json!({"name": "Key"}), json!({"name": "Key", "password": "wrong"})),
        (&remove, json!({}), json!({"password": "wrong"})),
    ] {
        for body in [missing, wrong] {
            let reply = post(&auth, &owner.token, path, &body).await;
            assert_eq!(reply.pointers(), ["/password"], "{path} {body}");
        }
    }
    let mut codes = enrolled(&auth).await;
    for code in [Value::Null, json!("aaaa")] {
        let body = json!({"name": "Key", "password": PASSWORD, "code": code});
        assert_eq!(post(&auth, &codes.token, &begin, &body).await.pointers(), ["/code"], "{body}");
    }
    let code = codes.app.code();
    let body = json!({"name": "Key", "password": PASSWORD, "code": code});
    let asked = post(&auth, &codes.token, &begin, &body).await.expect(200).json();
    let mut passkey = Passkey::new();
    let credential = passkey.made(&asked["public_key"]);
    let made = add(&auth, &codes.token, "Key", &credential).await.expect(201).json();
    let remove = format!("{PASSKEYS}/{}/remove", made["id"]);
    let reply = post(&auth, &codes.token, &remove, &json!({"password": PASSWORD})).await;
    assert_eq!(reply.pointers(), ["/code"]);
    let used = json!({"password": PASSWORD, "code": code});
    assert_eq!(post(&auth, &codes.token, &remove, &used).await.pointers(), ["/code"], "used");
    let body = json!({"password": PASSWORD, "code": codes.recovery[0]});
    let _ = post(&auth, &codes.token, &remove, &body).await.expect(204);
    assert_eq!(list(&auth, &codes.token).await.len(), 0);
}

#[tokio::test]
async fn api_passkey_there_may_be_several_each_with_a_name_that_can_be_changed() {
    let auth = World::shared().await.client();
    let owner = person(&auth).await;
    let (_, stranger) = auth.somebody().await;
    let second = added(&auth, &owner.token, &mut Passkey::new()).await;
    let path = format!("{PASSKEYS}/{second}");
    let rename = async |token: &str, name: &str| {
        auth.with_token("PATCH", &path, token).json(&json!({"name": name})).send().await
    };
    for name in ["", " ", "\u{202e}", &"x".repeat(65)] {
        assert_eq!(rename(&owner.token, name).await.pointers(), ["/name"], "{name}");
    }
    let _ = rename(&stranger, "Mine").await.problem(404, "not-found");
    let remove = format!("{path}/remove");
    let password = json!({"password": PASSWORD});
    let _ = post(&auth, &stranger, &remove, &password).await.problem(404, "not-found");
    let renamed = rename(&owner.token, " Büro ").await.expect(200).json();
    assert_eq!(renamed["name"], "Büro");
    let listed = list(&auth, &owner.token).await;
    let names: Vec<_> = listed.iter().map(|item| (&item["id"], &item["name"])).collect();
    assert_eq!(names, [(&json!(owner.id), &json!("My phone")), (&json!(second), &json!("Büro"))]);
    assert_eq!(list(&auth, &stranger).await.len(), 0);
    let reported =
        auth.with_token("GET", "/api/auth/export", &owner.token).send().await.expect(200);
    assert_eq!(reported.json()["passkeys"][1]["name"], "Büro");
    let _ = post(&auth, &owner.token, &remove, &password).await.expect(204);
    let _ = post(&auth, &owner.token, &remove, &password).await.problem(404, "not-found");
    let _ = use_passkey(&auth, &owner.passkey).await.expect(200);
}

#[tokio::test]
async fn api_passkey_proof_without_a_password_is_a_fresh_log_in_and_the_last_way_in_stays() {
    let world = World::shared().await;
    let auth = world.client();
    let owner = person(&auth).await;
    let none = format!("UPDATE users SET password_hash = NULL WHERE username = '{}'", owner.name);
    let _ = world.databases.psql(&none).expect("no password");
    let remove = format!("{PASSKEYS}/{}/remove", owner.id);
    let refused = post(&auth, &owner.token, &remove, &json!({})).await;
    let _ = refused.problem(403, "reauthentication-required");
    let fresh = token(&use_passkey(&auth, &owner.passkey).await.expect(200).json());
    let _ = post(&auth, &fresh, &remove, &json!({})).await.problem(409, "last-way-in");
    let begin = format!("{PASSKEYS}/options");
    let asked = post(&auth, &fresh, &begin, &json!({"name": "Another"})).await.expect(200).json();
    let credential = Passkey::new().made(&asked["public_key"]);
    let _ = add(&auth, &fresh, "Another", &credential).await.expect(201);
    let later = "UPDATE sessions SET authenticated_at = authenticated_at - interval '10 minutes' \
                 WHERE passkey_id IS NOT NULL AND user_id = (SELECT id FROM users WHERE username = ";
    let _ = world.databases.psql(&format!("{later}'{}')", owner.name)).expect("later");
    for (path, body) in [(&begin, json!({"name": "Late"})), (&remove, json!({}))] {
        let late = post(&auth, &fresh, path, &body).await;
        let _ = late.problem(403, "reauthentication-required");
    }
    let fresh = token(&use_passkey(&auth, &owner.passkey).await.expect(200).json());
    let _ = post(&auth, &fresh, &remove, &json!({})).await.expect(204);
    // It is gone, and the other one still logs in.
    assert_eq!(list(&auth, &fresh).await[0]["name"], "Another");
}

#[tokio::test]
async fn limit_passkeys_20_of_a_user() {
    let auth = World::shared().await.client();
    let owner = person(&auth).await;
    for _ in 2..20 {
        let _ = added(&auth, &owner.token, &mut Passkey::new()).await;
    }
    // Two registrations begin while there is room for one.
    let begun = [options(&auth, &owner.token).await, options(&auth, &owner.token).await];
    let [last, late] = begun.map(|asked| Passkey::new().made(&asked));
    let _ = add(&auth, &owner.token, "The last one", &last).await.expect(201);
    let refused = add(&auth, &owner.token, "One too many", &late).await;
    let reported = refused.problem(409, "limit-reached");
    assert_eq!(reported["limit"], "passkeys");
    // It is refused before the browser creates a key that nobody would use.
    let begin = format!("{PASSKEYS}/options");
    let body = json!({"name": "One too many", "password": PASSWORD});
    let refused = post(&auth, &owner.token, &begin, &body).await.problem(409, "limit-reached");
    assert_eq!((&refused["limit"], &refused["detail"]), (&reported["limit"], &reported["detail"]));
    let remove = format!("{PASSKEYS}/{}/remove", owner.id);
    let _ = post(&auth, &owner.token, &remove, &json!({"password": PASSWORD})).await.expect(204);
    let _ = added(&auth, &owner.token, &mut Passkey::new()).await;
}

#[tokio::test]
async fn api_passkey_a_name_that_will_be_refused_is_so_before_a_key_is_made_and_costs_no_code() {
    let auth = World::shared().await.client();
    let codes = enrolled(&auth).await;
    let begin = format!("{PASSKEYS}/options");
    let ask = async |name: Value| {
        let body = json!({"name": name, "password": PASSWORD, "code": codes.recovery[0]});
        post(&auth, &codes.token, &begin, &body).await
    };
    for name in [Value::Null, json!(""), json!(" "), json!("\u{202e}"), json!("x".repeat(65))] {
        assert_eq!(ask(name.clone()).await.pointers(), ["/name"], "{name}");
    }
    let _ = ask(json!(" Büro ")).await.expect(200);
    assert_eq!(ask(json!("Büro")).await.pointers(), ["/code"], "used");
}
