-- auth-login (forgot-password): notes that somebody forgot the password of this name or address. Whether anybody has it
-- is looked up by the relay: there is nothing here that takes longer for one than for another.
-- $1 what was typed, $2 language, $3 the digest of a link, $4 its sealed secret
SELECT mail_add('reset', $2::text, NULL, $1::text, $3::text, $4::text, interval '1 hour')::text
