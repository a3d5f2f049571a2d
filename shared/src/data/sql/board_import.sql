-- import: a new board with tasks and comments on it.
-- $1 who (JSON), $2 the document (JSON; migrations/sql/V8 tells its shape),
-- $3 idempotency key or null, $4 fingerprint of the request
SELECT event::text, entity::text, replayed FROM board_import($1::text::jsonb, $2::text::jsonb, $3, $4)
