-- auth-second-factor: uses a recovery code up; no row where there is none such.
-- $1 user id, $2 the code's digest
DELETE FROM recovery_codes WHERE user_id = $1 AND digest = decode($2::text, 'hex') RETURNING true
