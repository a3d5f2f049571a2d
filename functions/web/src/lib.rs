//! `/...`: the page, from the files that the manifest mounts, and where its relay is.

#![cfg(target_arch = "wasm32")]

use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, header, serve, variables,
};
use shared::problem::ProblemKind;
use spin_sdk::http_service;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Where the manifest mounts the files.
const ROOT: &str = "/";

/// Nothing but our own files runs in the page; it talks to us and to the relay, which may stand on
/// another host or port.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; \
     img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

#[http_service]
async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| match call.path() {
        "/config.json" => config().await,
        path => file(call, path),
    })
    .await
}

/// `{"relay_url": "…"}`; empty where the relay is beside this server.
async fn config() -> Result<Answer, Failure> {
    let relay_url = platform::to_json(&variables::get("relay_public_url").await?)?;
    Ok(Answer::json(StatusCode::OK, format!("{{\"relay_url\":{relay_url}}}")))
}

/// A file; a folder is its `index.html`.
fn file(call: &Call, path: &str) -> Result<Answer, Failure> {
    let missing =
        || Failure::refused(ProblemKind::NotFound, format!("There is nothing at {path}."));
    let mut place = resolve(path).ok_or_else(missing)?;
    if std::fs::metadata(&place).is_ok_and(|found| found.is_dir()) {
        place.push("index.html");
    }
    let found = std::fs::metadata(&place).map_err(|_| missing())?;
    let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let tag = format!("W/\"{:x}-{:x}\"", found.len(), modified.unwrap_or_default().as_millis());
    let answer = if call.header(&header::IF_NONE_MATCH) == Some(&tag) {
        Answer::empty(StatusCode::NOT_MODIFIED)
    } else {
        let content = std::fs::read(&place).map_err(Failure::internal)?;
        Answer::of(StatusCode::OK, media_type(&place), content)
    };
    Ok(answer
        .with(header::ETAG, &tag)
        .with(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .with(header::REFERRER_POLICY, "same-origin"))
}

/// The place of a path below the root; `None` for one that would lead out of it.
fn resolve(path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| Path::new(ROOT).join(relative))
}

fn media_type(place: &Path) -> &'static str {
    match place.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
