//! One's passkeys: what it takes to add or remove one, and what that does.

use super::authenticator::Passkey;
use super::{PASSKEYS, add, added, list, options, person, post, use_passkey};
use crate::second_factor::enrolled;
use crate::{PASSWORD, World, token};
use serde_json::json;

#[tokio::test]
async fn api_passkey_proof_takes_the_password_and_a_code_where_log_ins_ask() {
    let auth = World::shared().await.client();
    let owner = person(&auth).await;
    let begin = format!("{PASSKEYS}/options");
    let remove = format!("{PASSKEYS}/{}/remove", owner.id);
    for path in [&begin, &remove] {
        for body in [json!({}), json!({"password": "wrong"})] {
            let reply = post(&auth, &owner.token, path, &body).await;
            assert_eq!(reply.pointers(), ["/password"], "{path} {body}");
        }
    }
    let mut codes = enrolled(&auth).await;
    for body in [json!({"password": PASSWORD}), json!({"password": PASSWORD, "code": "aaaa"})] {
        assert_eq!(post(&auth, &codes.token, &begin, &body).await.pointers(), ["/code"], "{body}");
    }
    let body = json!({"password": PASSWORD, "code": codes.app.code()});
    let asked = post(&auth, &codes.token, &begin, &body).await.expect(200).json();
    let mut passkey = Passkey::new();
    let credential = passkey.made(&asked["public_key"]);
    let made = add(&auth, &codes.token, "Key", &credential).await.expect(201).json();
    let remove = format!("{PASSKEYS}/{}/remove", made["id"]);
    let reply = post(&auth, &codes.token, &remove, &json!({"password": PASSWORD})).await;
    assert_eq!(reply.pointers(), ["/code"]);
    let reply = post(&auth, &codes.token, &remove, &body).await;
    assert_eq!(reply.pointers(), ["/code"], "used");
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
    let told = auth.with_token("GET", "/api/auth/export", &owner.token).send().await.expect(200);
    assert_eq!(told.json()["passkeys"][1]["name"], "Büro");
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
    let asked = post(&auth, &fresh, &begin, &json!({})).await.expect(200).json();
    let credential = Passkey::new().made(&asked["public_key"]);
    let _ = add(&auth, &fresh, "Another", &credential).await.expect(201);
    let later = "UPDATE sessions SET authenticated_at = authenticated_at - interval '10 minutes' \
                 WHERE passkey_id IS NOT NULL AND user_id = (SELECT id FROM users WHERE username = ";
    let _ = world.databases.psql(&format!("{later}'{}')", owner.name)).expect("later");
    for path in [&begin, &remove] {
        let late = post(&auth, &fresh, path, &json!({})).await;
        let _ = late.problem(403, "reauthentication-required");
    }
    let fresh = token(&use_passkey(&auth, &owner.passkey).await.expect(200).json());
    let _ = post(&auth, &fresh, &remove, &json!({})).await.expect(204);
    // It is gone, and the other one is a way in.
    assert_eq!(list(&auth, &fresh).await[0]["name"], "Another");
}

#[tokio::test]
async fn limit_passkeys_20_of_a_user() {
    let auth = World::shared().await.client();
    let owner = person(&auth).await;
    for _ in 1..20 {
        let _ = added(&auth, &owner.token, &mut Passkey::new()).await;
    }
    let credential = Passkey::new().made(&options(&auth, &owner.token).await);
    let refused = add(&auth, &owner.token, "One too many", &credential).await;
    assert_eq!(refused.problem(409, "limit-reached")["limit"], "passkeys");
    let remove = format!("{PASSKEYS}/{}/remove", owner.id);
    let _ = post(&auth, &owner.token, &remove, &json!({"password": PASSWORD})).await.expect(204);
    let _ = added(&auth, &owner.token, &mut Passkey::new()).await;
}
