-- invitations: a page of those that are valid, newest first: the items (JSON) and the id that the next one begins below.
-- $1 who (JSON), $2 board id or null, $3 the id to begin below or null, $4 limit
SELECT items, next_cursor FROM invitation_list($1::text::jsonb, $2, $3, $4)
