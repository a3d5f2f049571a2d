-- comments: a page of a task's comments, oldest first, for a member of the board; null where there is no
-- such task, or for anybody else; no row if the token is not valid. Gives the items (JSON) and, where
-- there are more, the id that the next page begins after.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 task id,
-- $6 the id to begin after (0 for the first page), $7 limit
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), page AS (
    SELECT comment_json(comments) AS item, id, row_number() OVER (ORDER BY id) AS nth
    FROM comments
    WHERE board_id = $4 AND task_id = $5 AND id > $6 AND NOT deleted
    ORDER BY id LIMIT $7::bigint + 1
)
SELECT CASE WHEN tasks.id IS NOT NULL THEN
        coalesce((SELECT jsonb_agg(item ORDER BY nth) FROM page WHERE nth <= $7::bigint), '[]')::text END AS items,
    CASE WHEN tasks.id IS NOT NULL THEN
        (SELECT CASE WHEN count(*) > $7::bigint THEN max(id) FILTER (WHERE nth <= $7::bigint) END FROM page) END AS next_cursor
FROM reader LEFT JOIN tasks ON tasks.board_id = reader.board_id AND tasks.id = $5 AND NOT deleted
