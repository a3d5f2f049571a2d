-- export: the board document that import takes (JSON), for a member; no row for anybody else. It is
-- quick-win mode's document (with the newest events, as there) and what a board has beyond it.
-- $1 user id, $2 board id, $3 how many events at most
SELECT jsonb_build_object(
    'id', boards.id, 'name', name, 'description', boards.description, 'columns', columns,
    'created_at', rfc3339(boards.created_at), 'updated_at', rfc3339(boards.updated_at),
    'tasks', coalesce((
        SELECT jsonb_agg(task_json(tasks) - ARRAY['board_id', 'position', 'comment_count', 'version']
            || jsonb_build_object('comments', coalesce((
                SELECT jsonb_agg(comment_json(comments) - ARRAY['board_id', 'task_id', 'version'] ORDER BY comments.id)
                FROM comments WHERE comments.board_id = tasks.board_id AND task_id = tasks.id AND NOT comments.deleted), '[]'))
            ORDER BY status, position)
        FROM tasks WHERE tasks.board_id = boards.id AND NOT deleted), '[]'),
    'events', coalesce((
        SELECT jsonb_agg(event ORDER BY newest.seq)
        FROM (SELECT event, events.seq FROM events WHERE events.board_id = boards.id ORDER BY events.seq DESC LIMIT $3) AS newest), '[]'))::text AS document
FROM boards JOIN board_members ON board_members.board_id = boards.id AND user_id = $1
WHERE boards.id = $2 AND deleted_at IS NULL
