-- checklists: makes a task of an item.
-- $1 who (JSON), $2 board id, $3 task id, $4 item id,
-- $5 idempotency key or null, $6 fingerprint of the request
SELECT event::text, entity::text, replayed FROM checklist_item_convert($1::text::jsonb, $2, $3, $4, $5, $6)
