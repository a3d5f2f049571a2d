-- auth-me: the user of a token that is still valid. Notes that the session was seen, to a quarter of an hour.
-- $1 user id, $2 the token's generation, $3 its jti
WITH seen AS (
    UPDATE sessions SET last_seen_at = date_trunc('milliseconds', clock_timestamp())
    WHERE user_id = $1 AND jti = $3 AND last_seen_at < now() - interval '15 minutes'
)
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
