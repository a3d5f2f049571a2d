-- auth-me (email/verify): the link is used (JSON, as email_set).
-- $1 who (JSON), $2 the digest of the link
SELECT email_verify($1::text::jsonb, $2::text)::text
