-- auth-register, where the name is taken: the user who got it by a request with this key, so that the
-- same request again can be answered; or no row.
-- $1 username, $2 idempotency key
SELECT id, username, display_name, role, (extract(epoch FROM users.created_at) * 1000)::bigint, token_generation, password_hash
FROM users JOIN idempotency_keys ON board_id = 0 AND user_id = id AND key = $2::text AND fingerprint = 'register'
WHERE username_key = lower($1::text COLLATE "C") AND NOT disabled
  AND idempotency_keys.created_at > clock_timestamp() - interval '24 hours'
