//! Who may register (docs/contract/api.md, API-REGISTRATION).

use super::{Auth, PASSWORD, REGISTER, World, fresh_name};
use contract_tests::Reply;
use serde_json::{Value, json};

/// Registers an account with this name by a link.
async fn register(auth: &Auth, name: &str, invitation: Option<&str>) -> Reply {
    let body = json!({"username": name, "password": PASSWORD, "invitation": invitation});
    auth.post(REGISTER, &body).await
}

/// A link created at this path.
async fn link(auth: &Auth, token: &str, path: &str, body: &Value) -> String {
    let made = auth.with_token("POST", path, token).json(body).send().await.expect(201).json();
    made["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn api_registration_is_for_everybody_for_the_invited_or_for_those_whom_admins_invite() {
    let world = World::shared().await;
    let auth = world.client();
    let (taken, owner) = auth.somebody().await;
    let (boss, boss_token) = auth.somebody().await;
    let grant = format!("UPDATE users SET role = 'admin' WHERE username = '{boss}'");
    let _ = world.databases.psql(&grant).expect("an admin");
    let board = auth.with_token("POST", "/api/boards", &owner).json(&json!({"name": "Way in"}));
    let board = board.send().await.expect(201).expect_header("location").to_owned();
    let modes = ["invite", "closed"];
    let start = modes.map(|mode| [("SPIN_VARIABLE_REGISTRATION", mode)]);
    let (invite, closed) = tokio::join!(
        super::stack(&world.databases, &start[0]),
        super::stack(&world.databases, &start[1]),
    );
    for (stack, mode) in [(&world.stack, "open"), (&invite, "invite"), (&closed, "closed")] {
        let auth = Auth::new(stack);
        let config = auth.call("GET", "/config.json").send().await.expect(200).json();
        assert_eq!(config["registration"], mode);
        let to_board = json!({"role": "viewer"});
        let of_owner = link(&auth, &owner, &format!("{board}/invitations"), &to_board).await;
        let of_admin = link(&auth, &boss_token, "/api/admin/invitations", &json!({})).await;
        for (link, may) in
            [(None, mode == "open"), (Some(&*of_owner), mode != "closed"), (Some(&*of_admin), true)]
        {
            if let Some(token) = link {
                let body = json!({"token": token});
                let seen = auth.post("/api/invitations/preview", &body).await.expect(200).json();
                assert_eq!(seen["registers"], may, "{mode}: {seen}");
            }
            if may {
                let _ = register(&auth, &fresh_name(), link).await.expect(201);
                continue;
            }
            // A taken name gets the same answer as any other.
            for name in [fresh_name(), taken.clone()] {
                let reply = register(&auth, &name, link).await;
                let problem = reply.problem(403, "registration-closed");
                assert_eq!(problem["registration"], mode);
            }
        }
        let _ = register(&auth, &taken, Some("no such link")).await.problem(404, "link-invalid");
        let _ = auth.login(&taken).await;
    }
}

#[tokio::test]
async fn api_registration_by_a_link_is_repeated_after_a_lost_answer() {
    let world = World::shared().await;
    let auth = world.client();
    let (_, owner) = auth.somebody().await;
    let board = auth.with_token("POST", "/api/boards", &owner).json(&json!({"name": "Once"}));
    let board = board.send().await.expect(201).expect_header("location").to_owned();
    let to_board = json!({"role": "viewer"});
    let token = link(&auth, &owner, &format!("{board}/invitations"), &to_board).await;
    let body = json!({"username": fresh_name(), "password": PASSWORD, "invitation": token});
    let ask = async || {
        let call = auth.call("POST", REGISTER).header("idempotency-key", "the-same").json(&body);
        call.send().await.expect(201)
    };
    assert_eq!(ask().await.header("idempotency-replayed"), None);
    assert_eq!(ask().await.header("idempotency-replayed"), Some("true"));
}
