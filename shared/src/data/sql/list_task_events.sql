-- task-events: a page of a task's history, oldest first, for a member of the board; also of a deleted
-- task. No row where there never was such a task, or for anybody else. Gives the items (JSON) and,
-- where there are more, the seq that the next page begins after.
-- $1 user id, $2 board id, $3 task id, $4 the seq to begin after (0 for the first page), $5 limit
WITH page AS (
    SELECT event, seq, row_number() OVER (ORDER BY seq) AS nth
    FROM events
    WHERE board_id = $2 AND task_id = $3 AND seq > $4
    ORDER BY seq LIMIT $5::bigint + 1
)
SELECT coalesce((SELECT jsonb_agg(event ORDER BY nth) FROM page WHERE nth <= $5::bigint), '[]')::text AS items,
    (SELECT CASE WHEN count(*) > $5::bigint THEN max(seq) FILTER (WHERE nth <= $5::bigint) END FROM page) AS next_cursor
FROM boards
JOIN board_members ON board_members.board_id = boards.id AND user_id = $1
JOIN tasks ON tasks.board_id = boards.id AND tasks.id = $3
WHERE boards.id = $2 AND deleted_at IS NULL
