-- auth-register: a new user, or no row where somebody has the name already.
-- $1 username, $2 display name, $3 password hash
INSERT INTO users (username, display_name, password_hash)
VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT users_username_key DO NOTHING
RETURNING id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation
