//! `/api/boards/:board_id/invitations`, `/api/admin/invitations` and `/api/invitations`: links by which
//! people come in, made and taken back, looked at and used.

#![cfg(target_arch = "wasm32")]

mod making;
mod using;

use platform::{Endpoint, Method, Request, Response};

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let path = request.path().trim_matches('/').to_owned();
    let one = Endpoint::of(&[Method::DELETE]);
    let all = Endpoint::of(&[Method::GET, Method::POST]).with_query(&["cursor", "limit"]);
    let post = Endpoint::of(&[Method::POST]);
    if path.ends_with("invitations/preview") {
        return post.serve(request, async |call| using::preview(call).await).await;
    }
    if path.ends_with("invitations/accept") {
        return post.serve(request, async |call| using::accept(call).await).await;
    }
    let admins = path.starts_with("api/admin/");
    let (one, all) = if admins { (one.for_admins(), all.for_admins()) } else { (one, all) };
    if path.ends_with("/invitations") {
        let handler = async |call: &platform::Call| match call.method() {
            Method::GET => making::list(call, admins).await,
            _ => making::create(call, admins).await,
        };
        all.serve(request, handler).await
    } else {
        one.serve(request, async |call| making::remove(call, admins).await).await
    }
}
