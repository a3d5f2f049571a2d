//! The variable `oidc_providers`: a JSON array with an object for each provider.

use crate::http::origins::origin;
use crate::models::DisplayName;
use crate::validation::FromField as _;
use serde::Deserialize;
use thiserror::Error;

/// How many providers there may be: each is a button of the login page.
const MOST_PROVIDERS: usize = 10;

/// What is wrong with the variable; `0` is the place (a JSON Pointer) and `1` the fault. It never contains a value.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{0:?} {1}")]
pub struct Faulty(pub String, pub String);

/// A secret, which never prints.
#[derive(Clone, Deserialize, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// A provider.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// What it is called in paths.
    pub id: String,
    /// What it is called on the login page.
    pub name: String,
    /// Who it says that it is, and where its documents are.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// How we prove that; not of a public client.
    pub client_secret: Option<Secret>,
    /// What is asked for.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// The claim that has the groups.
    #[serde(default = "usual_groups_claim")]
    pub groups_claim: String,
    /// Members of these are admins, and nobody else; empty: the provider says nothing about that.
    #[serde(default)]
    pub admin_groups: Vec<String>,
    /// Whether new users get an account, also where `registration` is not `open`.
    #[serde(default)]
    pub register: bool,
    /// Origins beside the issuer's where its endpoints may be.
    #[serde(default)]
    pub hosts: Vec<String>,
}

fn usual_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

fn usual_groups_claim() -> String {
    "groups".to_owned()
}

/// The providers that the variable names; none where it is empty.
///
/// # Errors
/// The first fault.
pub fn providers(json: &str) -> Result<Vec<Provider>, Faulty> {
    if json.trim().is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<serde_json::Value> = serde_json::from_str(json).map_err(|error| {
        fault("", format!("is not a JSON array (line {}, column {})", error.line(), error.column()))
    })?;
    if values.len() > MOST_PROVIDERS {
        return Err(fault("", format!("names more than {MOST_PROVIDERS} providers")));
    }
    let mut providers: Vec<Provider> = Vec::new();
    for (place, value) in values.into_iter().enumerate() {
        let provider: Provider = serde_json::from_value(value.clone())
            .map_err(|error| fault(&culprit(place, &value), shape(&error.to_string())))?;
        provider.check().map_err(|(field, why)| fault(&format!("/{place}/{field}"), why))?;
        let taken = |other: &Provider| other.id == provider.id || other.issuer == provider.issuer;
        if providers.iter().any(taken) {
            return Err(fault(&format!("/{place}"), "has the id or the issuer of another"));
        }
        providers.push(provider);
    }
    Ok(providers)
}

fn fault(place: &str, why: impl Into<String>) -> Faulty {
    Faulty(place.to_owned(), why.into())
}

/// Where the fault of a shape is: at the member without which there would be none, or none but its absence.
fn culprit(place: usize, value: &serde_json::Value) -> String {
    let members = value.as_object();
    let faulty = members.into_iter().flatten().find(|(name, _)| {
        let mut rest = value.clone();
        rest.as_object_mut().and_then(|rest| rest.remove(*name));
        let fault = serde_json::from_value::<Provider>(rest).err().map(|error| error.to_string());
        fault.is_none_or(|fault| fault == format!("missing field `{name}`"))
    });
    faulty.map_or(format!("/{place}"), |(name, _)| format!("/{place}/{name}"))
}

/// What serde says of a shape, without the value that it quotes: a secret may be written in the wrong place.
fn shape(error: &str) -> String {
    let kind = error.split(':').next().unwrap_or_default();
    match kind {
        "invalid type" | "invalid value" => {
            let expected =
                error.rsplit_once("expected ").map_or("another", |(_, expected)| expected);
            format!("has the wrong type: expected {expected}")
        }
        _ => error.to_owned(),
    }
}

impl Provider {
    /// Finds a fault: the field and what is wrong with it.
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let word =
            |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let checks = [
            (
                (1..=32).contains(&self.id.len()) && self.id.bytes().all(sign),
                ("id", "must have 1 to 32 of a-z, 0-9 and -"),
            ),
            (
                DisplayName::from_field(self.name.as_str().into()).is_ok(),
                ("name", "must be one line of 1 to 64 characters"),
            ),
            (
                is_safe(&self.issuer) && !self.issuer.contains(['?', '#']),
                ("issuer", "must be an https address (or http of this machine) without ? and #"),
            ),
            (word(&self.client_id), ("client_id", "must be visible ASCII characters")),
            (
                self.client_secret.as_ref().is_none_or(|Secret(secret)| !secret.is_empty()),
                ("client_secret", "must not be empty: omit it for a public client"),
            ),
            (
                self.scopes.iter().all(word) && self.scopes.iter().any(|scope| scope == "openid"),
                ("scopes", "must be words, openid among them"),
            ),
            (!self.groups_claim.is_empty(), ("groups_claim", "must not be empty")),
            (
                self.admin_groups.iter().all(|group| !group.is_empty()),
                ("admin_groups", "must not have empty names"),
            ),
            (
                self.hosts.iter().all(|host| is_safe(host) && origin(host).is_some()),
                ("hosts", "must be origins such as https://keys.example.com"),
            ),
        ];
        let faulty = checks.into_iter().find(|(good, _)| !good);
        faulty.map_or(Ok(()), |(_, fault)| Err(fault))
    }

    /// Whether an endpoint that the provider names may be asked: it is where the issuer is, or at one of `hosts`.
    #[must_use]
    pub fn allows(&self, endpoint: &str) -> bool {
        let wanted = origin_of(endpoint);
        let allowed = std::iter::once(&self.issuer).chain(&self.hosts);
        is_safe(endpoint) && allowed.map(|known| origin_of(known)).any(|known| known == wanted)
    }
}

/// Whether an address is protected on its way, or never leaves this machine.
pub(super) fn is_safe(address: &str) -> bool {
    let Some(origin) = origin_of(address) else { return false };
    let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    address.chars().all(|letter| letter.is_ascii_graphic())
        && (origin.starts_with("https://")
            || local.iter().any(|host| {
                origin
                    .strip_prefix(host)
                    .is_some_and(|port| port.is_empty() || port.starts_with(':'))
            }))
}

/// Scheme, host and port of an address.
fn origin_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    origin(&format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn good() -> Value {
        json!({"id": "house", "name": "House", "issuer": "https://id.example/realms/a", "client_id": "board"})
    }

    fn refused(field: &str, value: Value) -> String {
        let mut provider = good();
        provider[field] = value;
        providers(&json!([provider]).to_string()).expect_err(field).to_string()
    }

    #[test]
    fn api_oidc_settings_what_is_left_out_has_its_usual_value() {
        assert_eq!(providers(" "), Ok(Vec::new()));
        let read = providers(&json!([good()]).to_string()).expect("a provider");
        assert_eq!(read[0].scopes, ["openid", "profile", "email"]);
        assert_eq!(read[0].groups_claim, "groups");
        assert!(!read[0].register && read[0].admin_groups.is_empty());
        assert!(read[0].client_secret.is_none());
    }

    #[test]
    fn api_oidc_settings_a_fault_is_named_by_its_field_and_tells_no_value() {
        for (field, value) in [
            ("id", json!("House")),
            ("id", json!("")),
            ("name", json!("two\nlines")),
            ("name", json!("\u{200b}")),
            ("issuer", json!("http://id.example")),
            ("issuer", json!("https://id.example?x=1")),
            ("issuer", json!("https://user@id.example")),
            ("issuer", json!("http://localhost.evil.example")),
            ("client_id", json!("")),
            ("client_secret", json!("")),
            ("scopes", json!(["profile"])),
            ("groups_claim", json!("")),
            ("admin_groups", json!([""])),
            ("hosts", json!(["https://keys.example/path"])),
            ("hosts", json!(["http://keys.example"])),
        ] {
            let told = refused(field, value);
            assert!(told.starts_with(&format!("\"/0/{field}\" must ")), "{told}");
        }
        let told = refused("client_secrets", json!("hush"));
        assert!(told.starts_with("\"/0/client_secrets\" unknown field"), "{told}");
        assert!(!told.contains("hush"), "{told}");
        let told = refused("scopes", json!("hush hush"));
        assert_eq!(told, "\"/0/scopes\" has the wrong type: expected a sequence");
        let twice = json!([good(), good()]).to_string();
        assert_eq!(providers(&twice).expect_err("twice").0, "/1");
        assert_eq!(providers("{").expect_err("no JSON").0, "");
        let many = json!(vec![good(); 11]).to_string();
        assert_eq!(providers(&many).expect_err("many").0, "");
    }

    #[test]
    fn api_oidc_settings_secrets_never_print() {
        let mut provider = good();
        provider["client_secret"] = json!("hush");
        let read = providers(&json!([provider]).to_string()).expect("a provider");
        assert!(!format!("{read:?}").contains("hush"));
    }

    #[test]
    fn api_oidc_endpoints_are_asked_where_the_issuer_is_or_where_the_operator_says() {
        let mut provider = good();
        provider["hosts"] = json!(["https://keys.example"]);
        let provider = &providers(&json!([provider]).to_string()).expect("a provider")[0];
        for good in
            ["https://id.example/token", "https://ID.example:443/x?y", "https://keys.example"]
        {
            assert!(provider.allows(good), "{good}");
        }
        for other in [
            "http://id.example/token",
            "https://id.example:8443/token",
            "https://id.example.evil/token",
            "https://id.example@evil.example/",
            "http://169.254.169.254/",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!provider.allows(other), "{other}");
        }
    }
}
