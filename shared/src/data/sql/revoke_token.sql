-- auth-logout: revokes one token that is still valid; no row if it is not. Throws away what time
-- has revoked by now, a little each time, and never waits for another who does the same.
-- $1 user id, $2 the token's generation, $3 its jti, $4 when it ends, in seconds since 1970
WITH over AS (
    DELETE FROM revoked_tokens
    WHERE jti IN (
        SELECT jti FROM revoked_tokens WHERE expires_at < now() - interval '1 day'
        LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO revoked_tokens (jti, user_id, expires_at)
SELECT $3::text, id, to_timestamp($4::bigint)
FROM users
WHERE id = $1 AND NOT disabled AND (token_generation = $2 OR token_kept_jti = $3)
ON CONFLICT (jti) DO NOTHING
RETURNING true
