-- make-admin --revoke: makes an admin a user like others, and revokes all their tokens: each of
-- them says `admin` for up to 30 days. Gives the name as it is written, whether anything
-- changed, and the id, or no row for an unknown name.
-- $1 username, however it is written
WITH found AS (
    SELECT id, username, role FROM users WHERE username_key = lower($1::text COLLATE "C") FOR UPDATE
), changed AS (
    UPDATE users SET role = 'user', token_generation = users.token_generation + 1, token_kept_jti = NULL,
        updated_at = date_trunc('milliseconds', clock_timestamp())
    FROM found WHERE users.id = found.id AND found.role = 'admin'
    RETURNING users.id
)
SELECT found.username, changed IS NOT NULL, found.id
FROM found LEFT JOIN changed ON true
