//! `/api/...`: whatever no other function answers.

#![cfg(target_arch = "wasm32")]

use platform::{Failure, Method, Request, Response, serve};

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let every = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    serve(request, &every, async |call| Err(Failure::nothing_at(call.path()))).await
}
