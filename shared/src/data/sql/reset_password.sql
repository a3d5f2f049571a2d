-- auth-login (reset-password): uses a link up, sets the password of its user and revokes all of their tokens; gives
-- id and name, or no row where the link does not count (any more).
-- $1 the digest of the link, $2 the new password's hash
WITH link AS (
    DELETE FROM reset_links WHERE digest = decode($1::text, 'hex') AND expires_at > clock_timestamp()
    RETURNING user_id
)
UPDATE users
SET password_hash = $2::text, token_generation = token_generation + 1, token_kept_jti = NULL,
    updated_at = date_trunc('milliseconds', clock_timestamp())
FROM link WHERE id = user_id AND NOT disabled
RETURNING id, username
