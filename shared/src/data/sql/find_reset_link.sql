-- auth-login (reset-password): a row where a link to a new password is valid.
-- $1 the digest of the link
SELECT true
FROM reset_links JOIN users ON id = user_id AND NOT disabled
WHERE digest = decode($1::text, 'hex') AND expires_at > clock_timestamp()
