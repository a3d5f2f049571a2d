-- checklists: deletes a checklist, with its items.
-- $1 who (JSON), $2 board id, $3 task id, $4 checklist id, $5 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM checklist_delete($1::text::jsonb, $2, $3, $4, $5)
