//! Valid and invalid manifests, variables and runtime configurations.

mod support;

use support::{Folder, MANIFEST};

const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"x\"\n";
const TRIGGER: &str = "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"guest\"\n";
const GUEST: &str = "[component.guest]\nsource = \"guest.wasm\"\n";

/// Manifests, and the beginning of the only line about each.
fn faulty() -> Vec<(String, &'static str)> {
    let full = format!("{HEAD}{TRIGGER}{GUEST}");
    vec![
        ("a = ".to_owned(), "spin.toml:1: "),
        (full.replace("= 2", "= 1"), "spin.toml:1: spin_manifest_version: must be 2"),
        (full.replace("name = \"x\"", ""), "spin.toml:2: application.name: is missing"),
        (
            full.replace("name = \"x\"", "name = \"x\"\nnmae = 1"),
            "spin.toml:4: application.nmae: is not a known key here",
        ),
        (full.replace("\"/...\"", "5"), "spin.toml:5: trigger.http[0].route: must be a string"),
        (
            full.replace("\"/...\"", "\"boards\""),
            "spin.toml:5: trigger.http[0].route: must start with /",
        ),
        (
            full.replace("component = \"guest\"", "component = \"gest\""),
            "spin.toml:6: trigger.http[0].component: no component \"gest\"; there are guest",
        ),
        (
            full.replace("guest.wasm", "absent.wasm"),
            "spin.toml:8: component.guest.source: no such file \"absent.wasm\"",
        ),
        (
            format!(
                "{}[component.guest.build]\ncommand = \"cargo build\"\n",
                full.replace("guest.wasm", "absent.wasm")
            ),
            "spin.toml:8: component.guest.source: no such file \"absent.wasm\"; \
             build it with: cargo build",
        ),
        (
            full.replace("guest.wasm", "spin.toml"),
            "spin.toml:8: component.guest.source: is not a WASM component",
        ),
        (
            full.replace("guest.wasm", "core.wasm"),
            "spin.toml:8: component.guest.source: is a core module",
        ),
        (
            full.replace("[component.guest]", "[component.Guest]"),
            "spin.toml:7: component.Guest: the name must be kebab-case",
        ),
        (
            format!("{full}files = [\"absent\"]\n"),
            "spin.toml:9: component.guest.files[0]: no such file \"absent\"",
        ),
        (
            format!("{full}files = [{{ source = \"absent\", destination = \"/\" }}]\n"),
            "spin.toml:9: component.guest.files[0].source: no such file \"absent\"",
        ),
        (
            format!("{full}files = [{{ source = \".\", destination = \"x\" }}]\n"),
            "spin.toml:9: component.guest.files[0].destination: must be an absolute path",
        ),
        (
            format!("{full}allowed_outbound_hosts = [\n  \"http://ok\",\n  \"redis://h/0\",\n]\n"),
            "spin.toml:11: component.guest.allowed_outbound_hosts[1]: ",
        ),
        (
            format!("{full}allowed_outbound_hosts = [\"http://{{{{ nowhere }}}}\"]\n"),
            "spin.toml:9: component.guest.allowed_outbound_hosts[0]: uses \"nowhere\"",
        ),
        (
            format!("{full}key_value_stores = [\"other\"]\n"),
            "spin.toml:9: component.guest.key_value_stores[0]: no key-value store \"other\"",
        ),
        (
            format!("{full}sqlite_databases = [\"default\"]\n"),
            "spin.toml:9: component.guest.sqlite_databases: is not supported by this host",
        ),
        (
            format!("{full}[component.guest.variables]\nurl = \"{{{{ open\"\n"),
            "spin.toml:10: component.guest.variables.url: has a {{ without its }}",
        ),
        (
            format!("{full}[variables]\nurl = {{ required = true, default = \"x\" }}\n"),
            "spin.toml:10: variables.url: has both",
        ),
        (
            format!("{full}[variables]\nurl = {{ secret = true }}\n"),
            "spin.toml:10: variables.url: has neither",
        ),
        (
            format!("{full}[variables]\nrelayUrl = {{ default = \"x\" }}\n"),
            "spin.toml:10: variables.relayUrl: the name must be lower snake_case",
        ),
        (
            format!("{full}[variables]\nurl = {{ required = true }}\n"),
            "spin.toml:10: variables.url: is required and has no value",
        ),
        (
            format!("{full}[[trigger.redis]]\nchannel = \"x\"\n"),
            "spin.toml:9: trigger.redis: is not supported by this host",
        ),
    ]
}

#[test]
fn a_wrong_manifest_is_one_line_with_file_line_and_key() {
    for (manifest, message) in faulty() {
        let folder = Folder::new(&manifest);
        folder.write("core.wasm", "\0asm\u{1}\0\0\0");
        let (status, log) = folder.fail(&[]);
        assert_eq!(status.code(), Some(1), "{manifest}");
        assert_eq!(log.lines().count(), 1, "{log}");
        assert!(log.contains(&format!("ERROR {message}")), "no {message:?} in\n{log}");
    }
}

#[test]
fn a_wrong_runtime_configuration_is_one_line_too() {
    for (config, message) in [
        (
            "[key_value_store.default]\ntype = \"redis\"\n",
            "runtime.toml:2: key_value_store.default.type: must be",
        ),
        (
            "[key_value_store.default]\ntype = \"spin\"\npath = \"x.db\"\n",
            "runtime.toml:3: key_value_store.default.path: is not supported",
        ),
        ("[unknown]\n", "runtime.toml:1: unknown: is not a known key here"),
        (
            "[outbound_pg]\nmax_connections = 0\n",
            "runtime.toml:2: outbound_pg.max_connections: must be a whole number of at least 1",
        ),
        (
            "[outbound_pg]\nmax_connection = 12\n",
            "runtime.toml:2: outbound_pg.max_connection: is not a known key here",
        ),
        (
            "[outbound_http]\nconnection_pooling = 1\n",
            "runtime.toml:2: outbound_http.connection_pooling: must be true or false",
        ),
    ] {
        let folder = Folder::new(MANIFEST);
        folder.write("runtime.toml", config);
        let (status, log) = folder.fail(&["--runtime-config-file", "runtime.toml"]);
        assert_eq!(status.code(), Some(1));
        assert!(log.contains(&format!("ERROR {message}")), "no {message:?} in\n{log}");
    }
}

#[test]
fn spin_a_runtime_configuration_of_spin_is_taken_and_what_has_no_effect_is_reported() {
    let folder = Folder::new(MANIFEST);
    folder.write(
        "runtime.toml",
        "state_dir = \".spin\"\nmax_instance_memory = 1000000\n\
         [key_value_store.default]\ntype = \"spin\"\n\
         [outbound_pg]\nmax_connections = 12\n\
         [outbound_http]\nconnection_pooling = true\nmax_connections = 10\n\
         [outbound_redis]\nmax_connections = 10\n\
         [outbound_networking]\nblock_networks = [\"private\"]\n\
         [sqlite_database.default]\ntype = \"spin\"\n",
    );
    let host = folder.start(&["--runtime-config-file", "runtime.toml"]);
    let log = host.log();
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("WARN")).collect();
    for place in [
        "runtime.toml:1: state_dir",
        "runtime.toml:2: max_instance_memory",
        "runtime.toml:9: outbound_http.max_connections",
        "runtime.toml:10: outbound_redis",
        "runtime.toml:12: outbound_networking",
        "runtime.toml:14: sqlite_database",
    ] {
        let reported = format!("{place}: is for Spin and has no effect on this host");
        assert!(warnings.iter().any(|line| line.contains(&reported)), "no {reported:?} in\n{log}");
    }
    assert_eq!(warnings.len(), 6, "{log}");
}

#[test]
fn a_manifest_that_is_not_there_is_named() {
    let (status, log) = Folder::new(MANIFEST).fail(&["--from", "absent.toml"]);
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("absent.toml: cannot be read"), "{log}");
}

#[tokio::test]
async fn variables_take_flag_then_configuration_then_environment_then_dotenv_then_default() {
    let manifest = format!(
        "{MANIFEST}[component.guest.variables]\n{}[variables]\n{}",
        ["a", "b", "c", "d", "e", "f"]
            .map(|name| format!("{name} = \"<{{{{ {name} }}}}>\"\n"))
            .concat(),
        ["a", "b", "c", "d", "e", "f"]
            .map(|name| format!("{name} = {{ default = \"default\" }}\n"))
            .concat(),
    );
    let folder = Folder::new(&manifest);
    folder.write(
        ".env",
        "SPIN_VARIABLE_A=dotenv\nSPIN_VARIABLE_B=dotenv\nSPIN_VARIABLE_C=dotenv\nSPIN_VARIABLE_D=\"dotenv\"\n",
    );
    folder.write(
        "runtime.toml",
        "[[variables_provider]]\ntype = \"static\"\nvalues = { a = \"file\", b = \"file\" }\n",
    );
    let host = folder.start_with(
        &[
            "--variable",
            "f=an=other",
            "--variable",
            "a=flag",
            "--runtime-config-file",
            "runtime.toml",
        ],
        &[
            ("SPIN_VARIABLE_A", "environment"),
            ("SPIN_VARIABLE_B", "environment"),
            ("SPIN_VARIABLE_C", "environment"),
        ],
    );
    for (name, value) in [
        ("a", "<flag>"),
        ("b", "<file>"),
        ("c", "<environment>"),
        ("d", "<dotenv>"),
        ("e", "<default>"),
        ("f", "<an=other>"),
    ] {
        assert_eq!(host.tell("variable", name).await, value, "{name}");
    }
    let answer = host.ask("variable", "other").await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn a_value_is_in_no_log_line_even_at_the_finest_level() {
    /// Without the compiler, which logs each instruction.
    const LEVELS: &str =
        "debug,local_host=trace,hyper=trace,hyper_util=trace,wasmtime_wasi_http=trace";
    let manifest = format!(
        "{MANIFEST}[component.guest.variables]\ntoken = \"{{{{ token }}}}\"\n\
         [variables]\ntoken = {{ required = true, secret = true }}\n"
    );
    let host = Folder::new(&manifest)
        .start_with(&["--log", LEVELS], &[("SPIN_VARIABLE_TOKEN", "do-not-print-me")]);
    assert_eq!(host.tell("variable", "token").await, "do-not-print-me");
    assert!(!host.log().contains("do-not-print-me"));
}

#[tokio::test]
async fn only_the_components_asked_for_run_and_need_a_file() {
    let manifest = format!(
        "{MANIFEST}[[trigger.http]]\nroute = \"/other/...\"\ncomponent = \"other\"\n\
         [component.other]\nsource = \"absent.wasm\"\n"
    );
    let folder = Folder::new(&manifest);
    let (_, log) = folder.fail(&[]);
    assert!(log.contains("component.other.source: no such file"), "{log}");
    let (status, log) = folder.fail(&["--component-id", "guest", "--component-id", "gest"]);
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("no component \"gest\"; there are guest, other"), "{log}");
    let host = folder.start(&["--component-id", "guest"]);
    let answer = host.send(http::Request::get("/other/echo"), "").await;
    assert!(answer.body.contains("spin-matched-route: /..."), "{}", answer.body);
}

#[test]
fn a_variable_that_the_application_does_not_declare_cannot_be_given() {
    let (status, log) = Folder::new(MANIFEST).fail(&["--variable", "nowhere=1"]);
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("--variable nowhere"), "{log}");
}

#[test]
fn a_collector_that_cannot_be_spoken_to_is_named_at_the_start() {
    let folder = Folder::new(MANIFEST);
    let (http, https) = ("http://127.0.0.1:4318", "https://collector.example");
    for (name, value, endpoint) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", https, https),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4318", http),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", http),
        ("OTEL_TRACES_SAMPLER", "sometimes", http),
        ("OTEL_TRACES_SAMPLER_ARG", "2", http),
    ] {
        let mut command = folder.command(&[]);
        let output = command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env(name, value).output();
        let output = output.unwrap();
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && log.contains(&format!("{name} must ")), "{log}");
    }
}
