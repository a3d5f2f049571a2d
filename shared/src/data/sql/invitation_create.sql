-- invitations: makes a link to a board, or (null) to an account, and gives it (JSON), without its secret.
-- $1 who (JSON), $2 board id or null, $3 the digest of the link, $4 the request (JSON)
SELECT invitation_create($1::text::jsonb, $2, $3::text, $4::text::jsonb)::text
