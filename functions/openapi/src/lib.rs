//! `/api/openapi.json`: the API's own description (OpenAPI 3.1), which the build made from code.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Failure, Method, Request, Response, StatusCode, header, serve};
use shared::preconditions::EntityTag;

const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// What tells it from that of another release.
const DIGEST: &str = env!("OPENAPI_DIGEST");

/// A client may keep the document for so long without asking: it changes with a release only.
const CACHE_CONTROL: &str = "public, max-age=300";

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| read(call)).await
}

fn read(call: &Call) -> Result<Answer, Failure> {
    let tag = EntityTag::of_version(DIGEST.parse().map_err(Failure::internal)?);
    let answer = match call.if_none_match()? {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => Answer::json(StatusCode::OK, DOCUMENT),
    };
    Ok(answer.tagged(&tag).with(header::CACHE_CONTROL, CACHE_CONTROL))
}
