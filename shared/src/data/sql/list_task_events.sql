-- task-events: a page of a task's history, oldest first, for a member of the board; also of a deleted
-- task. Null where there never was such a task, or for anybody else; no row where the token does not count.
-- Gives the items (JSON) and, where there are more, the seq that the next page begins after.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 task id,
-- $6 the seq to begin after (0 for the first page), $7 limit
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), page AS (
    SELECT event, seq, row_number() OVER (ORDER BY seq) AS nth
    FROM events
    WHERE board_id = $4 AND task_id = $5 AND seq > $6
    ORDER BY seq LIMIT $7::bigint + 1
)
SELECT CASE WHEN tasks.id IS NOT NULL THEN
        coalesce((SELECT jsonb_agg(event ORDER BY nth) FROM page WHERE nth <= $7::bigint), '[]')::text END AS items,
    CASE WHEN tasks.id IS NOT NULL THEN
        (SELECT CASE WHEN count(*) > $7::bigint THEN max(seq) FILTER (WHERE nth <= $7::bigint) END FROM page) END AS next_cursor
FROM reader LEFT JOIN tasks ON tasks.board_id = reader.board_id AND tasks.id = $5
