-- member: takes somebody off a board.
-- $1 who (JSON), $2 board id, $3 username
SELECT event::text, entity::text, replayed FROM member_delete($1::text::jsonb, $2, $3)
