-- auth-second-factor: what a new passkey of a user's is made for, or an old one removed: what their passkeys know them by
-- (base64url), what they are called, the passkeys that they have (JSON, base64url), and the sealed secret of the codes
-- that a log-in asks for, or null. No row where the token does not count.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT base64url(uuid_send(passkey_handle)), display_name,
    coalesce((SELECT jsonb_agg(base64url(credential_id)) FROM passkeys WHERE passkeys.user_id = users.id), '[]')::text,
    (SELECT sealed_secret FROM totp WHERE totp.user_id = users.id AND confirmed_at IS NOT NULL)
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
