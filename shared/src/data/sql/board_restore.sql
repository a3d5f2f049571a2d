-- board-restore: takes a board out of the trash.
-- $1 who (JSON), $2 board id, $3 idempotency key or null, $4 fingerprint of the request
SELECT event::text, entity::text, replayed FROM board_restore($1::text::jsonb, $2, $3, $4)
