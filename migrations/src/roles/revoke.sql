-- make-admin --revoke: makes an admin a user like others, and revokes all their tokens: each of
-- them says `admin` for up to 30 days. Gives the name as it is written and whether anything
-- changed, or no row for an unknown name.
-- $1 username, however it is written
WITH found AS (
    SELECT id, username, role FROM users WHERE username_key = lower($1::text COLLATE "C") FOR UPDATE
), changed AS (
    UPDATE users SET role = 'user', token_generation = token_generation + 1, token_kept_jti = NULL,
        updated_at = date_trunc('milliseconds', clock_timestamp())
    FROM found WHERE users.id = found.id AND found.role = 'admin'
    RETURNING users.id
)
SELECT username, EXISTS (SELECT FROM changed) FROM found
