-- realtime-relay, and functions before they tell an API token that it does not reach so far: a row where a token of
-- ours is still valid, none where it is revoked. Gives its user's name, and when an API token ends, in seconds since
-- 1970.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT username, CASE WHEN $2::bigint < 0 THEN (
    SELECT extract(epoch FROM expires_at)::bigint FROM api_tokens WHERE digest = $3) END AS ends
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
