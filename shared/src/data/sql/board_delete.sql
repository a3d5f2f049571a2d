-- board: puts a board into the trash.
-- $1 who (JSON), $2 board id, $3 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM board_delete($1::text::jsonb, $2, $3)
