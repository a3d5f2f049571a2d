-- auth-register: a new user, or no row where somebody has the name already.
-- $1 username, $2 display name, $3 password hash, $4 idempotency key or null
WITH made AS (
    INSERT INTO users (username, display_name, password_hash)
    VALUES ($1, $2, $3)
    ON CONFLICT ON CONSTRAINT users_username_key DO NOTHING
    RETURNING id, username, display_name, role, created_at, token_generation
), kept AS (
    INSERT INTO idempotency_keys (board_id, user_id, key, fingerprint, entity)
    SELECT 0, id, $4::text, 'register', '{}' FROM made WHERE $4::text IS NOT NULL
)
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation FROM made
