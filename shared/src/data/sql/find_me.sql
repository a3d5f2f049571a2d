-- auth-me: the user of a token that still counts, and the hash of their password.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation,
       password_hash
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
