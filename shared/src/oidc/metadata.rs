//! What a provider says of itself (OpenID Connect Discovery 1.0).

use super::settings::{Provider, is_safe};
use serde::Deserialize;

/// The part of the document that a log-in needs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Metadata {
    issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Metadata {
    /// Where the document is.
    #[must_use]
    pub fn address(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// The document of this provider.
    ///
    /// # Errors
    /// What is wrong with it, for the log.
    pub fn read(document: &[u8], provider: &Provider) -> Result<Self, String> {
        let read: Self = serde_json::from_slice(document).map_err(|error| error.to_string())?;
        if read.issuer != provider.issuer {
            return Err("it belongs to another issuer".to_owned());
        }
        if !is_safe(&read.authorization_endpoint) {
            return Err("its authorization_endpoint is not an https address".to_owned());
        }
        for (name, endpoint) in
            [("token_endpoint", &read.token_endpoint), ("jwks_uri", &read.jwks_uri)]
        {
            if !provider.allows(endpoint) {
                return Err(format!("its {name} is neither at the issuer nor in `hosts`"));
            }
        }
        Ok(read)
    }

    /// Whether the client's secret goes into the body: where the provider takes no HTTP Basic, which is what counts
    /// where it does not say.
    #[must_use]
    pub fn wants_secret_in_body(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|method| method == name);
        has("client_secret_post") && !has("client_secret_basic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::providers;
    use serde_json::{Value, json};

    fn read(change: &Value) -> Result<Metadata, String> {
        let mut document = json!({
            "issuer": "https://id.example", "authorization_endpoint": "https://login.example/auth",
            "token_endpoint": "https://id.example/token", "jwks_uri": "https://id.example/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"], "more": true,
        });
        for (name, value) in change.as_object().into_iter().flatten() {
            document[name] = value.clone();
        }
        let provider =
            json!([{"id": "a", "name": "A", "issuer": "https://id.example", "client_id": "c"}]);
        let provider = &providers(&provider.to_string()).expect("a provider")[0];
        Metadata::read(document.to_string().as_bytes(), provider)
    }

    #[test]
    fn api_oidc_a_discovery_document_of_somebody_else_or_that_leads_elsewhere_is_none() {
        assert!(read(&json!({})).expect("good").wants_secret_in_body());
        for bad in [
            json!({"issuer": "https://id.example/"}),
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            json!({"token_endpoint": "http://id.example/token"}),
            json!({"token_endpoint": "http://127.0.0.1:6379/"}),
            json!({"jwks_uri": "https://keys.example/"}),
            json!({"jwks_uri": null}),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
        assert_eq!(
            Metadata::address("https://id.example/realms/a/"),
            "https://id.example/realms/a/.well-known/openid-configuration"
        );
    }
}
