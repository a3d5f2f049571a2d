-- auth-me (email/remove): no address any more.
-- $1 who (JSON), $2 the hash of the password that was checked (null where there is none)
SELECT email_remove($1::text::jsonb, $2::text)::text
