-- comment: gives one's own comment another text.
-- $1 who (JSON), $2 board id, $3 task id, $4 comment id, $5 its text or null to keep it,
-- $6 the versions that If-Match names, or null
SELECT event::text, entity::text, replayed FROM comment_patch($1::text::jsonb, $2, $3, $4, $5, $6)
