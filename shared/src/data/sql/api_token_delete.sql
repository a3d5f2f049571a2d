-- api-tokens: an API token, of the user or (a board's id) of a board, is no longer valid. Gives whose it was.
-- $1 who (JSON), $2 board id or null, $3 the token's id
SELECT api_token_delete($1::text::jsonb, $2, $3)
