//! A guest for the host's tests: the last part of the path names the action, and the header
//! `argument` has its argument.

#![cfg(target_arch = "wasm32")]

mod databases;

use bytes::Bytes;
use futures::SinkExt as _;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt as _;
use spin_sdk::experimental::wasi::keyvalue::{atomics, batch, store};
use spin_sdk::http::{BoxBody, FullBody, Request, box_body};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;
use spin_sdk::wasip3::clocks::monotonic_clock;
use spin_sdk::wasip3::http::types::RequestOptions;
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;
use std::sync::atomic::{AtomicU32, Ordering};

type Answer = Result<String, String>;

#[http_service]
async fn handle(request: Request) -> Response<BoxBody> {
    let (parts, body) = request.into_parts();
    let action = parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let argument = header(&parts.headers, "argument").to_owned();
    let answer = match action.as_str() {
        "stream" => return Response::new(stream(&argument)),
        "echo" => Ok(echo(&parts.uri, &parts.headers)),
        "body" => match body.collect().await {
            Ok(body) => Ok(body.to_bytes().len().to_string()),
            Err(error) => Err(error.to_string()),
        },
        "databases" => match body.collect().await {
            Ok(script) => databases::run(&script.to_bytes()).await,
            Err(error) => Err(error.to_string()),
        },
        "unread" => Ok("unread".to_owned()),
        "loop" => spin_forever(),
        "compute" => compute(&argument),
        "trap" => core::arch::wasm32::unreachable(),
        "allocate" => Ok(allocate(&argument)),
        "large" => Ok("x".repeat(argument.parse().unwrap_or_default())),
        "sleep" => sleep(&argument).await,
        "slow-print" => {
            print("goes to sleep");
            match sleep(&argument).await {
                Ok(_) => Ok(print(&format!("slept for {argument}"))),
                Err(error) => Err(error),
            }
        }
        "count" => Ok(count()),
        "print" => Ok(print(&argument)),
        "read" => std::fs::read_to_string(&argument).map_err(|error| error.to_string()),
        "write" => std::fs::write(&argument, "x")
            .map(|()| "written".to_owned())
            .map_err(|error| error.to_string()),
        "environment" => std::env::var(&argument).map_err(|error| error.to_string()),
        "variable" => spin_sdk::variables::get(&argument).await.map_err(|error| error.to_string()),
        "fetch" => fetch(&argument, header(&parts.headers, "connect-timeout")).await,
        _ => key_value(&action, &argument).await,
    };
    let (status, text) = match answer {
        Ok(text) => (StatusCode::OK, text),
        Err(text) => (StatusCode::UNPROCESSABLE_ENTITY, text),
    };
    let mut response = Response::new(box_body(FullBody::new(Bytes::from(text))));
    *response.status_mut() = status;
    response
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Sends a line, waits for some milliseconds, and then sends another; traps if there is no number.
fn stream(milliseconds: &str) -> BoxBody {
    let (mut sender, body) = spin_sdk::http::body::stream::<String>();
    let milliseconds = milliseconds.parse();
    spin_sdk::wasip3::spawn(async move {
        let _ = sender.send("first\n".to_owned()).await;
        let Ok(milliseconds) = milliseconds else {
            monotonic_clock::wait_for(200_000_000).await;
            core::arch::wasm32::unreachable()
        };
        monotonic_clock::wait_for(milliseconds).await;
        let _ = sender.send("second\n".to_owned()).await;
    });
    box_body(body)
}

/// The URI and the headers, one per line.
fn echo(uri: &http::Uri, headers: &HeaderMap) -> String {
    let mut lines = vec![format!("uri: {uri}")];
    let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {}", text(value))));
    lines.join("\n")
}

/// Computes endlessly without a pause.
fn spin_forever() -> Answer {
    print("spins from now on");
    let turns = AtomicU32::new(0);
    loop {
        turns.fetch_add(1, Ordering::Relaxed);
    }
}

/// Computes for this many milliseconds without a pause.
fn compute(milliseconds: &str) -> Answer {
    let milliseconds: u64 = milliseconds.parse().map_err(|error| format!("{error}"))?;
    print("computes from now on");
    let started = monotonic_clock::now();
    while monotonic_clock::now() - started < milliseconds * 1_000_000 {
        for turn in 0..100_000_u32 {
            std::hint::black_box(turn);
        }
    }
    Ok("computed".to_owned())
}

/// Allocates this many bytes of memory, touches them, and frees them.
fn allocate(bytes: &str) -> String {
    let bytes = bytes.parse().unwrap_or(0);
    let memory = std::hint::black_box(vec![1_u8; bytes]);
    memory.iter().map(|byte| usize::from(*byte)).sum::<usize>().to_string()
}

async fn sleep(milliseconds: &str) -> Answer {
    let milliseconds: u64 = milliseconds.parse().map_err(|error| format!("{error}"))?;
    monotonic_clock::wait_for(milliseconds * 1_000_000).await;
    Ok("slept".to_owned())
}

/// How many such requests this instance has had.
fn count() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    (COUNT.fetch_add(1, Ordering::Relaxed) + 1).to_string()
}

#[expect(clippy::print_stdout, reason = "what guests print is what the test looks at")]
fn print(line: &str) -> String {
    println!("{line}");
    "printed".to_owned()
}

async fn fetch(url: &str, connect_timeout: &str) -> Answer {
    let options = RequestOptions::new();
    if let Ok(milliseconds) = connect_timeout.parse::<u64>() {
        let nanoseconds = Some(milliseconds * 1_000_000);
        options.set_connect_timeout(nanoseconds).map_err(|error| format!("{error:?}"))?;
    }
    let request = http::Request::get(url)
        .extension(RequestOptionsExtension(options))
        .body(FullBody::new(Bytes::new()))
        .map_err(|error| error.to_string())?;
    let response = spin_sdk::http::send(request).await.map_err(|error| format!("{error:?}"))?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|error| format!("{error:?}"))?;
    Ok(format!("{status} {}", String::from_utf8_lossy(&body.to_bytes())))
}

/// `argument` is a key, or `key=value`.
async fn key_value(action: &str, argument: &str) -> Answer {
    let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
    let spin = async || Store::open_default().await.map_err(|error| format!("{error:?}"));
    let wasi = || store::open("default").map_err(|error| format!("{error:?}"));
    let fault = |error: spin_sdk::key_value::Error| format!("{error:?}");
    let text = |value: Option<Vec<u8>>| {
        value.map_or("none".to_owned(), |value| String::from_utf8_lossy(&value).into_owned())
    };
    let done = |()| "done".to_owned();
    match action {
        "open" => Store::open(argument).await.map(|_| "opened".to_owned()).map_err(fault),
        "get" => spin().await?.get(key).await.map(text).map_err(fault),
        "set" => spin().await?.set(key, value).await.map(done).map_err(fault),
        "delete" => spin().await?.delete(key).await.map(done).map_err(fault),
        "exists" => spin().await?.exists(key).await.map(|it| it.to_string()).map_err(fault),
        "keys" => {
            let keys = spin().await?.get_keys().await.collect().await.map_err(fault)?;
            Ok(keys.join(" "))
        }
        "increment" => {
            let delta = value.parse().unwrap_or(1);
            let sum = atomics::increment(&wasi()?, key, delta);
            sum.map(|sum| sum.to_string()).map_err(|error| format!("{error:?}"))
        }
        "swap" => swap(&wasi()?, key).await,
        "create" => create(&wasi()?, key, value),
        "get-many" => {
            let keys: Vec<String> = key.split(',').map(str::to_owned).collect();
            let pairs = batch::get_many(&wasi()?, &keys).map_err(|error| format!("{error:?}"))?;
            let pair = |(key, value): (String, Option<Vec<u8>>)| format!("{key}={}", text(value));
            Ok(pairs.into_iter().map(pair).collect::<Vec<_>>().join(" "))
        }
        _ => Err(format!("unknown action {action:?}")),
    }
}

/// Adds one to a decimal number by compare-and-swap, with as many retries as needed.
async fn swap(bucket: &store::Bucket, key: &str) -> Answer {
    let mut handle = atomics::Cas::new(bucket, key).map_err(|error| format!("{error:?}"))?;
    loop {
        let current = handle.current().map_err(|error| format!("{error:?}"))?;
        let number = current.and_then(|value| String::from_utf8(value).ok());
        let number: u64 = number.and_then(|number| number.parse().ok()).unwrap_or(0);
        let next = (number + 1).to_string();
        // Yields to other requests, so that some of them have read the same number.
        monotonic_clock::wait_for(100_000).await;
        match atomics::swap(handle, next.as_bytes()) {
            Ok(()) => return Ok(next),
            Err(atomics::CasError::CasFailed(newer)) => handle = newer,
            Err(atomics::CasError::StoreError(error)) => return Err(format!("{error:?}")),
        }
    }
}

/// A swap that read no value, although the key is set before it writes.
fn create(bucket: &store::Bucket, key: &str, value: &str) -> Answer {
    let handle = atomics::Cas::new(bucket, key).map_err(|error| format!("{error:?}"))?;
    let seen = handle.current().map_err(|error| format!("{error:?}"))?;
    bucket.set(key, b"theirs").map_err(|error| format!("{error:?}"))?;
    match atomics::swap(handle, value.as_bytes()) {
        Ok(()) => Ok(format!("saw {} and swapped", seen.is_some())),
        Err(atomics::CasError::CasFailed(newer)) => {
            let now = newer.current().map_err(|error| format!("{error:?}"))?.unwrap_or_default();
            Ok(format!("refused: it is {}", String::from_utf8_lossy(&now)))
        }
        Err(atomics::CasError::StoreError(error)) => Err(format!("{error:?}")),
    }
}
