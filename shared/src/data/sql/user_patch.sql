-- admin-users: an admin changes what a user may do. Gives whether they are an admin, the user as admins see
-- them, and the id of a user who was changed, whose sockets are to be looked at; no row if the token is
-- not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 who (JSON), $5 username, $6 the patch (JSON)
WITH reader AS MATERIALIZED (
    SELECT role = 'admin' AS admin FROM users
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), outcome AS MATERIALIZED (
    SELECT admin, CASE WHEN admin THEN user_patch($4::text::jsonb, $5::text, $6::text::jsonb) END AS patched FROM reader
)
SELECT admin, (patched).entity::text, (patched).changed_user FROM outcome
