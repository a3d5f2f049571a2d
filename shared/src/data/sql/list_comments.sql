-- comments: a page of a task's comments, oldest first, for a member of the board; no row where there
-- is no such task, or for anybody else. Gives the items (JSON) and, where there are more, the id that
-- the next page begins after.
-- $1 user id, $2 board id, $3 task id, $4 the id to begin after (0 for the first page), $5 limit
WITH page AS (
    SELECT comment_json(comments) AS item, id, row_number() OVER (ORDER BY id) AS nth
    FROM comments
    WHERE board_id = $2 AND task_id = $3 AND id > $4 AND NOT deleted
    ORDER BY id LIMIT $5::bigint + 1
)
SELECT coalesce((SELECT jsonb_agg(item ORDER BY nth) FROM page WHERE nth <= $5::bigint), '[]')::text AS items,
    (SELECT CASE WHEN count(*) > $5::bigint THEN max(id) FILTER (WHERE nth <= $5::bigint) END FROM page) AS next_cursor
FROM boards
JOIN board_members ON board_members.board_id = boards.id AND user_id = $1
JOIN tasks ON tasks.board_id = boards.id AND tasks.id = $3 AND NOT deleted
WHERE boards.id = $2 AND deleted_at IS NULL
