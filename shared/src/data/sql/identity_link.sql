-- auth-oidc: lets the user of a token log in by a subject of a provider's; whether it is theirs now.
-- $1 who (JSON), $2 issuer, $3 subject
SELECT identity_link($1::text::jsonb, $2::text, $3::text)
