-- auth-second-factor: uses the code of a step up; no row where it, or a later one, was used already.
-- $1 user id, $2 the step, $3 the sealed secret that it was found with, $4 the same secret sealed anew, or null
UPDATE totp SET last_step = $2, sealed_secret = coalesce($4::text, sealed_secret)
WHERE user_id = $1 AND last_step < $2 AND sealed_secret = $3::text AND confirmed_at IS NOT NULL
RETURNING true
