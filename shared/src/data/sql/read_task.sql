-- task: a task (JSON) and its version, for a member; no row where there is none, or for anybody else.
-- $1 user id, $2 board id, $3 task id
SELECT task_json(tasks)::text AS task, tasks.version
FROM boards
JOIN board_members ON board_members.board_id = boards.id AND user_id = $1
JOIN tasks ON tasks.board_id = boards.id AND tasks.id = $3 AND NOT deleted
WHERE boards.id = $2 AND deleted_at IS NULL
