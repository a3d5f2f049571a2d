-- checklists: ticks a line of a task's description, or unticks it.
-- $1 who (JSON), $2 board id, $3 task id, $4 the line, $5 which of those that are the same, $6 what its box is to be,
-- $7 idempotency key or null, $8 fingerprint of the request
SELECT event::text, entity::text, replayed FROM task_tick($1::text::jsonb, $2, $3, $4, $5, $6, $7, $8)
