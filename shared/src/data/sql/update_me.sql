-- auth-me: another display name or password for the user of a token that is still valid. A new
-- password begins a new generation of tokens, into which only this one is taken along, and ends the link to one;
-- it is set only while the old one is still what the caller has checked.
-- $1 user id, $2 the token's generation, $3 its jti,
-- $4 display name or null, $5 the old password's hash (null where there is none) and $6 the new one's, or both null
WITH changed AS (
    UPDATE users
    SET display_name = coalesce($4::text, display_name),
        password_hash = coalesce($6::text, password_hash),
        token_generation = token_generation + CASE WHEN $6::text IS NULL THEN 0 ELSE 1 END,
        token_kept_jti = CASE WHEN $6::text IS NULL THEN token_kept_jti ELSE $3 END,
        updated_at = date_trunc('milliseconds', clock_timestamp())
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
      AND ($6::text IS NULL OR password_hash IS NOT DISTINCT FROM $5::text)
    RETURNING *
), link AS (
    DELETE FROM reset_links USING changed WHERE reset_links.user_id = changed.id AND $6::text IS NOT NULL
)
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation FROM changed
