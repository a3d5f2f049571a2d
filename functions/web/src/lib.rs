//! `/...`: the app's web build, from the files that the manifest mounts, and where its relay is.

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

/// The page in which the app runs.
const PAGE: &str = "index.html";

/// How the paths of the app's screens begin.
const PAGES: [&str; 6] = ["", "boards", "login", "profile", "quick-win", "register"];

/// Where the bundler puts what it names after its content.
const NAMED_BY_CONTENT: &str = "_expo/static";

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

/// `{"relay_url": "…"}`: an address, `:PORT` of the page's own host, or empty for the page's own address.
async fn config() -> Result<Answer, Failure> {
    let relay_url = platform::to_json(&variables::get("relay_public_url").await?)?;
    Ok(Answer::json(StatusCode::OK, format!("{{\"relay_url\":{relay_url}}}")))
}

/// A file of the web build, or the page, which shows what its path says. A path that is none of the
/// app's is told so: with the page to a person, with a problem to a program.
fn file(call: &Call, path: &str) -> Result<Answer, Failure> {
    if let Some(answer) = resolve(path).and_then(|place| send(call, &place).transpose()) {
        return answer;
    }
    let page = || send(call, &Path::new(ROOT).join(PAGE));
    let missing =
        || Failure::refused(ProblemKind::NotFound, format!("There is nothing at {path}."));
    if is_page(path) {
        return page()?.ok_or_else(missing);
    }
    if call.is_navigation() {
        let page = page()?.ok_or_else(missing)?;
        return Ok(page.with_status(StatusCode::NOT_FOUND));
    }
    Err(missing())
}

/// Whether the app has a screen at this path (app/src/navigation knows which).
fn is_page(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    path.starts_with('/') && !path.starts_with("//") && PAGES.contains(&first)
}

/// What lies at a place, compressed where the client takes that; `None` where no file lies.
fn send(call: &Call, place: &Path) -> Result<Option<Answer>, Failure> {
    let Some(found) = std::fs::metadata(place).ok().filter(std::fs::Metadata::is_file) else {
        return Ok(None);
    };
    let mut compressed = place.as_os_str().to_owned();
    compressed.push(".gz");
    let packed = call.accepts_gzip() && std::fs::metadata(&compressed).is_ok();
    let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let tag = format!("W/\"{:x}-{:x}\"", found.len(), modified.unwrap_or_default().as_millis());
    let answer = if call.header(&header::IF_NONE_MATCH) == Some(&tag) {
        Answer::empty(StatusCode::NOT_MODIFIED)
    } else {
        let source = if packed { Path::new(&compressed) } else { place };
        let content = std::fs::read(source).map_err(Failure::internal)?;
        let answer = Answer::of(StatusCode::OK, media_type(place), content);
        if packed { answer.with(header::CONTENT_ENCODING, "gzip") } else { answer }
    };
    let answer = answer
        .with(header::ETAG, &tag)
        .with(header::VARY, "Accept-Encoding")
        .with(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .with(header::REFERRER_POLICY, "same-origin");
    // The bundler names these after their content: what has this name never changes.
    let named_by_content = place.starts_with(Path::new(ROOT).join(NAMED_BY_CONTENT));
    Ok(Some(if named_by_content {
        answer.with(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
    } else {
        answer
    }))
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
