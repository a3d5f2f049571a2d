-- event-undo: takes an event back.
-- $1 who (JSON), $2 board id, $3 the event's seq,
-- $4 idempotency key or null, $5 fingerprint of the request
SELECT event::text, entity::text, replayed FROM event_undo($1::text::jsonb, $2, $3, $4, $5)
