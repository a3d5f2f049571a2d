-- api-tokens: a page of the API tokens that are valid, of the user or (a board's id) of a board, newest first: the items
-- (JSON) and the id that the next one begins below.
-- $1 who (JSON), $2 board id or null, $3 the id to begin below or null, $4 limit
SELECT items, next_cursor FROM api_token_list($1::text::jsonb, $2, $3, $4)
