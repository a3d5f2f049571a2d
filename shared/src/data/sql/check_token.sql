-- realtime-relay: a row where a token of ours still counts, none where it is revoked.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT true
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
