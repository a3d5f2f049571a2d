-- auth-second-factor: confirms a secret, with these recovery codes; no row where it is another one by now, or
-- is confirmed already.
-- $1 user id, $2 the sealed secret, $3 the step of the code that was shown, $4 the digests of the codes (JSON)
WITH confirmed AS (
    UPDATE totp SET confirmed_at = date_trunc('milliseconds', clock_timestamp()), last_step = $3
    WHERE user_id = $1 AND sealed_secret = $2::text AND confirmed_at IS NULL
    RETURNING user_id
), codes AS (
    INSERT INTO recovery_codes (user_id, digest)
    SELECT user_id, decode(digest, 'hex') FROM confirmed, jsonb_array_elements_text($4::text::jsonb) AS digest
)
SELECT true FROM confirmed
