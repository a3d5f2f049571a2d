-- checklists: a new checklist.
-- $1 who (JSON), $2 board id, $3 task id, $4 the request (JSON),
-- $5 idempotency key or null, $6 fingerprint of the request
SELECT event::text, entity::text, replayed FROM checklist_add($1::text::jsonb, $2, $3, $4::text::jsonb, $5, $6)
