-- auth-me (email/resend): another such link and mail (JSON, as email_set).
-- $1 who (JSON), $2 language, $3 the digest of the link, $4 its sealed secret
SELECT email_resend($1::text::jsonb, $2::text, $3::text, $4::text)::text
