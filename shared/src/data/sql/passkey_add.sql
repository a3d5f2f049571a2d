-- auth-passkey: another passkey (JSON) of the user of a token.
-- $1 who (JSON), $2 the challenge, $3 when that ends, in seconds since 1970, $4 what its authenticator calls it (base64),
-- $5 its public key (base64), $6 how often it was used, $7 whether it may be copied, $8 its name
SELECT passkey_add($1::text::jsonb, $2::text, to_timestamp($3::bigint), decode($4::text, 'base64'), decode($5::text, 'base64'),
    $6, $7, $8::text)::text
