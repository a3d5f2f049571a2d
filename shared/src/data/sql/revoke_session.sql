-- auth-me: revokes the token of one of the user's own log-ins. Gives whether there is one of this id
-- that is valid; no row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 the session's id
WITH reader AS MATERIALIZED (
    SELECT id, token_generation, token_kept_jti FROM users
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), target AS MATERIALIZED (
    SELECT sessions.jti, user_id, expires_at FROM sessions JOIN reader ON user_id = reader.id
    WHERE sessions.id = $4 AND expires_at > now()
      AND (generation = token_generation OR sessions.jti = token_kept_jti)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE revoked_tokens.jti = sessions.jti)
), revoked AS (
    INSERT INTO revoked_tokens (jti, user_id, expires_at) SELECT jti, user_id, expires_at FROM target
    ON CONFLICT (jti) DO NOTHING
)
SELECT EXISTS (SELECT FROM target) FROM reader
