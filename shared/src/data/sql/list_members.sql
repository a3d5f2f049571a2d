-- members: a page of the board's members in the order of their user ids, for one of them; no row for
-- anybody else. Gives the items (JSON) and, where there are more, the id that the next page begins after.
-- $1 user id, $2 board id, $3 the id to begin after (0 for the first page), $4 limit
WITH page AS (
    SELECT member_json(board_members, username) AS item, user_id, row_number() OVER (ORDER BY user_id) AS nth
    FROM board_members JOIN users ON users.id = user_id
    WHERE board_id = $2 AND user_id > $3
    ORDER BY user_id LIMIT $4::bigint + 1
)
SELECT coalesce((SELECT jsonb_agg(item ORDER BY nth) FROM page WHERE nth <= $4::bigint), '[]')::text AS items,
    (SELECT CASE WHEN count(*) > $4::bigint THEN max(user_id) FILTER (WHERE nth <= $4::bigint) END FROM page) AS next_cursor
FROM boards JOIN board_members ON board_id = id AND user_id = $1
WHERE id = $2 AND deleted_at IS NULL
