-- auth-second-factor: the end of a way to log in.
-- $1 who (JSON), $2 the identity's id, $3 the issuers of the providers that are there (JSON)
SELECT true FROM identity_unlink($1::text::jsonb, $2, $3::text::jsonb)
