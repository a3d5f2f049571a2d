-- export: the board document that import takes (JSON), for a member; null for anybody else, no row where
-- the token is not valid. It is quick-win mode's document and what a board has beyond it.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 how many events at most,
-- $6 after how many bytes no more of them
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT (SELECT jsonb_build_object(
    'id', boards.id, 'name', name, 'description', boards.description, 'columns', columns,
    'archived', archived, 'created_at', rfc3339(boards.created_at), 'updated_at', rfc3339(boards.updated_at),
    'tasks', coalesce((
        SELECT jsonb_agg(task_json(tasks) - ARRAY['board_id', 'position', 'comment_count', 'item_count', 'done_count', 'version']
            || jsonb_build_object('comments', coalesce((
                SELECT jsonb_agg(comment_json(comments) - ARRAY['board_id', 'task_id', 'version'] ORDER BY comments.id)
                FROM comments WHERE comments.board_id = tasks.board_id AND task_id = tasks.id AND NOT comments.deleted), '[]'),
                'checklists', coalesce((
                SELECT jsonb_agg(jsonb_build_object('title', title, 'items', coalesce((
                    SELECT jsonb_agg(jsonb_build_object('text', text, 'done', done, 'assigned_to', checklist_items.assigned_to,
                        'due_at', rfc3339(checklist_items.due_at)) ORDER BY checklist_items.position)
                    FROM checklist_items
                    WHERE checklist_items.board_id = checklists.board_id AND checklist_id = checklists.id
                      AND NOT checklist_items.deleted), '[]')) ORDER BY checklists.position)
                FROM checklists
                WHERE checklists.board_id = tasks.board_id AND checklists.task_id = tasks.id AND NOT checklists.deleted), '[]'))
            ORDER BY status, position)
        FROM tasks WHERE tasks.board_id = boards.id AND NOT deleted), '[]'),
    'events', coalesce((
        SELECT jsonb_agg(event::jsonb ORDER BY seq) FROM events_newest(boards.id, $5, $6)), '[]'))::text
    FROM boards WHERE boards.id = reader.board_id) AS document
FROM reader
