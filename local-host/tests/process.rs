//! The process: start, cache, ports, and shutdown.

mod support;

use std::net::TcpListener;

use support::{Folder, MANIFEST};
use tokio::io::AsyncWriteExt as _;

#[tokio::test]
async fn sigterm_lets_a_running_request_end_and_then_the_process_ends_well() {
    let mut host = Folder::new(MANIFEST).start(&[]);
    host.tell("count", "").await;
    let address = host.address.clone();
    let (answer, ()) = tokio::join!(host.tell("slow-print", "1500"), async {
        host.until_logged("goes to sleep", 1).await;
        host.signal("TERM");
        host.wait_for_log("no new connections");
        assert!(tokio::net::TcpStream::connect(&address).await.is_err(), "it still listens");
    });
    assert_eq!(answer, "printed");
    assert!(host.wait().success());
}

#[tokio::test]
async fn a_request_whose_client_has_hung_up_may_end_too() {
    let mut host = Folder::new(MANIFEST).start(&[]);
    let mut stream = tokio::net::TcpStream::connect(&host.address).await.unwrap();
    let request = "GET /slow-print HTTP/1.1\r\nhost: h\r\nargument: 1500\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    host.wait_for_log("goes to sleep");
    drop(stream);
    host.signal("TERM");
    assert!(host.wait().success());
    assert!(host.log().contains("slept for 1500"), "the guest was cut short:\n{}", host.log());
}

#[tokio::test]
async fn a_request_without_an_end_does_not_keep_the_process() {
    let mut host = Folder::new(MANIFEST).start(&["--shutdown-timeout-ms", "500"]);
    host.tell("count", "").await;
    let address = host.address.clone();
    let looping = tokio::spawn(async move {
        let uri = format!("http://{address}/loop");
        let request = http::Request::get(uri).body(http_body_util::Empty::<bytes::Bytes>::new());
        let client =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .build_http();
        client.request(request.unwrap()).await.is_err()
    });
    host.until_logged("spins from now on", 1).await;
    host.signal("INT");
    let status = tokio::task::spawn_blocking(move || host.wait()).await.unwrap();
    assert!(status.success());
    assert!(looping.await.unwrap(), "the request was answered");
}

#[tokio::test]
async fn requests_that_the_stop_cuts_off_are_no_faults_of_their_guests() {
    let mut host = Folder::new(MANIFEST).start(&["--shutdown-timeout-ms", "100"]);
    host.tell("count", "").await;
    let mut stream = tokio::net::TcpStream::connect(&host.address).await.unwrap();
    let request = "GET /slow-print HTTP/1.1\r\nhost: h\r\nargument: 60000\r\n\
                   x-request-id: cut-off\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    host.wait_for_log("goes to sleep");
    host.signal("INT");
    assert!(host.wait().success());
    let line = host.wait_for_log("stopped before all requests had ended");
    assert!(line.contains("WARN") && line.contains("cut-off"), "{line}");
    assert!(!host.log().contains("ERROR"), "{}", host.log());
}

#[test]
fn a_taken_port_is_one_clear_line_and_status_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = Folder::new(MANIFEST);
    let mut command = folder.command(&[]);
    command.args(["--listen", &address]);
    let output = command.output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    // The later flag takes precedence, as in most programs.
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains(&format!("{address} is already in use")), "{log}");
}

#[test]
fn the_second_start_finds_the_compiled_component() {
    let folder = Folder::new(MANIFEST);
    let cache = tempfile::tempdir().unwrap();
    let cache = cache.path().to_str().unwrap();
    let first = folder.start(&["--cache-dir", cache]).wait_for_log("loaded the components");
    assert!(first.contains("from_cache=0 compiled=1"), "{first}");
    let second = folder.start(&["--cache-dir", cache]).wait_for_log("loaded the components");
    assert!(second.contains("from_cache=1 compiled=0"), "{second}");
}

#[test]
fn help_names_every_setting_with_its_default() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_local-host"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for flag in ["--from", "--listen", "--variable", "--runtime-config-file", "--log-format"] {
        assert!(help.contains(flag), "{help}");
    }
    assert!(help.contains("127.0.0.1:3000"), "{help}");
}
