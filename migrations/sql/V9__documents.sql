-- A whole board as one document, as it is and as it was.
--
-- They are functions because several statements need them, and because both must say the same of the
-- same seq (realtime.md, RT5).

-- A board with its tasks (by column, then position) and members (by id), without anybody's role.
CREATE FUNCTION board_document(board boards) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT board_json(board) || jsonb_build_object(
        'tasks', coalesce((
            SELECT jsonb_agg(task_json(tasks) ORDER BY nth, position)
            FROM jsonb_array_elements(board.columns) WITH ORDINALITY AS each_column (entry, nth)
            JOIN tasks ON board_id = board.id AND status = entry ->> 'key' AND NOT deleted), '[]'),
        'members', coalesce((
            SELECT jsonb_agg(member_json(board_members, username) ORDER BY user_id)
            FROM board_members JOIN users ON users.id = user_id WHERE board_id = board.id), '[]'))
$$;

-- The same as it stood right after event `at` (0: before the first), told by the log alone: each
-- thing is as its newest event up to there left it.
CREATE FUNCTION board_document_at(board boards, at bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    document jsonb;
BEGIN
    SELECT event -> 'board' INTO document FROM events
    WHERE board_id = board.id AND task_id IS NULL AND entity = 'board' AND seq <= at
    ORDER BY seq DESC LIMIT 1;
    document := coalesce(document, board.origin -> 'board') || jsonb_build_object(
        'seq', at,
        'epoch', (SELECT epoch FROM meta),
        'updated_at', rfc3339(coalesce((SELECT created_at FROM events WHERE board_id = board.id AND seq = at), board.created_at)));
    RETURN document || jsonb_build_object(
        'tasks', coalesce((
            SELECT jsonb_agg(task ORDER BY nth, task ->> 'position' COLLATE "C")
            FROM (
                SELECT DISTINCT ON (task_id) event -> 'task' AS task, entity = 'task' AND action = 'Delete' AS gone
                FROM events WHERE board_id = board.id AND task_id IS NOT NULL AND seq <= at
                ORDER BY task_id, seq DESC) AS newest
            JOIN jsonb_array_elements(document -> 'columns') WITH ORDINALITY AS each_column (entry, nth)
              ON task ->> 'status' = entry ->> 'key'
            WHERE NOT gone), '[]'),
        'members', coalesce((
            SELECT jsonb_agg(member ORDER BY id)
            FROM (
                SELECT DISTINCT ON (id) id, member, gone
                FROM (
                    SELECT (event #>> '{member,id}')::bigint AS id, event -> 'member' AS member, action = 'Delete' AS gone, seq
                    FROM events WHERE board_id = board.id AND task_id IS NULL AND entity = 'member' AND seq <= at
                    UNION ALL
                    SELECT (value ->> 'id')::bigint, value, false, 0 FROM jsonb_array_elements(board.origin -> 'members')
                ) AS known
                ORDER BY id, seq DESC) AS newest
            WHERE NOT gone), '[]'));
END $$;
