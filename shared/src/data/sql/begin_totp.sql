-- auth-second-factor: a secret that is not confirmed yet, in place of the one before; no row where one is confirmed already.
-- $1 user id, $2 the sealed secret
INSERT INTO totp (user_id, sealed_secret) VALUES ($1, $2::text)
ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret WHERE totp.confirmed_at IS NULL
RETURNING true
