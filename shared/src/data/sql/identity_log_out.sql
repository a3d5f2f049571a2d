-- auth-oidc: revokes the log-ins that a logout token ends; gives whose they were, then null. No row where the token was
-- taken before.
-- $1 issuer, $2 the logout token's jti, $3 when it ends, in seconds since 1970, $4 subject or null, $5 sid or null
SELECT user_id FROM identity_log_out($1::text, $2::text, to_timestamp($3::bigint), $4::text, $5::text)
