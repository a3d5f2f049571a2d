-- auth-login, auth-register, auth-oidc: writes down that a token was issued, to whom, and that its user was there.
-- Throws away a little of what has expired.
-- $1 user id, $2 the token's jti, $3 its generation, $4 when it ends, in seconds since 1970, $5 what the client says
-- that it is, or null; $6 the identity's id, $7 the provider's session, and $8 when its user proved there who they are,
-- in seconds since 1970: all null where a password did it
WITH over AS (
    DELETE FROM sessions WHERE (user_id, jti) IN (
        SELECT user_id, jti FROM sessions WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED
    )
), seen AS (
    UPDATE users SET last_seen_at = date_trunc('milliseconds', clock_timestamp()) WHERE id = $1
)
INSERT INTO sessions (user_id, jti, generation, expires_at, user_agent, identity_id, provider_session, authenticated_at)
VALUES ($1, $2, $3, to_timestamp($4::bigint), $5::text, $6::bigint, $7::text, to_timestamp($8::bigint))
ON CONFLICT DO NOTHING
