//! Why a store does not answer, as far as everybody may know: `/readyz` says it, and the log has the cause itself
//! (docs/contract/api.md, API-PROBE).

/// The reasons, and what is in the causes that they explain, in lower case. The first that fits counts.
const REASONS: [(&str, &[&str]); 9] = [
    ("sslmode or sslrootcert in its address is not supported", &["sslmode", "sslrootcert"]),
    (
        "its address is malformed, or not one that the functions may connect to",
        &[
            "invalidaddress",
            "is not permitted",
            "invalid configuration",
            "invalid connection string",
        ],
    ),
    ("the file of trusted authorities cannot be used", &["ca file", "no ca certificates"]),
    ("its certificate is not accepted", &["certificate"]),
    (
        "it does not accept the user or the password",
        &["authentication failed", "wrongpass", "noauth", "invalid username-password"],
    ),
    ("it lets nobody in from here, or only over TLS", &["pg_hba.conf"]),
    ("the user or the database does not exist", &["\" does not exist"]),
    (
        "it cannot be reached, or does not answer in time",
        &[
            "connection refused",
            "lookup",
            "unreachable",
            "timed out",
            "in time",
            "no answer",
            "not answer",
        ],
    ),
    ("no TLS connection with it can be made", &["tls", "ssl"]),
];

/// What explains this cause: one of a few clauses, without a name, an address or a secret.
#[must_use]
pub fn reason(cause: &str) -> Option<&'static str> {
    let cause = cause.to_lowercase();
    let fits = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    REASONS.iter().find(|(_, words)| fits(words)).map(|(reason, _)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_probe_the_reason_is_one_of_a_few_clauses_and_never_the_cause() {
        for (cause, part) in [
            ("sslmode must be disable, require or verify-full (… a certificate …)", "sslmode"),
            ("address postgres://db:5432 is not permitted", "connect to"),
            ("Error::InvalidAddress", "connect to"),
            ("the CA file /ca.pem contains no certificate in PEM format", "authorities"),
            (
                "error performing TLS handshake: invalid peer certificate: UnknownIssuer",
                "certificate",
            ),
            ("db error: FATAL: password authentication failed for user \"ada\"", "password"),
            ("WRONGPASS: invalid username-password pair or user is disabled.", "password"),
            ("Password authentication failed- AuthenticationFailed: invalid username", "password"),
            ("FATAL: no pg_hba.conf entry for host \"10.0.0.9\", no encryption", "TLS"),
            ("FATAL: database \"boards\" does not exist", "database"),
            ("error connecting to server: Connection refused (os error 111)", "reached"),
            ("failed to lookup address information: Name or service not known", "reached"),
            ("no answer to EXISTS within 2s", "reached"),
            ("error performing TLS handshake: server does not support TLS", "TLS"),
        ] {
            let found = reason(cause).unwrap_or_default();
            assert!(found.contains(part), "{cause}: {found}");
        }
        for cause in ["57P03: the database system is starting up", "/healthz answered 500"] {
            assert_eq!(reason(cause), None, "{cause}");
        }
    }
}
