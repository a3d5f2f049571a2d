-- tasks: a new task.
-- $1 who (JSON), $2 board id, $3 {title, description?, status?, assigned_to?, labels?, start_at?,
-- due_at?, fields?, before? | after?} (JSON), $4 idempotency key or null, $5 fingerprint of the request
SELECT event::text, entity::text, replayed FROM task_add($1::text::jsonb, $2, $3::text::jsonb, $4, $5)
