-- api-tokens: a new API token, of the user or (a board's id) of a board: as JSON, without the token itself.
-- $1 who (JSON), $2 board id or null, $3 the token's SHA-256 in hexadecimal digits, $4 {name, scope, boards?,
-- expires_in_days?} (JSON)
SELECT api_token_create($1::text::jsonb, $2, $3, $4::text::jsonb)::text
