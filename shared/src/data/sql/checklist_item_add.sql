-- checklists: a new item.
-- $1 who (JSON), $2 board id, $3 task id, $4 checklist id, $5 the request (JSON),
-- $6 idempotency key or null, $7 fingerprint of the request
SELECT event::text, entity::text, replayed FROM checklist_item_add($1::text::jsonb, $2, $3, $4, $5::text::jsonb, $6, $7)
