-- auth-me: by what the user of a token can prove once more who they are: the hash of their password or null, and
-- whether they have logged in by a provider or a passkey within the last ten minutes. No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT password_hash, EXISTS (
    SELECT FROM sessions WHERE user_id = $1 AND jti = $3 AND authenticated_at > now() - interval '10 minutes')
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
