-- auth-register: who has a name, and whether they got it by a request with this key, so that the same
-- request again can be answered; or no row. Whoever has a second factor since then logs in.
-- $1 username, $2 idempotency key or null
SELECT id, username, display_name, role, (extract(epoch FROM users.created_at) * 1000)::bigint, token_generation, password_hash,
       key IS NOT NULL AND NOT disabled AND NOT EXISTS (SELECT FROM totp WHERE totp.user_id = id AND confirmed_at IS NOT NULL)
FROM users LEFT JOIN idempotency_keys ON board_id = 0 AND user_id = id AND key = $2::text AND fingerprint = 'register'
                                     AND idempotency_keys.created_at > clock_timestamp() - interval '24 hours'
WHERE username_key = lower($1::text COLLATE "C")
