-- auth-me (email): a user's address (JSON). No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT email_json(id)::text
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
