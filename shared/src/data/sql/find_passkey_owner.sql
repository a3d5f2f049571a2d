-- auth-second-factor: the user whose ways to log in change: their passkeys' name for them (base64url), their display
-- name, the credential ids of their passkeys (JSON, base64url), the sealed secret of the codes that a log-in asks for, or
-- null, and the ids of their identities and of their passkeys (JSON). No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT base64url(uuid_send(passkey_handle)), display_name,
    coalesce((SELECT jsonb_agg(base64url(credential_id)) FROM passkeys WHERE passkeys.user_id = users.id), '[]')::text,
    (SELECT sealed_secret FROM totp WHERE totp.user_id = users.id AND confirmed_at IS NOT NULL),
    coalesce((SELECT jsonb_agg(identities.id) FROM identities WHERE identities.user_id = users.id), '[]')::text,
    coalesce((SELECT jsonb_agg(passkeys.id) FROM passkeys WHERE passkeys.user_id = users.id), '[]')::text
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
