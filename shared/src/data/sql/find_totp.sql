-- auth-second-factor: what the user of a token that is still valid has of codes: the sealed secret, since when it is confirmed
-- (RFC 3339), and how many recovery codes are left.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT sealed_secret, rfc3339(confirmed_at), (SELECT count(*) FROM recovery_codes WHERE recovery_codes.user_id = id)
FROM users LEFT JOIN totp ON totp.user_id = id
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
