-- board, to fill the cache: a board with its tasks and members, the same for all of its readers (who
-- are in `members`); no row where there is no such board. Gives the document (JSON) and its seq.
-- $1 board id
SELECT board_document(boards)::text AS document, seq FROM boards WHERE id = $1 AND deleted_at IS NULL
