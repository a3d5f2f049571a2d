-- board: a board with its tasks (by column, then position) and members, for one of them; no row for
-- anybody else. Gives the document (JSON), its version and its seq.
-- $1 user id, $2 board id
SELECT (board_document(boards) || jsonb_build_object('role', role))::text AS document, version, seq
FROM boards JOIN board_members ON board_id = id AND user_id = $1
WHERE id = $2 AND deleted_at IS NULL
