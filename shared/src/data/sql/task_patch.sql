-- task: changes or moves a task.
-- $1 who (JSON), $2 board id, $3 task id, $4 merge patch of what task_add takes (JSON),
-- $5 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM task_patch($1::text::jsonb, $2, $3, $4::text::jsonb, $5)
