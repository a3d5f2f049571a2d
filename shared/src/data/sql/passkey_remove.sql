-- auth-second-factor: the end of a passkey.
-- $1 who (JSON), $2 the passkey's id, $3 the issuers of the providers that are there (JSON)
SELECT true FROM passkey_remove($1::text::jsonb, $2, $3::text::jsonb)
