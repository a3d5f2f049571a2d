-- member: gives somebody a role on a board.
-- $1 who (JSON), $2 board id, $3 username, $4 role
SELECT event::text, entity::text, replayed FROM member_put($1::text::jsonb, $2, $3, $4)
