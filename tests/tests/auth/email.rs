//! Servers that send no mail (docs/contract/api.md, API-MAIL); with mail:
//! tests/browser/page/mail.test.mjs.

use super::{Auth, PASSWORD, World};
use contract_tests::Reply;
use serde_json::{Value, json};

async fn ask(auth: &Auth, token: &str, path: &str, body: &Value) -> Reply {
    auth.with_token("POST", path, token).json(body).send().await
}

#[tokio::test]
async fn api_mail_without_a_mail_server_whatever_asks_for_a_mail_is_told_so() {
    let auth = World::shared().await.client();
    let (_, token) = auth.somebody().await;
    let forgotten = json!({"account": "ada"});
    let _ = auth.post("/api/auth/forgot-password", &forgotten).await.problem(409, "no-mail");
    let address = json!({"address": "ada@example.org", "password": PASSWORD});
    let _ = ask(&auth, &token, "/api/auth/email", &address).await.problem(409, "no-mail");
    let resend = "/api/auth/email/resend";
    let _ = ask(&auth, &token, resend, &json!({})).await.problem(409, "no-mail");
    let kept = auth.with_token("GET", "/api/auth/email", &token).send().await.expect(200);
    assert_eq!(kept.json(), json!({"address": null, "verified_at": null, "pending": null}));
    let board = json!({"name": "Mine"});
    let board = ask(&auth, &token, "/api/boards", &board).await.expect(201).json();
    let path = format!("/api/boards/{}/invitations", board["id"]);
    let invitation = json!({"role": "viewer", "email": "ada@example.org"});
    let _ = ask(&auth, &token, &path, &invitation).await.problem(409, "no-mail");
    let _ = ask(&auth, &token, &path, &json!({"role": "viewer"})).await.expect(201);
}
