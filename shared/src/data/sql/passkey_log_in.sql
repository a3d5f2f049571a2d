-- auth-passkey: uses a challenge up and writes a log-in by a passkey down; whether both could be.
-- $1 the passkey's id, $2 how often it was used, $3 the challenge, $4 when that ends, in seconds since 1970, $5 the token's
-- jti, $6 its generation, $7 when it ends, in seconds since 1970, $8 what the client says that it is, or null
SELECT passkey_log_in($1, $2, $3::text, to_timestamp($4::bigint), $5::text, $6, to_timestamp($7::bigint), $8::text)
