-- admin-users: a page of users by id, for an admin. Gives whether they are one, the items (JSON) and, where
-- there are more, the id that the next page begins after. No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 the id to begin after (0 for the first page), $5 limit;
-- filters, each null for none: $6 a piece of the username or display name, $7 role, $8 whether disabled
WITH reader AS MATERIALIZED (
    SELECT role = 'admin' AS admin FROM users
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT admin, items, next_cursor
FROM reader LEFT JOIN LATERAL (
    SELECT coalesce(jsonb_agg(item ORDER BY id) FILTER (WHERE nth <= $5::bigint), '[]')::text AS items,
        CASE WHEN count(*) > $5::bigint THEN max(id) FILTER (WHERE nth <= $5::bigint) END AS next_cursor
    FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS nth, admin_user_json(found) AS item
        FROM (
            SELECT * FROM users
            WHERE id > $4::bigint
              AND ($6::text IS NULL OR strpos(folded, search_fold($6::text)) > 0)
              AND ($7::text IS NULL OR role = $7::text)
              AND ($8::boolean IS NULL OR disabled = $8::boolean)
            ORDER BY id LIMIT $5::bigint + 1
        ) AS found
    ) AS numbered
    WHERE reader.admin
) AS page ON true
