-- board: changes a board's own fields.
-- $1 who (JSON), $2 board id, $3 {name?, description?, columns?, archived?} (JSON),
-- $4 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM board_patch($1::text::jsonb, $2, $3::text::jsonb, $4)
