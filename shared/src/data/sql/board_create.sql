-- boards: a new board.
-- $1 who (JSON: user_id, generation, jti), $2 {name, description?, columns?} (JSON),
-- $3 idempotency key or null, $4 fingerprint of the request
SELECT event::text, entity::text, replayed FROM board_create($1::text::jsonb, $2::text::jsonb, $3, $4)
