-- admin-activity: a page of what happened on all boards and to users, for an admin. Gives whether they are one,
-- and then the items (JSON), the place to go on from for what happens next, and where there is more, that of
-- the next page; nulls where the place to begin after is of a lost future. No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 to $7 the four numbers of the place to begin after, or
-- nulls, $8 whether the newest comes first; filters, each null for none: $9 username, $10 board id, $11 action,
-- $12 entity, $13 from and $14 to (RFC 3339); $15 how many at most, $16 after how many bytes no more,
-- $17 how many are looked at
WITH reader AS MATERIALIZED (
    SELECT role = 'admin' AS admin FROM users
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT admin, items, place, next
FROM reader LEFT JOIN LATERAL (
    SELECT '[' || coalesce(string_agg(event, ',' ORDER BY nth), '') || ']' AS items,
        max(place) FILTER (WHERE event IS NULL) AS place, max(next) AS next
    FROM (
        SELECT * FROM activity_page($4::int, $5::text::xid8, $6::bigint, $7::bigint, $8::boolean,
            CASE WHEN $9::text IS NOT NULL THEN
                coalesce((SELECT id FROM users WHERE username_key = lower($9::text COLLATE "C")), 0) END,
            $10::bigint, $11::text, $12::text, $13::text::timestamptz, $14::text::timestamptz,
            $15::bigint, $16::bigint, $17::bigint) WITH ORDINALITY AS page (event, place, next, nth)
        WHERE reader.admin AND num_nonnulls($13, $14) = 0
        UNION ALL
        SELECT * FROM activity_of_time($4::int, $5::text::xid8, $6::bigint, $7::bigint, $8::boolean,
            CASE WHEN $9::text IS NOT NULL THEN
                coalesce((SELECT id FROM users WHERE username_key = lower($9::text COLLATE "C")), 0) END,
            $10::bigint, $11::text, $12::text, $13::text::timestamptz, $14::text::timestamptz,
            $15::bigint, $16::bigint, $17::bigint) WITH ORDINALITY AS page (event, place, next, nth)
        WHERE reader.admin AND num_nonnulls($13, $14) > 0
    ) AS page
) AS page ON true
