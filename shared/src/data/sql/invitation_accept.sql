-- invitations: lets whoever holds a link onto its board.
-- $1 who (JSON), $2 the digest of the link
SELECT event::text, entity::text, replayed FROM invitation_accept($1::text::jsonb, $2::text)
