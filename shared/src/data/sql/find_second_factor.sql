-- auth-second-factor (login): the user of a first step that is still valid, and the sealed secret of their codes. No row
-- where their tokens were all revoked since, or the step has led to a log-in.
-- $1 user id, $2 the generation of tokens, $3 the jti of the log-in to be
SELECT id, username, display_name, role, (extract(epoch FROM created_at) * 1000)::bigint, token_generation, sealed_secret
FROM users JOIN totp ON user_id = id AND confirmed_at IS NOT NULL
WHERE id = $1 AND NOT disabled AND token_generation = $2
  AND NOT EXISTS (SELECT FROM sessions WHERE sessions.user_id = $1 AND jti = $3)
