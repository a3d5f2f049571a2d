-- task: a task (JSON) and its version, for a member; nulls where there is none, or for anybody else; no row
-- if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 task id
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT CASE WHEN tasks.id IS NOT NULL THEN task_json(tasks)::text END AS task, tasks.version
FROM reader LEFT JOIN tasks ON tasks.board_id = reader.board_id AND tasks.id = $5 AND NOT deleted
