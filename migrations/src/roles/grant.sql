-- make-admin: makes a user an admin; gives the name as it is written, whether anything changed,
-- id and generation of tokens, or no row for an unknown name.
-- $1 username, however it is written
WITH found AS (
    SELECT id, username, role, token_generation FROM users WHERE username_key = lower($1::text COLLATE "C") FOR UPDATE
), changed AS (
    UPDATE users SET role = 'admin', updated_at = date_trunc('milliseconds', clock_timestamp())
    FROM found WHERE users.id = found.id AND found.role <> 'admin'
    RETURNING users.token_generation
)
SELECT found.username, changed IS NOT NULL, found.id,
       coalesce(changed.token_generation, found.token_generation)
FROM found LEFT JOIN changed ON true
