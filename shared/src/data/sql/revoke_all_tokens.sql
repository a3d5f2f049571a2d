-- auth-logout?everywhere=true: revokes all tokens of the user whose token this is, if it still
-- is valid; gives the first generation that is valid from now on, or no row.
-- $1 user id, $2 the token's generation, $3 its jti
UPDATE users
SET token_generation = token_generation + 1, token_kept_jti = NULL,
    updated_at = date_trunc('milliseconds', clock_timestamp())
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
RETURNING token_generation
