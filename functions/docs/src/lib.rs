//! `/docs/...`: an interactive page of the API's description, which needs nothing from elsewhere.

#![cfg(target_arch = "wasm32")]

use platform::{Answer, Call, Failure, Method, Request, Response, StatusCode, header, serve};
use shared::http::problem::ProblemKind;
use shared::preconditions::EntityTag;

/// A file that the manifest mounts at the root.
struct File {
    path: &'static str,
    name: &'static str,
    media_type: &'static str,
    /// Whether there is a compressed one as well.
    compressed: bool,
}

const PAGE: File = File {
    path: "/docs",
    name: "index.html",
    media_type: "text/html; charset=utf-8",
    compressed: false,
};

const FILES: &[File] = &[
    PAGE,
    File { path: "/docs/", ..PAGE },
    File {
        path: "/docs/page.css",
        name: "page.css",
        media_type: "text/css; charset=utf-8",
        compressed: false,
    },
    File {
        path: "/docs/start.js",
        name: "start.js",
        media_type: "text/javascript; charset=utf-8",
        compressed: false,
    },
    File {
        path: "/docs/swagger-ui.css",
        name: "swagger-ui.css",
        media_type: "text/css; charset=utf-8",
        compressed: true,
    },
    File {
        path: "/docs/swagger-ui-bundle.js",
        name: "swagger-ui-bundle.js",
        media_type: "text/javascript; charset=utf-8",
        compressed: true,
    },
];

/// Distinguishes the files from those of another release.
const DIGEST: &str = env!("DOCS_DIGEST");

/// Nothing but our own files runs in the page, and it talks to nobody but us; Swagger UI's icons are
/// data.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    serve(request, &[Method::GET], async |call| read(call)).await
}

fn read(call: &Call) -> Result<Answer, Failure> {
    let file = FILES.iter().find(|file| file.path == call.path()).ok_or_else(|| {
        Failure::refused(ProblemKind::NotFound, format!("There is nothing at {}.", call.path()))
    })?;
    let compressed = file.compressed && call.accepts_gzip();
    let digest: u64 = DIGEST.parse().map_err(Failure::internal)?;
    // Another representation has another strong tag (RFC 9110, section 8.8.3).
    let tag = EntityTag::of_version(if compressed { digest } else { !digest });
    let answer = match call.if_none_match()? {
        Some(condition) if condition.names(&tag) => Answer::empty(StatusCode::NOT_MODIFIED),
        _ => {
            let suffix = if compressed { ".gz" } else { "" };
            let content = std::fs::read(format!("/{}{suffix}", file.name));
            let content = content.map_err(Failure::internal)?;
            let answer = Answer::of(StatusCode::OK, file.media_type, content);
            if compressed { answer.with(header::CONTENT_ENCODING, "gzip") } else { answer }
        }
    };
    Ok(answer
        .tagged(&tag)
        .with(header::VARY, "Accept-Encoding")
        .with(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .with(header::REFERRER_POLICY, "same-origin"))
}
