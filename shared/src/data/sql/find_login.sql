-- auth-login: whoever may log in by a name, the hash of their password, and whether they have a second factor.
-- $1 username, however it is written
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation,
       password_hash, EXISTS (SELECT FROM totp WHERE user_id = id AND confirmed_at IS NOT NULL)
FROM users
WHERE username_key = lower($1::text COLLATE "C") AND NOT disabled
