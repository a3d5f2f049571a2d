//! The server itself.

use crate::description::headers::ETAG;
use crate::description::operation::Operation;
use crate::description::schemas::health::{Health, Readiness};
use utoipa::openapi::HttpMethod::{self, Get};

pub(super) const TAG: &str = "Server";

pub(super) fn all() -> Vec<Operation> {
    vec![
        operation(Get, "/healthz", "health", "Whether the process answers").json::<Health>(
            200,
            "It does.",
            &[],
        ),
        operation(Get, "/readyz", "readiness", "Whether its stores respond, each by name")
            .about(
                "A store that is not configured is reported as such and does not make the check \
                 fail.",
            )
            .json::<Readiness>(200, "They do.", &[])
            .json::<Readiness>(503, "One of them does not respond.", &[]),
        operation(Get, "/api/openapi.json", "openapi", "This document").cached(&[]).other(
            200,
            "An OpenAPI 3.1 document.",
            &[ETAG],
        ),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
