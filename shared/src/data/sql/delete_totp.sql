-- auth-second-factor: no code is asked for any more, and the recovery codes are gone.
-- $1 user id
DELETE FROM totp WHERE user_id = $1
