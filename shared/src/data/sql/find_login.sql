-- auth-login: whoever may log in by a name, and the hash of their password.
-- $1 username, however it is written
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation,
       password_hash
FROM users
WHERE username_key = lower($1::text COLLATE "C") AND NOT disabled
