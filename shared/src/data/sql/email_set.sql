-- auth-me (email): the address that a user says is theirs (JSON), with a mail that has the link by which they show it.
-- $1 who (JSON), $2 the hash of the password that was checked (null where there is none), $3 address, $4 language,
-- $5 the digest of the link, $6 its sealed secret
SELECT email_set($1::text::jsonb, $2::text, $3::text, $4::text, $5::text, $6::text)::text
