-- invitations: takes one back.
-- $1 who (JSON), $2 board id or null, $3 the invitation's id
SELECT true FROM invitation_delete($1::text::jsonb, $2, $3)
