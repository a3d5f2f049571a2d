-- auth-second-factor: another name for a passkey (JSON).
-- $1 who (JSON), $2 the passkey's id, $3 the name
SELECT passkey_rename($1::text::jsonb, $2, $3::text)::text
