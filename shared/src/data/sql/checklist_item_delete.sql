-- checklists: deletes an item.
-- $1 who (JSON), $2 board id, $3 task id, $4 item id, $5 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM checklist_item_delete($1::text::jsonb, $2, $3, $4, $5)
