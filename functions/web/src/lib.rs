//! `/...`: the app's web build, from the files that the manifest mounts, and where its relay is.

#![cfg(target_arch = "wasm32")]

use platform::invitation::Registration;
use platform::{
    Answer, Call, Failure, Method, Request, Response, StatusCode, header, mailing, serve, variables,
};
use shared::http::problem::ProblemKind;
use shared::preconditions::EntityTag;
use shared::settings;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Component, Path, PathBuf};

/// Where the manifest mounts the files.
const ROOT: &str = "/";

/// The page in which the app runs.
const PAGE: &str = "index.html";

/// How the paths of the app's screens begin.
const PAGES: [&str; 9] =
    ["", "admin", "boards", "invite", "login", "profile", "quick-win", "register", "reset"];

/// Where the bundler puts what it names after its content.
const NAMED_BY_CONTENT: &str = "_expo/static";

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| match call.path() {
        "/config.json" => config().await,
        path => Ok(file(call, path)?.with(header::CONTENT_SECURITY_POLICY, &policy(call).await?)),
    })
    .await
}

/// `{"relay_url": "…", "trace_ratio": 0, "registration": "open", "mail": false}`: an address, `:PORT` of the page's
/// own host, or empty for the page's own address; what part of its changes the app has followed (0 to 1); who may
/// register; and whether mails are sent.
async fn config() -> Result<Answer, Failure> {
    let relay_url = platform::to_json(&variables::get("relay_public_url").await?)?;
    let ratio = settings::ratio(&variables::get("trace_ratio").await?)
        .map_err(|fault| variables::wrong("trace_ratio", &fault))?;
    let registration = Registration::configured().await?.as_str();
    let mail = mailing::enabled().await?;
    let text = format!(
        "{{\"relay_url\":{relay_url},\"trace_ratio\":{ratio},\"registration\":\"{registration}\",\"mail\":{mail}}}"
    );
    Ok(Answer::json(StatusCode::OK, text))
}

/// Nothing but our own files runs in the page; it talks to us and to the relay, which may be at
/// another host or port, and to nobody else.
async fn policy(call: &Call) -> Result<String, Failure> {
    let relay_url = variables::get("relay_public_url").await?;
    let relay = platform::relay_sources(&relay_url, call.authority());
    Ok(format!(
        "default-src 'self'; connect-src 'self' {relay}; img-src 'self' data:; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    ))
}

/// A file of the web build, or the page, which shows what its path says. An unknown path
/// is a 404: with the page for a person, with a problem for a program.
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

/// The file at a path, compressed if the client accepts that; `None` if there is none.
fn send(call: &Call, place: &Path) -> Result<Option<Answer>, Failure> {
    if !place.is_file() {
        return Ok(None);
    }
    let mut compressed = place.as_os_str().to_owned();
    compressed.push(".gz");
    let packed = call.accepts_gzip() && Path::new(&compressed).is_file();
    let digest = digest(place).map_err(Failure::internal)?;
    // Another representation has another strong tag (RFC 9110, section 8.8.3).
    let tag = EntityTag::of_version(if packed { digest } else { !digest });
    let answer = match call.if_none_match()? {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => {
            let source = if packed { Path::new(&compressed) } else { place };
            let content = std::fs::read(source).map_err(Failure::internal)?;
            let answer = Answer::of(StatusCode::OK, media_type(place), content);
            if packed { answer.with(header::CONTENT_ENCODING, "gzip") } else { answer }
        }
    };
    let answer = answer
        .tagged(&tag)
        .with(header::VARY, "Accept-Encoding")
        .with(header::REFERRER_POLICY, "same-origin");
    Ok(Some(if is_named_by_content(place) {
        answer.with(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
    } else {
        answer
    }))
}

/// Tells a file from any other. Each copy of it has the same: Spin copies files at each start, and
/// every replica has its own, so their times say nothing.
fn digest(place: &Path) -> std::io::Result<u64> {
    // This hasher has no key of its own: it gives the same in every instance.
    let mut hasher = DefaultHasher::new();
    if is_named_by_content(place) {
        place.hash(&mut hasher);
    } else {
        std::fs::read(place)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Whether the bundler named a file after its content: what has this name never changes.
fn is_named_by_content(place: &Path) -> bool {
    place.starts_with(Path::new(ROOT).join(NAMED_BY_CONTENT))
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
