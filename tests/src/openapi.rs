//! The API's own description (`/api/openapi.json`), compared with the servers' actual answers.

use crate::http::{Client, Reply};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The path of the description.
pub const PATH: &str = "/api/openapi.json";

/// The methods that a path may have in the document.
pub const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Headers of HTTP itself and of CORS, which answers have without being described.
const UNDESCRIBED: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "vary",
    "x-content-type-options",
];

/// The description, and the validators built from it so far.
#[derive(Debug)]
pub struct Document {
    json: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// Fails unless the answer matches the description of the request. Servers without a description
/// (the relay) are not checked.
///
/// # Panics
/// If it does not match, or the description cannot be read.
pub async fn check_described(client: &Client, reply: &Reply) {
    if let Some(document) = of(client).await {
        document.check(reply);
    }
}

/// The description of the client's server, if it has one. It is fetched once.
pub async fn of(client: &Client) -> Option<Arc<Document>> {
    static KNOWN: Mutex<Option<HashMap<String, Option<Arc<Document>>>>> = Mutex::new(None);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let base = client.base().to_owned();
    if let Some(document) = known().as_ref().and_then(|known| known.get(&base)) {
        return document.clone();
    }
    let answer = client.get(PATH).try_send().await.ok()?;
    let document = (answer.status == 200).then(|| Arc::new(Document::new(answer.json())));
    known().get_or_insert_default().insert(base, document.clone());
    document
}

impl Document {
    /// Parses a description from this JSON.
    #[must_use]
    pub fn new(json: Value) -> Self {
        Self { json, validators: Mutex::default() }
    }

    /// The whole document.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Its paths, such as `/api/boards/{board_id}`.
    ///
    /// # Panics
    /// If it has none.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.json["paths"].as_object().expect("paths").keys().map(String::as_str)
    }

    /// The methods of a path, in capitals, sorted.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<String> {
        let item = &self.json["paths"][path];
        let mut methods: Vec<String> = METHODS
            .iter()
            .filter(|method| item.get(**method).is_some())
            .map(|method| method.to_uppercase())
            .collect();
        methods.sort_unstable();
        methods
    }

    /// Resolves a `$ref`; returns anything else unchanged.
    ///
    /// # Panics
    /// If its target does not exist.
    #[must_use]
    pub fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let pointer = reference.strip_prefix('#').expect("a reference into this document");
        self.json.pointer(pointer).unwrap_or_else(|| panic!("{reference} has no target"))
    }

    /// The described path that matches a path; paths without parameters take precedence.
    #[must_use]
    pub fn path_of(&self, path: &str) -> Option<&str> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |described: &&str| {
            let described: Vec<&str> = described.split('/').collect();
            described.len() == parts.len()
                && described.iter().zip(&parts).all(|(described, part)| {
                    described == part || (described.starts_with('{') && !part.is_empty())
                })
        };
        self.paths().filter(fits).min_by_key(|described| described.matches('{').count())
    }

    /// Fails unless this answer matches the description.
    ///
    /// # Panics
    /// If it does not.
    pub fn check(&self, reply: &Reply) {
        let (method, target) = reply.title().split_once(' ').expect("a method and a path");
        let path = target.split('?').next().unwrap_or_default();
        let responses = &self.json["components"]["responses"];
        let Some(path) = self.path_of(path) else {
            // Files have their own descriptions.
            if path.starts_with("/api/") && method != "OPTIONS" {
                let answers = match reply.status {
                    405 => &responses["MethodNotAllowed"],
                    _ => &responses["NotFound"],
                };
                assert!([404, 405, 413].contains(&reply.status), "{reply}\nat an unknown path");
                self.check_answer("unknown path", method, answers, reply);
            }
            return;
        };
        let described = if method == "HEAD" { "get" } else { &method.to_lowercase() };
        let Some(operation) = self.json["paths"][path].get(described) else {
            if method == "OPTIONS" {
                assert_eq!(reply.status, 204, "{reply}");
            } else if path.starts_with("/api/admin/") && reply.status == 404 {
                // Only admins learn that the path exists.
                self.check_answer(path, method, &responses["NotFound"], reply);
            } else {
                assert_eq!(reply.status, 405, "{reply}\n{method} {path} is not described");
                self.check_answer(path, method, &responses["MethodNotAllowed"], reply);
            }
            return;
        };
        if reply.status < 300 {
            self.check_query(operation, target, reply);
        }
        let answer = operation["responses"].get(reply.status.to_string());
        let answer = answer.unwrap_or_else(|| {
            panic!("{reply}\nThe description of {method} {path} has no such status")
        });
        self.check_answer(path, method, self.follow(answer), reply);
    }

    /// Checks that the query parameters of a successful request are described.
    fn check_query(&self, operation: &Value, target: &str, reply: &Reply) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let described: Vec<&str> = parameters
            .map(|parameter| self.follow(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let (_, query) = target.split_once('?').unwrap_or_default();
        for name in query.split('&').filter_map(|pair| pair.split('=').next()) {
            let known = name.is_empty() || described.contains(&name);
            assert!(known, "{reply}\nThe description has no parameter {name}");
        }
    }

    fn check_answer(&self, path: &str, method: &str, answer: &Value, reply: &Reply) {
        if reply.status == 413 && path == "unknown path" {
            return;
        }
        self.check_headers(answer, reply);
        let content = answer["content"].as_object();
        let Some(content) = content else {
            assert!(reply.body.is_empty(), "{reply}\nhas a body, which is not described");
            return;
        };
        let sent_as = reply.expect_header("content-type");
        let essence = sent_as.split(';').next().unwrap_or_default().trim();
        let described = content.get(essence);
        let described =
            described.unwrap_or_else(|| panic!("{reply}\nThe description has no {essence}"));
        if method == "HEAD" {
            return;
        }
        let name = format!("{method} {path} {} {essence}", reply.status);
        // A body that is not JSON is described as a text.
        let value = match essence {
            "text/csv" => Value::from(String::from_utf8_lossy(&reply.body)),
            _ => reply.json(),
        };
        self.check_value(&name, &described["schema"], &value, &reply.to_string());
    }

    /// Checks that every required header is present, and that every header is described and
    /// valid.
    fn check_headers(&self, answer: &Value, reply: &Reply) {
        let described = answer["headers"].as_object();
        let described: HashMap<String, &Value> = described
            .into_iter()
            .flatten()
            .map(|(name, header)| (name.to_lowercase(), self.follow(header)))
            .collect();
        for (name, header) in &described {
            if header["required"] == true {
                assert!(reply.header(name).is_some(), "{reply}\nlacks the header {name}");
            }
        }
        for (name, value) in &reply.headers {
            let name = name.as_str();
            if UNDESCRIBED.contains(&name) || name.starts_with("access-control-") {
                continue;
            }
            let header = described.get(name);
            let header =
                header.unwrap_or_else(|| panic!("{reply}\nThe description has no header {name}"));
            let text = value.to_str().unwrap_or_default();
            let value = match header["schema"]["type"].as_str() {
                Some("integer") => text.parse::<u64>().map_or(json!(text), Value::from),
                _ => json!(text),
            };
            self.check_value(name, &header["schema"], &value, &reply.to_string());
        }
    }

    /// Fails unless the value matches the schema. `name` identifies the schema.
    ///
    /// # Panics
    /// If it does not match.
    pub fn check_value(&self, name: &str, schema: &Value, value: &Value, about: &str) {
        let validator = self.validator(name, schema);
        let faults: Vec<String> = validator
            .iter_errors(value)
            .take(5)
            .map(|error| {
                let mut text = error.to_string();
                text.truncate(text.floor_char_boundary(1_000));
                format!("{}: {text}", error.instance_path())
            })
            .collect();
        assert!(faults.is_empty(), "{about}\nis not as described:\n{}", faults.join("\n"));
    }

    fn validator(&self, name: &str, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let validator = validators.entry(name.to_owned()).or_insert_with(|| {
            let whole = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [schema],
                "components": {"schemas": self.json["components"]["schemas"]},
            });
            let options = jsonschema::options().should_validate_formats(true);
            let built = options.build(&whole);
            Arc::new(built.unwrap_or_else(|error| panic!("the schema of {name}: {error}")))
        });
        Arc::clone(validator)
    }
}
