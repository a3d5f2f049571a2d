-- board?at=SEQ: a board as it stood right after that event, for a member; no row for anybody else.
-- Gives the document (JSON; null where the board has not come so far yet) and the board's seq.
-- $1 user id, $2 board id, $3 seq
SELECT CASE WHEN $3 <= seq THEN (board_document_at(boards, $3) || jsonb_build_object('role', role))::text END AS document, seq
FROM boards JOIN board_members ON board_id = id AND user_id = $1
WHERE id = $2 AND deleted_at IS NULL
