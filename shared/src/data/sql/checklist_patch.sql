-- checklists: changes or moves a checklist.
-- $1 who (JSON), $2 board id, $3 task id, $4 checklist id, $5 the merge patch (JSON),
-- $6 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM checklist_patch($1::text::jsonb, $2, $3, $4, $5::text::jsonb, $6)
